import type { LoadPlan, LoadProgress } from '../../load/plan.ts';
import { formatElapsed, formatSpan } from '../duration.ts';
import { grouped } from './facts.ts';

/** One line of `--json` while a load run goes on. Fields are only ever added. */
export interface LoadProgressRecord extends LoadProgress {
  readonly type: 'progress';
}

export function loadProgressRecord(progress: LoadProgress): LoadProgressRecord {
  return { type: 'progress', ...progress };
}

/** `12s  512/s  50 under way  120 waiting  6,020 ok  12 failed  p50 3 ms  p99 41 ms  eta 18s` */
export function loadProgressLine(
  now: LoadProgress,
  {
    before,
    plan,
  }: {
    before: LoadProgress;
    plan: Pick<LoadPlan, 'count' | 'durationMs' | 'outageMs'>;
  },
): string {
  const seconds = (now.elapsedMs - before.elapsedMs) / 1000;
  const rate = seconds > 0 ? (now.attempts - before.attempts) / seconds : 0;
  const parts = [
    formatSpan(now.elapsedMs),
    `${grouped(Math.round(rate))}/s`,
    `${grouped(now.inFlight)} under way`,
    ...(now.waiting > 0 ? [`${grouped(now.waiting)} waiting`] : []),
    `${grouped(now.accepted)} ok`,
    ...(now.failed > 0 ? [`${grouped(now.failed)} failed`] : []),
    ...(now.p99Ms > 0 ? [`p50 ${formatElapsed(now.p50Ms)}`, `p99 ${formatElapsed(now.p99Ms)}`] : []),
    ...etaOf(now, plan),
  ];
  return parts.join('  ');
}

/** Until the last event is sent; how long its retries take is unknown. */
function etaOf(
  { elapsedMs, begun }: LoadProgress,
  { count = Infinity, durationMs = Infinity, outageMs }: Pick<LoadPlan, 'count' | 'durationMs' | 'outageMs'>,
): string[] {
  if (outageMs !== undefined) return [];
  const byCountMs = begun > 0 ? (elapsedMs * (count - begun)) / begun : Infinity;
  const leftMs = Math.min(byCountMs, durationMs - elapsedMs);
  if (leftMs <= 0) return ['draining'];
  return Number.isFinite(leftMs) ? [`eta ${formatSpan(Math.max(1_000, leftMs))}`] : [];
}
