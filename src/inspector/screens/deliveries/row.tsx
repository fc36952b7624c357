import type { Summary } from '../../api/records.ts';
import { Countdown } from '../../parts/countdown.tsx';
import { AttemptDots, StateGlyph } from '../../parts/state-badge.tsx';
import { today } from '../../state/now.ts';
import { deliveryAddress, route } from '../../state/route.ts';
import { selectedId } from '../../state/selection.ts';
import { titleOf, webhookOf } from '../../state/webhooks.ts';
import { dateTime, shortTime } from '../../text/format.ts';
import { outcomeText } from '../../text/verdict.ts';

export function Row({ summary, hasWebhook }: { summary: Summary; hasWebhook: boolean }) {
  const { id, eventName, state, createdAt, lastOutcome, next, resendOf } = summary;
  return (
    <a
      id={`row-${id}`}
      href={deliveryAddress(id)}
      aria-current={route.value.id === id ? 'true' : undefined}
      onFocus={() => (selectedId.value = id)}
    >
      <StateGlyph state={state} />
      <span class="name" title={eventName}>
        {eventName === '' ? '(no event name)' : eventName}
        <span class="hidden">, {state}, </span>
      </span>
      <time dateTime={createdAt} title={dateTime(createdAt)}>
        {shortTime(createdAt, today.value)}
      </time>
      <span class="facts">
        <span class="id">
          {id}
          {resendOf !== null && ` ↻ ${resendOf}`}
        </span>
        {state !== 'skipped' && <AttemptDots summary={summary} />}
        {lastOutcome !== null && (
          <span class={`outcome ${lastOutcome.kind}`}>{outcomeText(lastOutcome)}</span>
        )}
      </span>
      <span class="when">
        {next !== null && <Countdown next={next} />}
        {state !== 'pending' && <span aria-hidden="true">{state}</span>}
      </span>
      {hasWebhook && <WebhookName summary={summary} />}
    </a>
  );
}

function WebhookName({ summary: { webhook, url } }: { summary: Summary }) {
  const title = titleOf(webhookOf(webhook) ?? { name: null, url });
  return (
    <span class="to" title={title}>
      <span class="hidden">, to </span>
      {title}
    </span>
  );
}
