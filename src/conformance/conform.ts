import { systemClock } from '../delivery/system-clock.ts';
import { newSeed } from '../event/seeded-random.ts';
import type { Clock, Exchange } from '../ports.ts';
import { repeatCommand } from '../text/repeat-command.ts';
import type { VerdictKind } from './check.ts';
import type { ConformOptions } from './conform-options.ts';
import { explain } from './diagnosis/explain.ts';
import { statusOf } from './kit/expect.ts';
import { notAsked } from './not-asked.ts';
import { checkReport, summaryOf, type ConformanceReport, type ReceiverReport } from './report.ts';
import { runSuite } from './run-suite.ts';
import { profileOf, selectChecks, type Profile } from './select.ts';
import { suiteContextOf } from './suite-context.ts';

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
