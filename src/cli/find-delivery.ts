import { openJournalStore } from '../adapters/journal/journal-store.ts';
import { leaveRequest } from '../adapters/journal/requests.ts';
import { openJournal } from '../adapters/journal/sqlite-journal.ts';
import { UnknownNameError } from '../errors.ts';
import type { DeliveryStore, DeliverySummary } from '../journal/delivery-store.ts';
import { JournalHeldError } from '../journal/errors.ts';
import type { Journal, JournalRequest } from '../journal/journal.ts';
import { nearest } from '../nearest.ts';
import { shellQuoted } from '../repeat-command.ts';

/** How many deliveries a mistyped id is compared with. */
const CANDIDATES = 10_000;

/** The deliveries that an id of a delivery (`d12`) or of an event (`evt_…`) names. @throws {UnknownNameError} */
export async function findDeliveries(path: string, id: string): Promise<DeliverySummary[]> {
  const store = openJournalStore(path);
  try {
    const found = id.startsWith('evt_') ? undefined : await summaryOf(store, id);
    if (found !== undefined) return [found];
    const ofEvent: DeliverySummary[] = [];
    for await (const delivery of store.list({ eventId: id })) ofEvent.push(delivery);
    if (ofEvent.length > 0) return ofEvent;
    throw await unknownDelivery(store, { path, id });
  } finally {
    await store.close();
  }
}

async function summaryOf(store: DeliveryStore, id: string): Promise<DeliverySummary | undefined> {
  const wanted = /^\d+$/.test(id) ? `d${id}` : id;
  if (!/^d\d+$/.test(wanted)) return undefined;
  for await (const delivery of store.list()) if (delivery.id === wanted) return delivery;
  return undefined;
}

export async function unknownDelivery(
  store: DeliveryStore,
  { path, id }: { path: string; id: string },
): Promise<UnknownNameError> {
  const known = new Set<string>();
  for await (const delivery of store.list()) {
    known.add(delivery.id).add(delivery.eventId);
    if (known.size > CANDIDATES) break;
  }
  return new UnknownNameError('delivery', id, {
    nearest: nearest(id, known),
    hint: `All deliveries: hookcast deliveries --journal ${shellQuoted(path)}`,
  });
}

/**
 * Does something to a journal: at once, or, where a run holds it, by a request that the run carries out.
 * @returns true when it was done at once
 */
export async function actOn(
  path: string,
  request: JournalRequest,
  then?: (journal: Journal, deliveries: readonly number[]) => Promise<void>,
): Promise<boolean> {
  let journal: Journal;
  try {
    journal = openJournal(path, { mustExist: true });
  } catch (error) {
    if (!(error instanceof JournalHeldError)) throw error;
    leaveRequest(path, request);
    return false;
  }
  try {
    const { deliveries } = journal.carryOut(request);
    await journal.commit();
    await then?.(journal, deliveries);
    return true;
  } finally {
    journal.close();
  }
}

/** `d12` as the journal counts. */
export function numbersOf(deliveries: readonly DeliverySummary[]): number[] {
  return deliveries.map(({ id }) => Number(id.slice(1)));
}
