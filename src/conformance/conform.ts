import { systemClock } from '../delivery/system-clock.ts';
import { newSeed } from '../event/seeded-random.ts';
import type { Clock, Exchange } from '../ports.ts';
import { repeatCommand } from '../text/repeat-command.ts';
import type { VerdictKind, Check } from './check.ts';
import { explain } from './diagnosis/explain.ts';
import { statusOf } from './kit/expect.ts';
import { notAsked } from './not-asked.ts';
import { checkReport, summaryOf, type ConformanceReport, type ReceiverReport } from './report.ts';
import { runSuite } from './run-suite.ts';
import { profileOf, selectChecks, type Profile } from './select.ts';
import { suiteContextOf } from './suite-context.ts';
import type { SenderOptions } from '../http/undici-sender.ts';
import type { DeliveryPolicy } from '../persona/policies.ts';
import type { WebhookAttributes } from '../persona/webhook.ts';
import type { Oracle, Patience } from './oracle.ts';
import type { Subject } from './person.ts';
import type { CheckResult } from './run-check.ts';

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
type Stage =
  | { readonly kind: 'checking'; readonly total: number; readonly first: Check }
  | { readonly kind: 'diagnosing' }
  /** The receiver limits requests, and the run waits as long as it asks. */
  | { readonly kind: 'waiting'; readonly waitMs: number; readonly status: number };

export interface Progress {
  readonly done: number;
  readonly total: number;
}
