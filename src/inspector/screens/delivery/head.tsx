import type { Attempt, Delivery } from '../../api/records.ts';
import { Address } from '../../parts/address.tsx';
import { CopyButton } from '../../parts/code.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { addressOf, deliveryAddress, setParams } from '../../state/route.ts';
import { clockOf, titleOf, webhookOf } from '../../state/webhooks.ts';
import { adviceFor } from '../../text/advice.ts';
import { dateTime } from '../../text/format.ts';
import { verdictOf } from '../../text/verdict.ts';
import { Actions } from './actions.tsx';

export function Head({ delivery, attempt }: { delivery: Delivery; attempt: Attempt | undefined }) {
  const { eventName, state, signature } = delivery;
  const paused = clockOf(delivery.webhook)?.paused === true;
  return (
    <header class="head">
      <a class="back" href={deliveryAddress(undefined)}>
        ‹ Deliveries
      </a>
      <div class="title">
        <h2>{eventName === '' ? '(no event name)' : eventName}</h2>
        <StateBadge state={state} />
        {signature !== 'valid' && <span class="badge pending">signature: {signature}</span>}
      </div>
      <p class="verdict" role="status">
        {verdictOf(delivery, paused)}
      </p>
      {state !== 'cancelled' && <WhatNext delivery={delivery} />}
      <Facts delivery={delivery} />
      <Actions delivery={delivery} attempt={attempt} />
    </header>
  );
}

function WhatNext({ delivery }: { delivery: Delivery }) {
  const { text, tab, isWarning } = adviceFor(delivery) ?? {};
  if (text === undefined) return null;
  const show = () => setParams({ attempt: '', tab: tab?.toLowerCase() ?? '' });
  return (
    <p class={isWarning === true ? 'note warn' : 'advice'}>
      {text}{' '}
      {tab !== undefined && (
        <button type="button" class="link" onClick={show}>
          {tab}
        </button>
      )}
    </p>
  );
}

function Facts({ delivery }: { delivery: Delivery }) {
  const { id, eventId, url, webhook, createdAt, resendOf, run } = delivery;
  return (
    <p class="facts">
      <span>{id}</span>
      {eventId !== '' && (
        <span class="mono">
          {eventId} <CopyButton text={eventId} what="the event’s id" />
        </span>
      )}
      <WebhookFact id={webhook} url={url} />
      <time dateTime={createdAt}>{dateTime(createdAt)}</time>
      {run !== null && (
        <a
          href={addressOf({ screen: 'deliveries', id, params: { run } })}
          title="Show only the deliveries of this run"
        >
          run {run}
        </a>
      )}
      {resendOf !== null && (
        <span>
          resend of <a href={deliveryAddress(resendOf)}>{resendOf}</a>
        </span>
      )}
    </p>
  );
}

function WebhookFact({ id, url }: { id: string; url: string }) {
  const webhook = webhookOf(id);
  const address = (
    <span class="mono">
      <Address text={url} />
    </span>
  );
  if (webhook === undefined) return address;
  return (
    <>
      <a class="webhook" href={addressOf({ screen: 'webhooks', id, params: {} })} title={titleOf(webhook)}>
        {webhook.name ?? 'Webhook'}
      </a>
      {address}
    </>
  );
}
