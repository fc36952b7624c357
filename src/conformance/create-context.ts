import { buildEvent } from '../event/build.ts';
import type { IdMap } from '../event/rename-ids.ts';
import type { Fixture } from '../fixture/fixture.ts';
import { stringAt } from '../json/node.ts';
import { parseJson } from '../json/parse.ts';
import { composePayload, type PayloadConfiguration } from '../payload/compose.ts';
import {
  ATTEMPTS_LEFT_HEADER,
  ATTEMPTS_MADE_HEADER,
  CONTENT_TYPE,
  DEFAULT_USER_AGENT,
  FIRST_ATTEMPTED_AT_HEADER,
  SIGNATURE_HEADER,
} from '../persona/contract.ts';
import type { Clock, Exchange, Random } from '../ports.ts';
import type { Secret } from '../signing/secret.ts';
import { sign } from '../signing/sign.ts';
import type { CheckContext, CheckSettings, Deviation, Sample, SampleOptions } from './context.ts';
import { LIMIT_MS } from './kit/expect.ts';
import { DEFAULT_PATIENCE, readWhenQuiet, type Oracle, type Patience } from './oracle.ts';
import type { TlsReport } from '../http/tls-report.ts';
import type { WireRecord, WireRequest, WireSender } from '../http/wire.ts';

