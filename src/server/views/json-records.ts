import { attemptRecord, type AttemptRecord, type DeliveryRecord } from '../../report/ndjson.ts';
import type { DeliveryState } from '../../delivery/schedule.ts';
import type { KeptAttempt, KeptDelivery } from '../deliveries/kept-delivery.ts';
import { attemptsMade } from './delivery-view.ts';

/** The records of `--json`, with what tells deliveries of one server apart. */
type Placed<Record> = Record & { readonly deliveryId: string; readonly webhook: string };

export function attemptRecordOf({
  delivery,
  attempt: kept,
}: {
  readonly delivery: KeptDelivery;
  readonly attempt: KeptAttempt;
}): Placed<AttemptRecord> {
  const { eventId, eventName, body } = delivery;
  const { url, headers, outcome = { kind: 'cancelled' }, timings = { totalMs: 0 }, ...place } = kept;
  const endpoint = { url, secrets: [] };
  const attempt = { ...place, simulatedElapsedMs: 0, request: { url, headers, body }, outcome, timings };
  return {
    ...attemptRecord({ eventId, eventName, endpoint }, attempt, kept.wait),
    ...{ deliveryId: delivery.id, webhook: delivery.webhookId },
  };
}

export function deliveryRecordOf(delivery: KeptDelivery): Placed<DeliveryRecord> {
  const { id, webhookId, eventId, eventName, url, state, copy } = delivery;
  return {
    ...{ type: 'delivery', eventId, eventName, url, state: state as DeliveryState },
    attempts: attemptsMade(delivery),
    ...(copy === undefined ? {} : { copy }),
    ...{ deliveryId: id, webhook: webhookId },
  };
}
