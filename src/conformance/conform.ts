import { createHash } from 'node:crypto';
import { bundledFixtures } from '../fixture/files.ts';
import { nodeWireSender } from '../http/node-wire.ts';
import { newSeed, seededRandom } from '../event/seeded-random.ts';
import { systemClock } from '../delivery/system-clock.ts';
import { tlsInspector } from '../http/tls-inspector.ts';
import type { SenderOptions } from '../http/undici-sender.ts';
import type { Check, VerdictKind } from './check.ts';
import type { CheckSettings } from './context.ts';
import type { SuiteContext } from './create-context.ts';
import { explain } from './diagnosis/explain.ts';
import { statusOf } from './kit/expect.ts';
import type { Oracle, Patience } from './oracle.ts';
import type { Subject } from './person.ts';
import { checkReport, summaryOf, type ConformanceReport, type ReceiverReport } from './report.ts';
import { standingOf } from './standing.ts';
import type { CheckResult } from './run-check.ts';
import { runSuite } from './run-suite.ts';
import { notAsked } from './not-asked.ts';
import { profileOf, selectChecks, type Profile } from './select.ts';
import { loadFixture } from '../fixture/load.ts';
import type { Fixture } from '../fixture/fixture.ts';
import { USUAL_TOLERANCE_SECONDS } from '../persona/contract.ts';
import { newId } from '../persona/ids.ts';
import { DEFAULT_POLICY, POLICIES, type DeliveryPolicy } from '../persona/policies.ts';
import type { WebhookAttributes } from '../persona/webhook.ts';
import type { Clock, Exchange } from '../ports.ts';
import { DEVELOPMENT_SECRET, Secret } from '../signing/secret.ts';
import { repeatCommand } from '../text/repeat-command.ts';
import { configureWebhook } from '../webhook/configure.ts';

export interface ConformOptions extends SenderOptions {
  /** Receivers by the name that reports call them. */
  readonly receivers: readonly { readonly name: string; readonly url: string }[];
  /** The webhook secret that the receivers know. @default the development secret */
  readonly secret?: string | undefined;
  /** How the webhook is configured at Persona: version, inflection, blocklist, headers, enabled events. */
  readonly webhook?: WebhookAttributes | undefined;
  /** @default core, or probe when an oracle is given */
  readonly profile?: Profile | undefined;
  /** Ids, slugs, families or globs; they win over the profile. */
  readonly only?: readonly string[] | undefined;
  readonly skip?: readonly string[] | undefined;
  /** Count `non-strict` as a failure. @default false */
  readonly strict?: boolean | undefined;
  readonly seed?: number | undefined;
  /** What a command line needs beside `--to`, `--only` and `--seed` to repeat a check of this run. */
  readonly repeatFlags?: readonly string[] | undefined;
  readonly oracle?: Oracle | undefined;
  readonly patience?: Patience | undefined;
  /** `restart`, `dependency-down`, `dependency-up`, `unset-secret`. */
  readonly hooks?: Readonly<Record<string, () => Promise<void>>> | undefined;
  /** Makes the receiver know the person and the object of an event before the first event about them. */
  readonly create?: ((subject: Subject) => Promise<void>) | undefined;
  /** The reference-id of each person, with `{uuid}` or `{n}` in it. @default `{uuid}` */
  readonly referenceTemplate?: string | undefined;
  readonly readLog?: (() => Promise<string>) | undefined;
  /** Ids of checks that are known to fail. */
  readonly known?: readonly string[] | undefined;
  /** Whose statuses count as accepted. @default persona-2022, as for deliveries: 200 alone */
  readonly policy?: DeliveryPolicy | undefined;
  /** Overrides those of the policy, and then no other is tolerated. */
  readonly acceptedStatuses?: readonly number[] | undefined;
  /** The age of `t` that the receiver allows, seconds. @default 300 */
  readonly toleranceSeconds?: number | undefined;
  readonly clock?: Clock | undefined;
  /** Divides the pauses that checks make. @default 1 */
  readonly pauseScale?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called before the first check of a receiver, and before the reason of a refusal is looked for. */
  readonly onStage?: ((receiver: string, stage: Stage) => void) | undefined;
  readonly onResult?: ((receiver: string, result: CheckResult, progress: Progress) => void) | undefined;
}

