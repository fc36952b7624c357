import { scheduleOf } from '../delivery/schedule.ts';
import type { DeliveryPolicy } from '../persona/policies.ts';
import { isOwn } from './share.ts';
import type { Share } from './plan.ts';
import type { WaitingDelivery } from './engine/pending-retries.ts';

export interface Outage {
  /** How long it was, simulated. It ends at `endMs`, real milliseconds since 1970. */
  readonly lengthMs: number;
  readonly endMs: number;
  readonly ratePerSecond: number;
  readonly policy: DeliveryPolicy;
  readonly timeScale: number;
  readonly share?: Share | undefined;
}

/** How many events come in an outage of this length. */
export function eventsInOutage({
  lengthMs,
  ratePerSecond,
}: Pick<Outage, 'lengthMs' | 'ratePerSecond'>): number {
  return Math.ceil((lengthMs / 1000) * ratePerSecond);
}

/**
 * The deliveries that an outage leaves behind, in the order of their events: all attempts in it have failed, and
 * the next is due by the schedule. Undefined for one that has no attempt left.
 */
export function* deliveriesAfter(outage: Outage): Generator<WaitingDelivery | undefined> {
  const offsetsMs = scheduleOf(outage.policy).map(({ offsetSeconds }) => offsetSeconds * 1000);
  for (let eventNumber = 0; eventNumber < eventsInOutage(outage); eventNumber += 1) {
    if (!isOwn(eventNumber, outage.share)) continue;
    const agoMs = outage.lengthMs - (eventNumber * 1000) / outage.ratePerSecond;
    const failed = offsetsMs.findIndex((offsetMs) => offsetMs >= agoMs);
    const delayMs = (offsetsMs[failed] ?? 0) - agoMs;
    const waitMs = delayMs / outage.timeScale;
    const firstAtMs = outage.endMs - agoMs;
    yield failed < 0
      ? undefined
      : {
          eventNumber,
          attempt: failed + 1,
          happenedAtMs: Math.floor(firstAtMs),
          firstAtMs,
          skippedMs: Math.max(0, delayMs - waitMs),
          dueMs: outage.endMs + waitMs,
          journalId: 0,
        };
  }
}
