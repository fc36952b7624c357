import { UnknownNameError } from '../../errors.ts';
import type { DeliveryStore, DeliverySummary } from '../../journal/delivery-store.ts';
import { nearest } from '../../text/nearest.ts';
import type { OpenStore } from '../flags/store.ts';

type NamedStore = Pick<OpenStore, 'store' | 'named'>;

/** How many deliveries a mistyped id is compared with. */
const CANDIDATES = 10_000;

/** The deliveries that an id of a delivery (`d12`) or of an event (`evt_…`) names. @throws {UnknownNameError} */
export async function findDeliveries({ store, named }: NamedStore, id: string): Promise<DeliverySummary[]> {
  const found = id.startsWith('evt_') ? undefined : await summaryOf(store, id);
  if (found !== undefined) return [found];
  const ofEvent: DeliverySummary[] = [];
  for await (const delivery of store.list({ eventId: id })) ofEvent.push(delivery);
  if (ofEvent.length > 0) return ofEvent;
  throw await unknownDelivery({ store, named }, id);
}

/** Out of the list: a delivery whose body is damaged is in it, too. */
async function summaryOf(store: DeliveryStore, id: string): Promise<DeliverySummary | undefined> {
  // `12` for `d12`.
  const wanted = new Set([id, `d${id}`]);
  for await (const delivery of store.list()) if (wanted.has(delivery.id)) return delivery;
  return undefined;
}

export async function unknownDelivery({ store, named }: NamedStore, id: string): Promise<UnknownNameError> {
  const known = new Set<string>();
  for await (const delivery of store.list()) {
    known.add(delivery.id).add(delivery.eventId);
    if (known.size > CANDIDATES) break;
  }
  return new UnknownNameError('delivery', id, {
    nearest: nearest(id, known),
    hint: `All deliveries: hookcast deliveries ${named}`,
  });
}