/** What a run does beside the checks that it has done. */
export type Stage =
  | { readonly kind: 'checking'; readonly total: number; readonly first: Check }
  | { readonly kind: 'diagnosing' }
  /** The receiver limits requests, and the run waits as long as it asks. */
  | { readonly kind: 'waiting'; readonly waitMs: number; readonly status: number };

export interface Progress {
  readonly done: number;
  readonly total: number;
}

/**
 * Tests receivers against the suite and returns one report on all of them.
 * @throws {UnknownNameError} for a check that does not exist
 * @throws {UsageError} for a receiver without a URL, or when no check is left
 * @throws {OracleError} when the oracle cannot be asked: the run proves nothing then
 * @example
 * const report = await conform({ receivers: [{ name: 'mine', url }], secret });
 * report.receivers[0].summary.fail; // 0
 */
export async function conform(options: ConformOptions): Promise<ConformanceReport> {
  const clock = options.clock ?? systemClock;
  const seed = options.seed ?? newSeed();
  const profile = profileOf(options);
  const startedAtMs = clock.now();
  const receivers: ReceiverReport[] = [];
  for (const receiver of options.receivers) {
    receivers.push(await testReceiver(receiver, { ...options, clock, seed, profile, startedAtMs }));
  }
  return {
    schema: 'hookcast-report/1',
    seed,
    startedAt: new Date(startedAtMs).toISOString(),
    durationMs: clock.now() - startedAtMs,
    profile,
    strict: options.strict === true,
    receivers,
    ...remarksOn(options, profile),
  };
}

/** What the run left out, and whether it was interrupted. */
function remarksOn(options: ConformOptions, profile: Profile) {
  const { only = [], skip = [], signal } = options;
  const checks = selectChecks({ ...options, profile });
  return {
    ...(only.length === 0 && skip.length === 0 ? { notAsked: notAsked(checks, profile) } : {}),
    ...(signal?.aborted === true ? { interruptedOf: checks.length } : {}),
  };
}

type Run = ConformOptions & {
  readonly clock: Clock;
  readonly seed: number;
  readonly profile: Profile;
  readonly startedAtMs: number;
};

async function testReceiver({ name, url }: { name: string; url: string }, run: Run): Promise<ReceiverReport> {
  const checks = selectChecks(run);
  const suiteContext = {
    ...suiteContextOf(url, run),
    onWait: (waitMs: number, exchange: Exchange) =>
      run.onStage?.(name, { kind: 'waiting', waitMs, status: statusOf(exchange) ?? 0 }),
  };
  const [first] = checks;
  if (first !== undefined) run.onStage?.(name, { kind: 'checking', total: checks.length, first });
  try {
    const results = await runSuite(checks, suiteContext, {
      onResult: (result, done, total) => run.onResult?.(name, result, { done, total }),
    });
    const scrub = (text: string) => text.replaceAll(suiteContext.secret.reveal(), '[secret]');
    const reports = results.map((result) =>
      checkReport(result, {
        startedAtMs: run.startedAtMs,
        scrub,
        isKnown: run.known?.includes(result.check.id) === true,
        command: scrub(repeatCommand({ url, checkId: result.check.id, seed: run.seed }, run.repeatFlags)),
      }),
    );
    if (results.some(({ verdict }) => UNHAPPY.includes(verdict.kind)))
      run.onStage?.(name, { kind: 'diagnosing' });
    const diagnosis = await explain(results, suiteContext);
    return {
      ...{ name, url, summary: summaryOf(reports), checks: reports },
      diagnosis: diagnosis === undefined ? null : scrub(diagnosis.text),
      explained: diagnosis?.explains ?? [],
    };
  } finally {
    await suiteContext.wire.close();
  }
}

