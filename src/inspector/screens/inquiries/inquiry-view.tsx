import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { isReadOnly } from '../../api/client.ts';
import type { DeliveryList } from '../../api/records.ts';
import type { Inquiry } from '../../api/sandbox.ts';
import { StateGlyph } from '../../parts/state-badge.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { total } from '../../state/deliveries.ts';
import { decide, hostedPageOf, simulate } from '../../state/inquiries.ts';
import { attempt } from '../../state/notice.ts';
import { addressOf } from '../../state/route.ts';
import { clockTime, dateTime } from '../../text/format.ts';
import { outcomeText } from '../../text/verdict.ts';
import { statusText, toneOf } from './status.ts';

export function InquiryView({ inquiry }: { inquiry: Inquiry }) {
  const { id, attributes } = inquiry;
  const { status, 'reference-id': reference, 'created-at': createdAt, note } = attributes;
  return (
    <article class="delivery">
      <header class="head inquiry-head">
        <a class="back" href="#/inquiries">
          ‹ Inquiries
        </a>
        <div class="title">
          <h2>{reference ?? 'Inquiry'}</h2>
          <span class={`badge ${toneOf(status)}`} role="status">
            {statusText(status)}
          </span>
        </div>
        <p class="facts">
          <span class="mono">{id}</span>
          <time dateTime={createdAt}>{dateTime(createdAt)}</time>
          {note !== null && note !== '' && <span>note: {note}</span>}
        </p>
      </header>
      {!isReadOnly.value && <Actions id={id} />}
      <Events id={id} status={status} />
    </article>
  );
}

/** What a status allows, the sandbox decides: a seed file can change the rules. */
type Action = readonly [label: string, act: (id: string) => Promise<void>];

const DECISIONS: readonly Action[] = [
  ['Approve', (id) => decide(id, 'approve')],
  ['Decline', (id) => decide(id, 'decline')],
  ['Mark for review', (id) => decide(id, 'mark-for-review')],
  ['Expire', (id) => decide(id, 'expire')],
];

const AS_PERSON: readonly Action[] = [
  ['Start', (id) => simulate(id, 'start_inquiry')],
  ['Complete', (id) => simulate(id, 'complete_inquiry')],
  ['Fail', (id) => simulate(id, 'fail_inquiry')],
];

function Actions({ id }: { id: string }) {
  return (
    <div class="inquiry-actions">
      <ActionGroup label="Decide" id={id} actions={DECISIONS} />
      <ActionGroup label="Act as the person" id={id} actions={AS_PERSON}>
        <HostedPage id={id} />
      </ActionGroup>
    </div>
  );
}

function ActionGroup({
  label,
  id,
  actions,
  children,
}: {
  label: string;
  id: string;
  actions: readonly Action[];
  children?: ComponentChildren;
}) {
  return (
    <div role="group" aria-label={label}>
      <h3>{label}</h3>
      <div class="actions">
        {actions.map(([text, act]) => (
          <button key={text} type="button" onClick={() => void attempt(() => act(id))}>
            {text}
          </button>
        ))}
        {children}
      </div>
    </div>
  );
}

/** Made when it is asked for: a link can be opened once. */
function HostedPage({ id }: { id: string }) {
  const [link, setLink] = useState('');
  if (link !== '') {
    return (
      <a class="button" href={link} target="_blank" rel="noopener">
        Open the hosted page ↗
      </a>
    );
  }
  return (
    <button type="button" onClick={() => void attempt(async () => setLink(await hostedPageOf(id)))}>
      Link to the hosted page
    </button>
  );
}

/** What the inquiry has sent, the newest first. */
function Events({ id, status }: { id: string; status: string }) {
  const path = `/v1/deliveries?limit=200&q=${encodeURIComponent(id)}`;
  const { value, error } = useLoaded<DeliveryList>(path, `${status} ${total.value}`);
  return (
    <section class="card" aria-labelledby="inquiry-events">
      <h3 id="inquiry-events">Events and their deliveries</h3>
      {error !== undefined && <p class="note bad">{error}</p>}
      {value?.deliveries.length === 0 && (
        <p class="hint">None yet: a webhook gets what happens from when it is there.</p>
      )}
      <ul class="inquiry-events">
        {value?.deliveries.map((delivery) => (
          <li key={delivery.id}>
            <StateGlyph state={delivery.state} />
            <a href={addressOf({ screen: 'deliveries', id: delivery.id, params: {} })}>
              {delivery.eventName}
            </a>
            <time dateTime={delivery.createdAt}>{clockTime(delivery.createdAt)}</time>
            <span class="id">{delivery.id}</span>
            <span class={`outcome ${delivery.lastOutcome?.kind ?? ''}`}>
              {delivery.lastOutcome === null ? delivery.state : outcomeText(delivery.lastOutcome)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
