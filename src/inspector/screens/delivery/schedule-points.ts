import type { Delivery, Webhook } from '../../api/records.ts';

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
  const { attempts, attemptsTotal, next } = delivery;
  const startMs = Date.parse(attempts[0]?.simulatedAt ?? delivery.createdAt);
  const made = attempts.map((one): SchedulePoint => ({
    attempt: one.attempt,
    offsetMs: Math.max(0, Date.parse(one.simulatedAt) - startMs),
    kind: one.outcome === null ? 'now' : one.outcome.kind === 'accepted' ? 'ok' : 'bad',
    startedAt: one.startedAt,
    simulatedAt: one.simulatedAt,
  }));
  const delays = webhook?.policy.delaysSeconds ?? [];
  const points = [...made];
  for (let attempt = made.length + 1; attempt <= attemptsTotal; attempt += 1) {
    const delayMs = (delays[attempt - 2] ?? 0) * 1000;
    const isNext = next?.attempt === attempt;
    const offsetMs = isNext
      ? Date.parse(next.simulatedAt) - startMs
      : (points.at(-1)?.offsetMs ?? 0) + (attempt === 1 ? 0 : delayMs);
    const kind = delivery.state !== 'pending' ? 'dropped' : isNext ? 'next' : 'coming';
    points.push({ attempt, offsetMs: Math.max(0, offsetMs), kind });
  }
  return points;
}

/** From 0 to 1: seconds and days on one line. */
export function logPosition(offsetMs: number, longestMs: number): number {
  if (longestMs <= 0) return 0;
  return Math.log1p(Math.max(0, offsetMs) / 1000) / Math.log1p(longestMs / 1000);
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
