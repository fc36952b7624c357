import type { Delivery } from '../../api/records.ts';
import { Countdown } from '../../parts/countdown.tsx';
import { setParams } from '../../state/route.ts';
import { webhookOf } from '../../state/webhooks.ts';
import { dateTime, span } from '../../text/format.ts';
import { ClockHand } from './clock-hand.tsx';
import { logPosition, schedulePoints, ticksUpTo, type SchedulePoint } from './schedule-points.ts';

/** Attempts on a logarithmic axis: the first ones are seconds apart, the last ones days. */
export function Schedule({ delivery, current }: { delivery: Delivery; current: number | undefined }) {
  const points = schedulePoints(delivery, webhookOf(delivery.webhook));
  const longestMs = Math.max(...points.map(({ offsetMs }) => offsetMs), 1_000);
  const at = (offsetMs: number) => ({ left: `${logPosition(offsetMs, longestMs) * 100}%` });
  return (
    <section class="card schedule" aria-labelledby="schedule-title">
      <header>
        <h3 id="schedule-title">Schedule</h3>
        {delivery.next !== null && (
          <p>
            attempt {delivery.next.attempt} · <Countdown next={delivery.next} /> · due{' '}
            <time dateTime={delivery.next.simulatedAt}>{dateTime(delivery.next.simulatedAt)}</time>
          </p>
        )}
      </header>
      <div class="axis">
        <div class="line" />
        {ticksUpTo(longestMs).map(({ text, offsetMs }) => (
          <span key={text} class="tick" style={at(offsetMs)} aria-hidden="true">
            {text}
          </span>
        ))}
        {delivery.state === 'pending' && <ClockHand {...{ delivery, points, longestMs }} />}
        <ol>
          {points.map((point) => (
            <li key={point.attempt} style={at(point.offsetMs)}>
              <Point point={point} isCurrent={point.attempt === current} />
            </li>
          ))}
        </ol>
      </div>
    </section>
  );
}

const KINDS: Readonly<Record<SchedulePoint['kind'], string>> = {
  ok: 'succeeded',
  bad: 'failed',
  now: 'is under way',
  next: 'is next',
  coming: 'may follow',
  dropped: 'will not be made',
};

interface PointProps {
  readonly point: SchedulePoint;
  readonly isCurrent: boolean;
}

function Point({ point, isCurrent }: PointProps) {
  const { attempt, kind, offsetMs, startedAt, simulatedAt } = point;
  const times =
    startedAt === undefined || simulatedAt === undefined
      ? ''
      : `\nsimulated ${dateTime(simulatedAt)}\nreal ${dateTime(startedAt)}`;
  const title = `Attempt ${attempt} ${KINDS[kind]}, ${span(offsetMs)} after the first${times}`;
  if (startedAt === undefined) {
    return (
      <span class={`point ${kind}`} title={title}>
        <span class="hidden">{title}</span>
        <span aria-hidden="true">{attempt}</span>
      </span>
    );
  }
  return (
    <button
      type="button"
      class={`point ${kind}`}
      title={title}
      aria-label={title}
      aria-pressed={isCurrent}
      onClick={() => setParams({ attempt: String(attempt) })}
    >
      {attempt}
    </button>
  );
}
