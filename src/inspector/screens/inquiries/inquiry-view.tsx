import { isReadOnly } from '../../api/client.ts';
import type { DeliveryList } from '../../api/records.ts';
import type { Inquiry } from '../../api/sandbox.ts';
import { CopyButton } from '../../parts/code.tsx';
import { StateGlyph } from '../../parts/state-badge.tsx';
import { useLoaded } from '../../parts/use-loaded.ts';
import { today } from '../../state/now.ts';
import { total } from '../../state/deliveries.ts';
import { addressOf } from '../../state/route.ts';
import { dateTime, shortTime } from '../../text/format.ts';
import { outcomeText } from '../../text/verdict.ts';
import { Actions } from './actions.tsx';
import { statusText, toneOf } from './status.ts';

export function InquiryView({ inquiry }: { inquiry: Inquiry }) {
  const { id, attributes } = inquiry;
  const { status, 'reference-id': reference, 'created-at': createdAt, note, creator } = attributes;
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
          <span class="mono">
            {id} <CopyButton text={id} what="the inquiry’s id" />
          </span>
          <time dateTime={createdAt}>{dateTime(createdAt)}</time>
          {creator !== null && <span>created by {creator}</span>}
          {note !== null && note !== '' && <span>note: {note}</span>}
        </p>
      </header>
      {!isReadOnly.value && <Actions inquiry={inquiry} />}
      <Events id={id} status={status} />
    </article>
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
            <time dateTime={delivery.createdAt}>{shortTime(delivery.createdAt, today.value)}</time>
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
