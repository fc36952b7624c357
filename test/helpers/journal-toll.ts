import { expect } from 'vitest';
import { openJournalStore } from '../../src/journal/sqlite/journal-store.ts';
import type { StoredDelivery } from '../../src/journal/delivery-store.ts';
import type { FickleReceiver, Seen } from './kills.ts';

export interface JournalToll {
  /** Event ids. */
  readonly known: ReadonlySet<string>;
  readonly lost: readonly string[];
  readonly twice: readonly string[];
}

/**
 * Every delivery of the journal against what arrived, and against what was printed. What is neither lost nor settled
 * twice is held to the rest of what the journal promises.
 */
export async function journalToll(
  path: string,
  { seen }: Pick<FickleReceiver, 'seen'>,
  printed: Iterable<string> = [],
): Promise<JournalToll> {
  const store = openJournalStore(path);
  const known = new Set<string>();
  const [lost, twice]: string[][] = [[], []];
  for await (const { id } of store.list()) {
    const delivery = (await store.find(id))!;
    const { eventId, state, attempts } = delivery;
    known.add(eventId);
    const accepted = attempts.filter(({ outcome }) => outcome?.kind === 'accepted').length;
    if (!['completed', 'failed'].includes(state)) lost!.push(id);
    else if (accepted > (state === 'completed' ? 1 : 0)) twice!.push(id);
    else checkDelivery(delivery, seen.get(eventId) ?? []);
  }
  expect(store.unreadable).toBe(0);
  await store.close();
  lost!.push(...[...seen.keys(), ...printed].filter((eventId) => !known.has(eventId)));
  return { known, lost: lost!, twice: twice! };
}

function checkDelivery({ id, state, attempts, body }: StoredDelivery, seen: readonly Seen[]): void {
  const known = attempts.filter(({ outcome }) => outcome !== undefined);
  const accepted = known.filter(({ outcome }) => outcome?.kind === 'accepted');
  const numbers = known.map(({ attempt }) => attempt);
  // Each number has one known outcome, in order, with none left out.
  expect(numbers, id).toEqual(numbers.map((_, index) => index + 1));
  expect(accepted, id).toHaveLength(state === 'completed' ? 1 : 0);
  if (state === 'completed') expect(known.at(-1), id).toBe(accepted[0]);
  else expect(numbers, id).toHaveLength(9);
  // What left was written down before.
  expect(attempts.length, id).toBeGreaterThanOrEqual(seen.length);
  for (const [index, one] of seen.entries()) {
    const next = seen[index + 1];
    expect(one.body, id).toBe(body.toString('utf8'));
    if (next !== undefined) expect([one.attempt, one.attempt + 1], id).toContain(next.attempt);
    // A confirmed acceptance is known, or was lost with the process and is made again under its number.
    if (one.isConfirmed && next !== undefined) expect(next.attempt, id).toBe(one.attempt);
    if (one.isConfirmed && next === undefined) expect(state, id).toBe('completed');
  }
}