/** What a run gives every check. */
export interface SuiteContext {
  readonly url: URL;
  readonly secret: Secret;
  readonly foreignSecret: Secret;
  /** The webhook's other secrets, for the diagnosis: a receiver may still, or already, know one of them. */
  readonly otherSecrets?: readonly Secret[];
  readonly payload: PayloadConfiguration;
  /** Loads a fixture; the same one is loaded once per run. */
  readonly fixture: (eventName: string) => Promise<Fixture>;
  readonly random: Random;
  /** Chance for one check, so that it repeats alone as it ran among the others. */
  readonly randomFor?: ((checkId: string) => Random) | undefined;
  readonly clock: Clock;
  readonly wire: WireSender;
  readonly oracle: Oracle | undefined;
  readonly patience?: Patience | undefined;
  readonly hooks: Readonly<Record<string, () => Promise<void>>>;
  readonly readLog: (() => Promise<string>) | undefined;
  readonly settings: CheckSettings;
  /** Divides the pauses that checks make; 1 outside tests. */
  readonly pauseScale: number;
  /** Every answer of the run, shared by all checks. */
  readonly answers: Buffer[];
  readonly inspectTls?: (() => Promise<TlsReport>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The context of one check; `records` is filled with everything that goes over the wire. */
export function createContext(suiteContext: SuiteContext, records: WireRecord[]): CheckContext {
  const { secret, clock, oracle } = suiteContext;
  const startedMs = clock.now();
  const nowSeconds = () => Math.floor(clock.now() / 1000);
  const context: CheckContext = {
    ...suiteContext,
    nowSeconds,
    sample: (name, options) => buildSample(suiteContext, name, options),
    specimenOf,
    sign: (body, options = {}) =>
      sign(body, options.secrets ?? [secret], options.timestampSeconds ?? nowSeconds()),
    send: async (given, deviation = {}) => {
      const request = buildWireRequest(suiteContext, context, { given, deviation });
      const sentMs = clock.now() - startedMs;
      const exchange = await transmit(suiteContext, request, deviation);
      const shown = withoutSecret(request, secret);
      records.push({ label: deviation.label ?? 'genuine', request: shown, exchange, startedMs: sentMs });
      return exchange;
    },
    pause: (ms) => clock.sleep(ms / suiteContext.pauseScale, suiteContext.signal),
    consult: async (ids) => {
      if (oracle === undefined) throw new Error('a check consulted an oracle that it did not ask for');
      const digest = (reading: Awaited<ReturnType<Oracle['read']>>) =>
        JSON.stringify(ids.map((id) => [reading.processed(id), reading.status(id)]));
      return readWhenQuiet(oracle, digest, { clock, patience: suiteContext.patience ?? DEFAULT_PATIENCE });
    },
    hook: async (name) => {
      const run = suiteContext.hooks[name];
      if (run === undefined) throw new Error(`a check ran the hook ${name}, which it did not ask for`);
      await run();
    },
    answers: () => suiteContext.answers,
    log: async () => (await suiteContext.readLog?.()) ?? '',
  };
  return context;
}

/** Ids of its sample, so that a later event can be about the same objects. */
const idsOf = new WeakMap<Sample, IdMap>();

async function buildSample(
  suiteContext: SuiteContext,
  eventName = 'inquiry.approved',
  { about, at, ...options }: SampleOptions = {},
): Promise<Sample> {
  const ids: IdMap = new Map(about === undefined ? [] : idsOf.get(about));
  const { payload, random, clock } = suiteContext;
  const fixture = await suiteContext.fixture(eventName);
  const event = buildEvent(fixture, {
    ...options,
    random,
    ids,
    atMs: at?.getTime() ?? Math.floor(clock.now()),
  });
  const { body, document } = composePayload(event, payload);
  const objectId = stringAt(event.document, 'data', 'attributes', 'payload', 'data', 'id') ?? '';
  const sample = { event, eventId: event.id, objectId, document, body };
  idsOf.set(sample, ids);
  return sample;
}

/** Ids are read where the body is JSON and has them; a check may well send something else. */
function specimenOf(given: Buffer | string): Sample {
  const body = Buffer.from(given);
  const node = parsedOrUndefined(body);
  const eventId = stringAt(node, 'data', 'id') ?? '';
  const objectId = stringAt(node, 'data', 'attributes', 'payload', 'data', 'id') ?? '';
  const name = stringAt(node, 'data', 'attributes', 'name') ?? '';
  const document = node?.kind === 'object' ? node : { kind: 'object' as const, members: [] };
  const event = { id: eventId, name, createdAtMs: 0, document };
  return { event, eventId, objectId, document: node ?? document, body };
}

function parsedOrUndefined(body: Buffer) {
  try {
    return parseJson(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function buildWireRequest(
  { url, settings }: SuiteContext,
  context: CheckContext,
  { given, deviation }: { given: Buffer | Sample; deviation: Deviation },
): WireRequest {
  const body = Buffer.isBuffer(given) ? given : given.body;
  const timestampSeconds = deviation.timestampSeconds ?? context.nowSeconds();
  const signature =
    deviation.signature === undefined ? context.sign(body, { timestampSeconds }) : deviation.signature;
  const headers: Record<string, string | null> = {
    'Content-Type': CONTENT_TYPE,
    'Content-Length': String(body.length),
    'User-Agent': DEFAULT_USER_AGENT,
    [SIGNATURE_HEADER]: signature,
    [ATTEMPTS_MADE_HEADER]: '1',
    [ATTEMPTS_LEFT_HEADER]: '8',
    [FIRST_ATTEMPTED_AT_HEADER]: String(timestampSeconds),
    ...settings.customHeaders,
  };
  const request = {
    method: 'POST',
    url,
    headers: mergeHeaders(headers, deviation.headers),
    parts: [{ bytes: body }],
  };
  return deviation.wire?.(request) ?? request;
}

function mergeHeaders(
  headers: Readonly<Record<string, string | null>>,
  changes: Readonly<Record<string, string | null>> = {},
): [string, string][] {
  const changed = new Set(Object.keys(changes).map((name) => name.toLowerCase()));
  const kept = Object.entries(headers).filter(([name]) => !changed.has(name.toLowerCase()));
  return [...kept, ...Object.entries(changes)].flatMap(([name, value]) =>
    value === null ? [] : [[name, value]],
  );
}

/** Some checks send the secret in a header. It must not reach a report. */
function withoutSecret(request: WireRequest, secret: Secret): WireRequest {
  const text = secret.reveal();
  if (text === '') return request;
  const headers = request.headers.map(
    ([name, value]) => [name, value.replaceAll(text, String(secret))] as const,
  );
  return { ...request, headers };
}

async function transmit(
  { wire, signal, answers }: SuiteContext,
  request: WireRequest,
  { timeoutMs = LIMIT_MS }: Deviation,
): Promise<Exchange> {
  const exchange = await wire.send(request, { timeoutMs, ...(signal === undefined ? {} : { signal }) });
  if (exchange.kind === 'response') answers.push(exchange.response.body);
  return exchange;
}
