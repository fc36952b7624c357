import type { Summary } from '../api/records.ts';
import { span } from '../text/format.ts';
import { nowMs } from '../state/now.ts';

/** When the next attempt is due, in real time; a paused clock has none. */
export function Countdown({ next }: { next: NonNullable<Summary['next']> }) {
  if (next.dueAt === null) return <span class="waits">clock paused</span>;
  const leftMs = Date.parse(next.dueAt) - nowMs.value;
  return <span class="waits">{leftMs > 500 ? `in ${span(leftMs)}` : 'due now'}</span>;
}
