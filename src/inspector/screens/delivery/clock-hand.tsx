import { useState } from 'preact/hooks';
import { isReadOnly } from '../../api/client.ts';
import type { Delivery } from '../../api/records.ts';
import { attempt } from '../../state/notice.ts';
import { advanceClock, clockNowMs } from '../../state/webhooks.ts';
import { dateTime, span } from '../../text/format.ts';
import { logOffset, logPosition, type SchedulePoint } from './schedule-points.ts';

interface Props {
  readonly delivery: Delivery;
  readonly points: readonly SchedulePoint[];
  readonly longestMs: number;
}

/** Where the clock is. It can be pulled ahead, or stepped with the arrow keys: what falls due on the way happens. */
export function ClockHand({ delivery, points, longestMs }: Props) {
  const [pulledMs, setPulled] = useState<number>();
  const now = clockNowMs(delivery.webhook);
  const [first] = delivery.attempts;
  if (now === undefined || first === undefined) return null;
  const startMs = Date.parse(first.simulatedAt);
  const nowMs = Math.max(0, now - startMs);
  if (nowMs > longestMs) return null;
  const shownMs = pulledMs ?? nowMs;
  const moveTo = (offsetMs: number) => {
    // A clock that is paused may stand before the first attempt, which never waits.
    const byMs = Math.ceil(startMs + offsetMs - now);
    if (byMs > 0) void attempt(() => advanceClock(delivery.webhook, `${byMs}ms`));
  };
  const style = { left: `${logPosition(shownMs, longestMs) * 100}%` };
  const text = `${span(shownMs)} after the first attempt, ${dateTime(startMs + shownMs)}`;
  if (isReadOnly.value)
    return <span class="clock-now" title={`The clock: ${text}`} style={style} aria-hidden="true" />;
  return (
    <span
      class={pulledMs === undefined ? 'clock-now' : 'clock-now pulled'}
      style={style}
      role="slider"
      tabIndex={0}
      aria-label="Clock"
      aria-valuemin={0}
      aria-valuemax={Math.round(longestMs / 1000)}
      aria-valuenow={Math.round(shownMs / 1000)}
      aria-valuetext={text}
      title={`The clock: ${text}. Pull it ahead, or press →`}
      onKeyDown={(event) => {
        const target = keyTarget(event.key, points, nowMs);
        if (target === undefined) return;
        event.preventDefault();
        moveTo(target);
      }}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        setPulled(Math.max(nowMs, offsetAt(event, points, longestMs)));
      }}
      onLostPointerCapture={() => {
        if (pulledMs !== undefined) moveTo(pulledMs);
        setPulled(undefined);
      }}
    >
      {pulledMs !== undefined && <span class="bubble">{span(pulledMs)}</span>}
    </span>
  );
}

/** The arrows go from attempt to attempt; a clock does not go back. */
function keyTarget(key: string, points: readonly SchedulePoint[], nowMs: number): number | undefined {
  const coming = points.filter(({ offsetMs }) => offsetMs > nowMs);
  if (key === 'ArrowRight' || key === 'ArrowUp') return coming[0]?.offsetMs;
  return key === 'End' ? coming.at(-1)?.offsetMs : undefined;
}

const SNAP_PX = 12;

/** The time under the pointer, or that of the attempt that is nearly there. */
function offsetAt(
  { currentTarget, clientX }: { readonly currentTarget: HTMLElement; readonly clientX: number },
  points: readonly SchedulePoint[],
  longestMs: number,
): number {
  const { left, width } = currentTarget.parentElement?.getBoundingClientRect() ?? { left: 0, width: 1 };
  const position = Math.min(1, Math.max(0, (clientX - left) / width));
  const isNear = ({ offsetMs }: SchedulePoint) =>
    Math.abs(logPosition(offsetMs, longestMs) - position) * width < SNAP_PX;
  return points.find(isNear)?.offsetMs ?? logOffset(position, longestMs);
}