const UNHAPPY: readonly VerdictKind[] = ['fail', 'error', 'needs-oracle'];

/** Everything that checks of one receiver work with. */
export function suiteContextOf(url: string, options: Omit<ConformOptions, 'receivers'>): SuiteContext {
  const { webhook = {}, seed = newSeed() } = options;
  const configured = configureWebhook({ ...webhook, url });
  const secret = options.secret ?? DEVELOPMENT_SECRET;
  const others = (webhook.secrets ?? []).map(({ value }) => value).filter((value) => value !== secret);
  return {
    url: configured.endpoint.url,
    secret: new Secret(secret),
    otherSecrets: others.map((value) => new Secret(value)),
    foreignSecret: new Secret(foreignSecret(seed)),
    payload: configured.payload,
    fixture: cachedFixtures(),
    random: seededRandom(seed),
    randomFor: (checkId) => seededRandom(seedFor(seed, checkId)),
    clock: options.clock ?? systemClock,
    wire: nodeWireSender(options),
    inspectTls: tlsInspector(configured.endpoint.url, options),
    oracle: options.oracle,
    patience: options.patience,
    hooks: options.hooks ?? {},
    readLog: options.readLog,
    settings: settingsFrom(options, webhook),
    pauseScale: options.pauseScale ?? 1,
    answered: [],
    create: options.create,
    referenceTemplate: options.referenceTemplate,
    signal: options.signal,
  };
}

/** Every check has a seed of its own, so that `--only` repeats what it sent in the whole run. */
function seedFor(seed: number, checkId: string): number {
  return createHash('sha256').update(`${seed}/${checkId}`).digest().readUInt32LE();
}

function settingsFrom(options: Omit<ConformOptions, 'receivers'>, webhook: WebhookAttributes): CheckSettings {
  return {
    ...statusesFrom(options),
    enabledEvents: webhook['enabled-events'] ?? ['*'],
    customHeaders: webhook['custom-http-headers'] ?? {},
    toleranceSeconds: options.toleranceSeconds ?? USUAL_TOLERANCE_SECONDS,
    toleranceIsGiven: options.toleranceSeconds !== undefined,
    longestIdleSeconds: profileOf(options) === 'soak' ? 10 : 2,
  };
}

/** What `send` would call delivered, and what Persona accepts by another of its documents. */
function statusesFrom({ acceptedStatuses, policy = DEFAULT_POLICY }: Omit<ConformOptions, 'receivers'>) {
  if (acceptedStatuses !== undefined) return { acceptedStatuses };
  const toleratedStatuses = POLICIES.flatMap((other) => other.acceptedStatuses);
  return { acceptedStatuses: policy.acceptedStatuses, toleratedStatuses };
}

/** Of the right form, and nobody's. */
function foreignSecret(seed: number): string {
  const text = newId('evt', seededRandom(seed + 1))
    .slice(4)
    .toLowerCase()
    .padEnd(32, '0');
  const parts = [
    text.slice(0, 8),
    text.slice(8, 12),
    text.slice(12, 16),
    text.slice(16, 20),
    text.slice(20, 32),
  ];
  return `wbhsec_${parts.join('-')}`;
}

function cachedFixtures(): (name: string) => Promise<Fixture> {
  const library = bundledFixtures();
  const loaded = new Map<string, Promise<Fixture>>();
  return (name) => {
    const fixture = loaded.get(name) ?? loadFixture(name, library);
    loaded.set(name, fixture);
    return fixture;
  };
}

/** Would CI have to fail? The report's failures, less those that are known. */
export function failuresOf(report: ConformanceReport): number {
  const checks = report.receivers.flatMap((receiver) => receiver.checks);
  return checks.filter((check) => standingOf(check, report) === 'failure').length;
}
