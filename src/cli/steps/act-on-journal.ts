import { leaveRequest } from '../../journal/sqlite/request-inbox.ts';
import { openJournal } from '../../journal/sqlite/open-journal.ts';
import type { DeliverySummary } from '../../journal/delivery-store.ts';
import { JournalHeldError } from '../../journal/errors.ts';
import type { Journal, JournalRequest } from '../../journal/journal.ts';
import type { CommandContext } from '../context.ts';
import { findDeliveries } from './find-delivery.ts';
import { openNamedStore } from '../flags/store.ts';

/** As `findDeliveries`, in a journal that is closed again. @throws {UnknownNameError | JournalError} */
export async function findInJournal(
  journal: string,
  id: string,
  context: CommandContext,
): Promise<DeliverySummary[]> {
  await using open = await openNamedStore({ journal }, context);
  return await findDeliveries(open, id);
}

export interface ActionSteps {
  /** What it throws leaves the journal as it was. */
  readonly before?: (journal: Journal) => Promise<void>;
  readonly after?: (journal: Journal, deliveries: readonly number[]) => Promise<void>;
}

/**
 * Does something to a journal: at once, or, where a run holds it, by a request that the run carries out.
 * @returns true when it was done at once
 */
export async function actOn(
  path: string,
  request: JournalRequest,
  steps: ActionSteps = {},
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
    await steps.before?.(journal);
    const { deliveries } = journal.carryOut(request);
    await journal.commit();
    await steps.after?.(journal, deliveries);
    return true;
  } finally {
    journal.close();
  }
}

/** `d12` as the journal counts. */
export function numbersOf(deliveries: readonly DeliverySummary[]): number[] {
  return deliveries.map(({ id }) => Number(id.slice(1)));
}
