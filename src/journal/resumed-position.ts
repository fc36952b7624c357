import type { AttemptPosition } from '../delivery/request.ts';
import { attemptCount } from '../delivery/schedule.ts';
import type { DeliveryPolicy } from '../persona/policies.ts';
import type { PendingDelivery } from './journal.ts';

/** Where the next attempt stands: a wait counts for its delay, or for the real time that it took if that is more. */
export function positionOf(
  pending: PendingDelivery,
  policy: DeliveryPolicy,
  nowMs: number,
): { position: AttemptPosition; skippedMs: number; skippedBeforeMs: number } {
  const { attemptsMade, firstAttemptAtMs = nowMs, wait } = pending;
  const livedMs = wait === undefined ? 0 : Math.max(0, nowMs - wait.sinceMs);
  const unlivedMs = wait === undefined ? 0 : Math.max(0, wait.delayMs - livedMs);
  const isFirst = pending.firstAttemptAtMs === undefined;
  const skippedMs = pending.skippedMs + (isFirst ? 0 : unlivedMs);
  const skippedBeforeMs = pending.skippedBeforeMs + (isFirst ? unlivedMs : 0);
  const attempt = attemptsMade + 1;
  const position = {
    attempt,
    attemptsLeft: Math.max(0, attemptCount(policy) - attempt),
    nowMs,
    simulatedElapsedMs: Math.max(0, nowMs - firstAttemptAtMs) + skippedMs,
    simulatedAtMs: nowMs + skippedBeforeMs + skippedMs,
  };
  return { position, skippedMs, skippedBeforeMs };
}
