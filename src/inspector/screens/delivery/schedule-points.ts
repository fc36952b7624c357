import type { Attempt, Delivery, Webhook } from '../../api/records.ts';

export interface SchedulePoint {
  readonly attempt: number;
  /** Simulated milliseconds since the first attempt. */
  readonly offsetMs: number;
  readonly kind: 'ok' | 'bad' | 'now' | 'next' | 'coming' | 'dropped';
  readonly startedAt?: string;
  readonly simulatedAt?: string;
}

/** Attempts that were made at their times, and those that may follow at the times of the policy. */
export function schedulePoints(delivery: Delivery, webhook: Webhook | undefined): readonly SchedulePoint[] {
  const { attempts, attemptsTotal, createdAt } = delivery;
  const startMs = Date.parse(attempts[0]?.simulatedAt ?? createdAt);
  const points = attempts.map((attempt) => madePoint(attempt, startMs));
  const delays = webhook?.policy.delaysSeconds ?? [];
  for (let attempt = points.length + 1; attempt <= attemptsTotal; attempt += 1) {
    const delayMs = attempt === 1 ? 0 : (delays[attempt - 2] ?? 0) * 1000;
    const plannedMs = (points.at(-1)?.offsetMs ?? 0) + delayMs;
    points.push(comingPoint(delivery, { attempt, plannedMs, startMs }));
  }
  return points;
}

function madePoint({ attempt, simulatedAt, startedAt, outcome }: Attempt, startMs: number): SchedulePoint {
  const kind = outcome === null ? 'now' : outcome.kind === 'accepted' ? 'ok' : 'bad';
  const offsetMs = Math.max(0, Date.parse(simulatedAt) - startMs);
  return { attempt, offsetMs, kind, startedAt, simulatedAt };
}

function comingPoint(
  { state, next }: Delivery,
  { attempt, plannedMs, startMs }: { attempt: number; plannedMs: number; startMs: number },
): SchedulePoint {
  if (state !== 'pending') return { attempt, offsetMs: plannedMs, kind: 'dropped' };
  if (next?.attempt !== attempt) return { attempt, offsetMs: plannedMs, kind: 'coming' };
  return { attempt, offsetMs: Math.max(0, Date.parse(next.simulatedAt) - startMs), kind: 'next' };
}

/** From 0 to 1: seconds and days on one line. */
export function logPosition(offsetMs: number, longestMs: number): number {
  if (longestMs <= 0) return 0;
  return Math.log1p(Math.max(0, offsetMs) / 1000) / Math.log1p(longestMs / 1000);
}

/** The time at a place of the line. */
export function logOffset(position: number, longestMs: number): number {
  return Math.expm1(position * Math.log1p(longestMs / 1000)) * 1000;
}

const TICKS = [
  ['3 s', 3],
  ['1 m', 60],
  ['10 m', 600],
  ['1 h', 3_600],
  ['6 h', 21_600],
  ['1 d', 86_400],
  ['5 d', 432_000],
] as const;

export function ticksUpTo(longestMs: number): readonly { text: string; offsetMs: number }[] {
  return TICKS.map(([text, seconds]) => ({ text, offsetMs: seconds * 1000 })).filter(
    ({ offsetMs }) => offsetMs <= longestMs,
  );
}
