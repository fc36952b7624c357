import type { PendingDelivery } from '../journal.ts';
import { columns, numberOf } from './database.ts';
import { RECIPE_NUMBERS, recipeFrom, waitFrom } from './read-rows.ts';

const NUMBERS = [
  ...['id', 'webhook_id', 'attempts_made', 'first_attempt_at_ms', 'skipped_before_ms', 'skipped_ms'],
  ...['wait_began_at_ms', 'wait_simulated_ms', ...RECIPE_NUMBERS],
];

/**
 * Of a delivery of a load run, for rows that are arrays. Texts are in hex, which any bytes have: a blob costs the
 * drivers more than all numbers of a row.
 */
export const PENDING_LOAD_COLUMNS = `${columns(NUMBERS, [])}, hex(event_id), hex(event_name)`;

/** @param names - those of events that were decoded already, by their hex; written to */
export function pendingLoadOfRow(row: readonly unknown[], names: Map<string, string>): PendingDelivery {
  const at = (index: number) => numberOf(row[index]);
  return {
    id: at(0) ?? 0,
    eventId: textOfHex(row[11]),
    eventName: nameOf(row[12], names),
    webhook: at(1) ?? 0,
    attemptsMade: at(2) ?? 0,
    firstAttemptAtMs: at(3),
    skippedBeforeMs: at(4) ?? 0,
    skippedMs: at(5) ?? 0,
    wait: waitFrom(at(7), at(6)),
    body: null,
    recipe: recipeFrom(at(8), at(9), at(10)),
  };
}

/** There are few, so that most have been decoded. */
function nameOf(hex: unknown, names: Map<string, string>): string {
  const name = names.get(hex as string) ?? textOfHex(hex);
  names.set(hex as string, name);
  return name;
}

function textOfHex(hex: unknown): string {
  return Buffer.from(hex as string, 'hex').toString();
}
