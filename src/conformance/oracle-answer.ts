import * as z from 'zod';
import { ContentError, HookcastError } from '../errors.ts';
import { parseJson } from '../json/parse.ts';
import { validate } from '../json/validate.ts';
import { OracleError, type OracleReading } from './oracle.ts';

/** What is known of one id. An event is counted, an object has a status; whatever is given counts. */
const entrySchema = z
  .strictObject({ processed: z.int().min(0).optional(), status: z.string().nullable().optional() })
  .refine(({ processed, status }) => processed !== undefined || status !== undefined, {
    error: '{"processed": <count>} for an event or {"status": "<status>"} for an object',
  });

const entriesSchema = z.record(z.string(), entrySchema);
const listSchema = z.array(z.string());
type Entries = z.infer<typeof entriesSchema>;

/** A reading that also knows whether it spoke of any object. */
export interface OracleAnswer extends OracleReading {
  readonly tellsState: boolean;
}

/**
 * Reads what an oracle says: `{"<event id>": {"processed": 1}, "<object id>": {"status": "approved"}}`, or the
 * ids of all processed events as a list, an id once for each time.
 * @param source - who said it, for the message
 * @throws {OracleError} naming the member, what was expected there and what was found
 */
export function parseOracleAnswer(text: string, source: string): OracleAnswer {
  try {
    const node = parseJson(text);
    if (node.kind === 'array') return readingOf(counted(validate(listSchema, node, source)));
    return readingOf(validate(entriesSchema, node, source));
  } catch (error) {
    if (!(error instanceof HookcastError)) throw error;
    const reason = error instanceof ContentError ? error.message : `${source}: not JSON: ${error.message}`;
    throw new OracleError(reason, { cause: error });
  }
}

function counted(ids: readonly string[]): Entries {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return Object.fromEntries([...counts].map(([id, processed]) => [id, { processed }]));
}

function readingOf(entries: Entries): OracleAnswer {
  // Ids are the receiver's to choose: one called `constructor` must not find what every object has.
  const known = new Map(Object.entries(entries));
  return {
    processed: (eventId) => known.get(eventId)?.processed ?? 0,
    status: (objectId) => known.get(objectId)?.status ?? undefined,
    tellsState: Object.values(entries).some(({ status }) => status !== undefined),
  };
}
