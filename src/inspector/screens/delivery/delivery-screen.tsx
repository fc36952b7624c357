import { useEffect } from 'preact/hooks';
import { pathOf } from '../../api/client.ts';
import type { Attempt, Delivery } from '../../api/records.ts';
import { Address } from '../../parts/address.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { StateBadge } from '../../parts/state-badge.tsx';
import { summaryOf } from '../../state/deliveries.ts';
import { deliveryAddress, route } from '../../state/route.ts';
import { chosenClock, clockOf } from '../../state/webhooks.ts';
import { capitalised, dateTime } from '../../text/format.ts';
import { sentence, verdictOf } from '../../text/verdict.ts';
import { Actions } from './actions.tsx';
import { AttemptView } from './attempt-view.tsx';
import { Schedule } from './schedule.tsx';

export function DeliveryScreen({ id }: { id: string }) {
  // The clock bar shows the clock of this delivery, until another is chosen.
  useEffect(() => {
    chosenClock.value = undefined;
  }, []);
  const { value, error } = useLoaded<Delivery>(pathOf`/v1/deliveries/${id}`, summaryOf(id));
  if (error !== undefined) return <Missing id={id} error={error} />;
  if (value === undefined) return <p class="empty">Loading…</p>;
  return <DeliveryView delivery={value} />;
}

function Missing({ id, error }: { id: string; error: string }) {
  return (
    <div class="empty">
      <h2>There is nothing to show for “{id}”</h2>
      <p>{sentence(capitalised(error))}</p>
      <p>
        <a href={deliveryAddress(undefined)}>All deliveries</a>
      </p>
    </div>
  );
}

function DeliveryView({ delivery }: { delivery: Delivery }) {
  const attempt = attemptOf(delivery, route.value.params['attempt']);
  return (
    <article class="delivery">
      <Head delivery={delivery} attempt={attempt} />
      {delivery.state !== 'skipped' && <Schedule delivery={delivery} current={attempt?.attempt} />}
      {attempt === undefined ? (
        <p class="empty">There is no attempt to look at{delivery.state === 'pending' ? ' yet' : ''}.</p>
      ) : (
        <AttemptView delivery={delivery} attempt={attempt} />
      )}
    </article>
  );
}

/** The one in the address, else the last. */
function attemptOf({ attempts }: Delivery, wanted: string | undefined): Attempt | undefined {
  return attempts.find(({ attempt }) => String(attempt) === wanted) ?? attempts.at(-1);
}

function Head({ delivery, attempt }: { delivery: Delivery; attempt: Attempt | undefined }) {
  const { id, eventId, eventName, state, url, createdAt, resendOf, run, signature } = delivery;
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
      <p class="facts">
        <span>{id}</span>
        {eventId !== '' && <span class="mono">{eventId}</span>}
        <span class="mono">
          <Address text={url} />
        </span>
        <time dateTime={createdAt}>{dateTime(createdAt)}</time>
        {run !== null && <span>run {run}</span>}
        {resendOf !== null && (
          <span>
            resend of <a href={deliveryAddress(resendOf)}>{resendOf}</a>
          </span>
        )}
      </p>
      <Actions delivery={delivery} attempt={attempt} />
    </header>
  );
}
