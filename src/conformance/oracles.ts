import * as z from 'zod';
import { exec } from 'node:child_process';
import { HookcastError, UsageError, ContentError } from '../errors.ts';
import { boundedGet, GetFailedError } from '../http/bounded-get.ts';
import type { SenderOptions } from '../http/connection-rules.ts';
import { OracleError, type Oracle, type OracleReading } from './oracle.ts';
import { maskUrl } from '../text/mask.ts';
import { parseJson } from '../json/text.ts';
import { validate } from '../json/validate.ts';

const LIMIT_MS = 10_000;
const MAX_BYTES = 16 * 1024 * 1024;

export interface OracleOptions {
  /**
   * Does the oracle also tell the status of objects?
   * @default known from its answers: yes as soon as one of them had a `status`
   */
  readonly tellsState?: boolean | undefined;
  /** How long one reading may take, milliseconds. @default 10,000 */
  readonly timeoutMs?: number | undefined;
}

/**
 * Asks a URL with GET, by the rules of every connection: no address outside private networks without `allowRemote`, no
 * redirects, at most 16 MiB. The answer: see `parseOracleAnswer`.
 * @throws {UsageError} for a URL with a user name or password in it
 */
export function httpOracle(url: URL, options: OracleOptions & SenderOptions = {}): Oracle {
  if (url.username !== '' || url.password !== '')
    throw new UsageError('the URL of the oracle has a user name or password in it, which is not sent');
  const source = `the oracle ${maskUrl(url.href)}`;
  return answering(source, options, async (timeoutMs) => {
    const { status, location, body } = await boundedGet(url, options, { timeoutMs, maxBytes: MAX_BYTES });
    if (status === 200) return body.toString('utf8');
    const target =
      location === undefined ? '' : `, a redirect${targetOf(location, url)}, which is not followed`;
    throw new OracleError(`${source}: expected status 200, found ${status}${target}`);
  });
}

/** Without credentials, and percent-encoded where it is not ASCII. */
function targetOf(location: string, base: URL): string {
  if (!URL.canParse(location, base.href)) return '';
  const { origin, pathname } = new URL(location, base);
  return ` to ${origin}${pathname}`;
}

/** Runs a command in the shell and reads what it prints. The answer: see `parseOracleAnswer`. */
export function commandOracle(command: string, options: OracleOptions = {}): Oracle {
  const source = `the oracle '${command}'`;
  return answering(
    source,
    options,
    (timeoutMs) =>
      new Promise((resolve, reject) => {
        const settings = { timeout: timeoutMs, maxBuffer: MAX_BYTES, killSignal: 'SIGKILL' as const };
        exec(command, settings, (error, stdout, stderr) => {
          if (error === null) resolve(stdout);
          else reject(new OracleError(`${source}: ${failureOf(error, stderr, timeoutMs)}`, { cause: error }));
        });
      }),
  );
}

function failureOf(
  error: { killed?: boolean; code?: number | string | null },
  stderr: string,
  timeoutMs: number,
): string {
  if (error.killed === true) return `no answer within ${timeoutMs} ms`;
  const lastLine = stderr.trim().split('\n').at(-1) ?? '';
  return `expected exit code 0, found ${String(error.code)}${lastLine === '' ? '' : ` (${lastLine})`}`;
}

function answering(
  source: string,
  { tellsState, timeoutMs = LIMIT_MS }: OracleOptions,
  ask: (timeoutMs: number) => Promise<string>,
): Oracle {
  let hasToldState = false;
  return {
    get tellsState() {
      return tellsState ?? hasToldState;
    },
    async read() {
      const answer = parseOracleAnswer(await asked(source, ask, timeoutMs), source);
      hasToldState ||= answer.tellsState;
      return answer;
    },
  };
}

async function asked(
  source: string,
  ask: (timeoutMs: number) => Promise<string>,
  timeoutMs: number,
): Promise<string> {
  try {
    return await ask(timeoutMs);
  } catch (error) {
    if (error instanceof HookcastError) throw error;
    if (error instanceof GetFailedError)
      throw new OracleError(`${source}: ${inWords(error)}`, { cause: error });
    throw error;
  }
}

function inWords({ message }: GetFailedError): string {
  return /^(?:no answer|its) /.test(message) ? message : `cannot be asked: ${message}`;
}

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
interface OracleAnswer extends OracleReading {
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
