import { isReadOnly } from '../api/client.ts';
import type { Clock, Webhook } from '../api/records.ts';
import { Select } from '../parts/fields.tsx';
import { WebhookSelect } from '../parts/webhook-select.tsx';
import { attempt, tell } from '../state/notice.ts';
import {
  advanceClock,
  advanceToEnd,
  changeClock,
  chosenClock,
  clockNowMs,
  clockOf,
  clockWebhook,
  isMoving,
  nextOnClock,
  webhooks,
} from '../state/webhooks.ts';
import { dateTime, span } from '../text/format.ts';

const STEPS = [
  ['+1 m', '1m', 'minute'],
  ['+1 h', '1h', 'hour'],
  ['+1 d', '1d', 'day'],
] as const;

const SCALES = [
  ['1', '× 1'],
  ['10', '× 10'],
  ['60', '1 m in 1 s'],
  ['3600', '1 h in 1 s'],
  ['instant', 'No waits'],
] as const;

/** The clock that the waits of a webhook are slept on. */
export function ClockBar() {
  const webhook = clockWebhook.value;
  const clock = webhook && clockOf(webhook.id);
  if (webhook === undefined || clock === undefined) return null;
  return (
    <div class={clock.paused ? 'clock paused' : 'clock'} role="region" aria-label="Clock">
      <SimulatedTime webhook={webhook} clock={clock} />
      {!isReadOnly.value && <Controls id={webhook.id} clock={clock} />}
    </div>
  );
}

function SimulatedTime({ webhook, clock }: { webhook: Webhook; clock: Clock }) {
  const now = clockNowMs(webhook.id) ?? 0;
  return (
    <div class="time">
      {webhooks.value.length > 1 && (
        <WebhookSelect label="Whose clock" value={webhook.id} onPick={(id) => (chosenClock.value = id)} />
      )}
      <time dateTime={new Date(now).toISOString()} title="Simulated time">
        {dateTime(now)}
      </time>
      <span class="state">
        {clock.paused ? 'paused' : 'running'}
        {clock.movedMs > 0 && `, ${span(clock.movedMs)} ahead`}
        {clock.nextInMs !== null && <NextIn id={webhook.id} clock={clock} />}
        {isReadOnly.value && <span class="short"> · read-only</span>}
      </span>
    </div>
  );
}

function NextIn({ id, clock }: { id: string; clock: Clock }) {
  const passedMs = (clockNowMs(id) ?? 0) - Date.parse(clock.now);
  const leftMs = (clock.nextInMs ?? 0) - passedMs;
  return <> · {leftMs < 500 ? 'next due now' : `next in ${span(leftMs)}`}</>;
}

function Controls({ id, clock }: { id: string; clock: Clock }) {
  const scale = String(clock.scale);
  const scales = SCALES.some(([value]) => value === scale)
    ? SCALES
    : [...SCALES, [scale, `× ${scale}`] as const];
  return (
    <div class="controls" role="group" aria-label="Move the clock">
      <button
        type="button"
        aria-pressed={clock.paused}
        title={`${clock.paused ? 'Let the clock run on' : 'Stop the clock: retries wait'} (space)`}
        onClick={() => void attempt(() => changeClock(id, { paused: !clock.paused }))}
      >
        <span aria-hidden="true">{clock.paused ? '▶' : '❚❚'}</span>
        <span class="long">{clock.paused ? 'Resume' : 'Pause'}</span>
      </button>
      <Moves id={id} />
      <Select
        label="Speed of the clock"
        value={scale}
        options={scales}
        onPick={(value) =>
          void attempt(() => changeClock(id, { scale: value === 'instant' ? value : Number(value) }))
        }
      />
    </div>
  );
}

function Moves({ id }: { id: string }) {
  const next = async () => {
    if (!(await nextOnClock(id))) tell('Nothing waits on this clock');
  };
  // Not disabled: that would take the focus away from whoever presses again and again.
  const move = (work: () => Promise<void>) => ({
    type: 'button' as const,
    'aria-disabled': isMoving.value,
    onClick: () => {
      if (!isMoving.value) void attempt(work);
    },
  });
  return (
    <>
      <button {...move(next)} title="To the next attempt or event on this clock">
        Next
      </button>
      {STEPS.map(([text, by, unit]) => (
        <button
          key={by}
          {...move(() => advanceClock(id, by))}
          title={`One ${unit} ahead: all that falls due on the way happens`}
        >
          {text}
        </button>
      ))}
      <button {...move(() => advanceToEnd(id))} title="Until nothing waits on this clock any more">
        <span class="long">To the </span>end
      </button>
    </>
  );
}
