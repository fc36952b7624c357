import { scheduleOf } from '../delivery/schedule.ts';
import type { DeliveryPolicy } from '../persona/policies.ts';
import { isOwn } from './share.ts';
import type { LoadPlan } from './plan.ts';
import type { WaitingDelivery } from './engine/pending-retries.ts';

export interface Outage {
  /** How long it was, simulated. */
  readonly lengthMs: number;
  readonly ratePerSecond: number;
}

/** How many events come in an outage of this length. */
export function eventsInOutage({ lengthMs, ratePerSecond }: Outage): number {
  return Math.ceil((lengthMs / 1000) * ratePerSecond);
}

/**
 * The deliveries that the outage of a plan leaves behind, in the order of their events: all attempts in it have failed,
 * and the next is due by the schedule. Undefined for one that has no attempt left.
 * @param endMs - when the outage ends, real milliseconds since 1970
 */
export function* deliveriesAfter(
  { outageMs: lengthMs = 0, ratePerSecond = 1, timeScale, share }: LoadPlan,
  policy: DeliveryPolicy,
  endMs: number,
): Generator<WaitingDelivery | undefined> {
  const offsetsMs = scheduleOf(policy).map(({ offsetSeconds }) => offsetSeconds * 1000);
  const events = eventsInOutage({ lengthMs, ratePerSecond });
  for (let eventNumber = 0; eventNumber < events; eventNumber += 1) {
    if (!isOwn(eventNumber, share)) continue;
    const agoMs = lengthMs - (eventNumber * 1000) / ratePerSecond;
    const failed = offsetsMs.findIndex((offsetMs) => offsetMs >= agoMs);
    const delayMs = (offsetsMs[failed] ?? 0) - agoMs;
    const waitMs = delayMs / timeScale;
    const firstAtMs = endMs - agoMs;
    yield failed < 0
      ? undefined
      : {
          eventNumber,
          attempt: failed + 1,
          happenedAtMs: Math.floor(firstAtMs),
          firstAtMs,
          skippedMs: Math.max(0, delayMs - waitMs),
          dueMs: endMs + waitMs,
          journalId: 0,
        };
  }
}
