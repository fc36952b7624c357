import type { Fixture } from '../fixture/load.ts';
import {
  CONTENT_TYPE,
  DEFAULT_USER_AGENT,
  FIRST_ATTEMPTED_AT_HEADER,
  SIGNATURE_HEADER,
} from '../persona/contract.ts';
import type { Exchange, Random } from '../ports.ts';
import { sign, type Secret } from '../signing/sign.ts';
import type { Check, AnsweredRequest, CheckContext, Deviation, Sample } from './check.ts';
import { attemptHeaders } from './kit/effects.ts';
import { LIMIT_MS } from './kit/expect.ts';
import {
  DEFAULT_PATIENCE,
  readWhenQuiet,
  newLearnt,
  type OracleReading,
  type Patience,
  type Learnt,
} from './oracle.ts';
import { LimitBudget, waitMsAfter } from './patience.ts';
import type { Subject } from './person.ts';
import { sampleOf, sampleSource } from './samples.ts';
import type { Turn } from './turns.ts';
import type { WireRecord, WireRequest, WireSender } from '../http/wire.ts';

/** What a run gives every check. */
export interface SuiteContext extends Pick<
  CheckContext,
  | ('url' | 'secret' | 'foreignSecret' | 'payload' | 'random' | 'clock')
  | ('oracle' | 'settings' | 'pauseScale' | 'inspectTls')
> {
  /** The webhook's other secrets, for the diagnosis: a receiver may still, or already, know one of them. */
  readonly otherSecrets?: readonly Secret[];
  /** Loads a fixture; the same one is loaded once per run. */
  readonly fixture: (eventName: string) => Promise<Fixture>;
  /** Chance for one check, so that it repeats alone as it ran among the others. */
  readonly randomFor?: ((checkId: string) => Random) | undefined;
  readonly wire: WireSender;
  readonly patience?: Patience | undefined;
  readonly hooks: Readonly<Record<string, () => Promise<void>>>;
  /** Makes the receiver know whom and what an event will be about, before the first event. */
  readonly create?: ((subject: Subject) => Promise<void>) | undefined;
  /** `user-{uuid}`, `{n}`. @default a UUID */
  readonly referenceTemplate?: string | undefined;
  readonly readLog: (() => Promise<string>) | undefined;
  /** Every request of the run that was answered, shared by all checks. */
  readonly answered: AnsweredRequest[];
  readonly limitBudget?: LimitBudget | undefined;
  /** Called before the run waits because the receiver limits requests. */
  readonly onWait?: ((waitMs: number, exchange: Exchange) => void) | undefined;
  /** What the run has learnt of the receiver so far, shared by all checks. */
  readonly learnt?: Learnt | undefined;
  /** Why only what proves itself can be judged: the genuine event is refused. Absent where it is accepted. */
  readonly unfounded?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What is particular to one check. */
interface CheckScope {
  readonly checkId?: Check['id'] | undefined;
  /** Absent for a check that keeps its turn while it waits. */
  readonly turn?: Turn | undefined;
}

/** The context of one check; `records` is filled with everything that goes over the wire. */
export function createContext(
  suite: SuiteContext,
  records: WireRecord[],
  scope: CheckScope = {},
): CheckContext {
  const { secret, clock, learnt = newLearnt() } = suite;
  const aside: Turn['aside'] = (wait) => scope.turn?.aside(wait) ?? wait();
  const nowSeconds = () => Math.floor(clock.now() / 1000);
  const context: CheckContext = {
    ...suite,
    nowSeconds,
    isFounded: suite.unfounded === undefined,
    sample: sampleSource(suite, scope.checkId),
    sampleOf,
    sign: (body, options = {}) =>
      sign(body, options.secrets ?? [secret], options.timestampSeconds ?? nowSeconds()),
    send: senderOf(suite, { records, checkId: scope.checkId }, () => context),
    pause: (ms) => aside(() => clock.sleep(ms / suite.pauseScale, suite.signal)),
    learnt,
    consult: (ids, isDone) => aside(() => readAll(suite, { ids, isDone, learnt })),
    hook: async (name) => {
      const run = suite.hooks[name];
      if (run === undefined) throw new Error(`a check ran the hook ${name}, which it did not ask for`);
      await run();
    },
    answered: () => suite.answered,
    show: (shown) => void records.unshift(...shown),
    log: async () => (await suite.readLog?.()) ?? '',
  };
  return context;
}

interface Question {
  readonly ids: readonly string[];
  readonly isDone: ((reading: OracleReading) => boolean) | undefined;
  readonly learnt: Learnt;
}

function readAll({ oracle, patience, clock }: SuiteContext, { ids, isDone, learnt }: Question) {
  if (oracle === undefined) throw new Error('a check consulted an oracle that it did not ask for');
  const digest = (reading: OracleReading) =>
    JSON.stringify(ids.map((id) => [reading.processed(id), reading.status(id)]));
  const pace = { clock, learnt, patience: patience ?? DEFAULT_PATIENCE };
  return readWhenQuiet(oracle, { digest, isDone }, pace);
}

/** Sends and records; a request that meets a rate limit is sent again when the receiver allows. */
function senderOf(
  suite: SuiteContext,
  { records, checkId }: { readonly records: WireRecord[]; readonly checkId: Check['id'] | undefined },
  context: () => CheckContext,
): CheckContext['send'] {
  const { clock, limitBudget: budget = new LimitBudget() } = suite;
  const startedMs = clock.now();
  return async (given, deviation = {}) => {
    for (let tried = 1; ; tried += 1) {
      const request = buildWireRequest(suite, context(), { given, deviation });
      const sentMs = clock.now() - startedMs;
      const exchange = await suite.wire.send(request, {
        timeoutMs: deviation.timeoutMs ?? LIMIT_MS,
        ...(suite.signal === undefined ? {} : { signal: suite.signal }),
      });
      const shown = withoutSecret(request, suite.secret);
      const record = { label: deviation.label ?? 'genuine', request: shown, exchange, startedMs: sentMs };
      records.push(record);
      if (exchange.kind === 'response') suite.answered.push({ checkId, record });
      if (deviation.isPatient === false) return exchange;
      // Pauses are scaled, and so is the time in which they overlap.
      const waitMs = waitMsAfter(exchange, tried, { budget, nowMs: clock.now() * suite.pauseScale });
      if (waitMs === undefined) return exchange;
      suite.onWait?.(waitMs, exchange);
      await clock.sleep(waitMs / suite.pauseScale, suite.signal);
    }
  };
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
    ...attemptHeaders(1),
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
