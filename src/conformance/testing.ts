import { newSeed } from '../event/seeded-random.ts';
import { UsageError } from '../errors.ts';
import { fixUrl } from '../text/docs-url.ts';
import type { Check } from './check.ts';
import { checkPage } from './check-page.ts';
import type { ConformOptions } from './conform.ts';
import { suiteContextOf } from './suite-context.ts';
import type { SuiteContext } from './create-context.ts';
import { explain } from './diagnosis/explain.ts';
import { PLAINEST_FORGERIES } from './diagnosis/no-verification.ts';
import { missingNeed, runCheck, type CheckResult } from './run-check.ts';
import { foundationOf, runOn } from './run-suite.ts';
import { profileOf, selectChecks } from './select.ts';
import { basisText, standingOf } from './standing.ts';
import { CHECKS } from './suite.ts';

/** What `conformanceTests` needs of a test framework: Vitest, Jest and node:test have it. */
export interface TestFunction {
  (name: string, run: () => Promise<void>, timeoutMs?: number): unknown;
  readonly skip: (name: string, run: () => Promise<void>) => unknown;
}

export interface ConformanceTestsOptions extends Omit<
  ConformOptions,
  'receivers' | 'onResult' | 'known' | 'repeatFlags'
> {
  /** The receiver, or a function that tells it once it is up. */
  readonly url: string | (() => string | Promise<string>);
  /** @default the global `test` (Vitest with globals, Jest) */
  readonly test?: TestFunction | undefined;
}

/** Longer than any check of the profiles that run in tests. */
const TEST_TIMEOUT_MS = 60_000;

/**
 * Makes one test per check. A check that cannot run, because no oracle or hook is configured, becomes a skipped test. As in a
 * run of the command, the genuine event (ACK-01) is sent first: where it is refused, only what proves itself is judged.
 * An oracle that tells states must say so beforehand: `httpOracle(url, { tellsState: true })`.
 * @example
 * import { test } from 'vitest';
 * conformanceTests({ test, url: () => server.url, secret: process.env.PERSONA_WEBHOOK_SECRET });
 */
export function conformanceTests(options: ConformanceTestsOptions): void {
  const test = options.test ?? globalTest();
  const { strict = false, seed = newSeed() } = options;
  const checks = selectChecks({ ...options, profile: profileOf(options) });
  let opened: Promise<Receiver> | undefined;
  const shared = () => (opened ??= openReceiver({ ...options, seed }, checks));
  for (const check of checks) {
    const name = `${check.id} ${check.title}`;
    const run = async () => {
      const receiver = await shared();
      const { foundation, suite } = receiver;
      const isFoundation = check.id === foundation.check.id;
      const result = isFoundation ? foundation : await runOn(foundation, check, { suite });
      const standing = standingOf(
        { ...check, wire: result.wire, verdict: result.verdict.kind, isKnown: false },
        { strict },
      );
      if (standing === 'failure' || standing === 'error')
        throw new Error(await failureText(result, receiver));
    };
    if (isRunnable(check, options)) test(name, run, TEST_TIMEOUT_MS);
    else test.skip(name, run);
  }
}

/** What the tests of one receiver share. */
interface Receiver {
  readonly suite: SuiteContext;
  readonly seed: number;
  /** The answer to ACK-01. */
  readonly foundation: CheckResult;
  /** Why checks fail, in one sentence; looked for once, when a check has failed. */
  readonly diagnosis: () => Promise<string | undefined>;
}

async function openReceiver(
  options: ConformanceTestsOptions & { readonly seed: number },
  checks: readonly Check[],
): Promise<Receiver> {
  const url = typeof options.url === 'string' ? options.url : await options.url();
  const suite = suiteContextOf(url, options);
  const foundation = await runCheck(foundationOf(checks), suite);
  let diagnosis: Promise<string | undefined> | undefined;
  return {
    suite,
    seed: options.seed,
    foundation,
    diagnosis: () => (diagnosis ??= diagnosisOf(foundation, suite)),
  };
}

/** Asks what tells most: whether the plainest forgeries are accepted, and other white space refused. */
async function diagnosisOf(foundation: CheckResult, suite: SuiteContext): Promise<string | undefined> {
  const results = [foundation];
  if (foundation.verdict.kind !== 'fail') {
    for (const check of CHECKS.filter(({ id }) => TELLING.includes(id)))
      results.push(await runCheck(check, suite));
  }
  return (await explain(results, suite))?.text;
}

const TELLING: readonly string[] = [...PLAINEST_FORGERIES, 'RAW-01'];

function isRunnable(check: Check, { oracle, hooks = {}, readLog, url }: ConformanceTestsOptions): boolean {
  const isHttps = typeof url === 'string' && url.startsWith('https:');
  return missingNeed(check, { oracle, hooks, readLog, isHttps }) === undefined;
}

/** Everything needed to understand a failure from this text alone. */
async function failureText({ check, verdict }: CheckResult, receiver: Receiver): Promise<string> {
  const { suite, seed, diagnosis } = receiver;
  const { cause, howToFix } = checkPage(check.id);
  const isUnfounded = verdict.actual.startsWith('not run: ');
  const facts = {
    sent: check.sends,
    expected: verdict.expected,
    actual: verdict.actual,
    diagnosis: await diagnosis(),
    ...(isUnfounded || check.id === 'ACK-01' ? {} : { cause, fix: howToFix }),
    page: fixUrl(check.id),
    basis: `${basisText(check)}; ${check.source}`,
    repeat: `{ only: ['${check.id}'], seed: ${seed} }`,
  };
  const lines = Object.entries(facts)
    .filter(([, text]) => text !== undefined)
    .map(([label, text]) => `  ${`${label}:`.padEnd(11)}${text}`);
  const text = [`${check.id} ${check.title}: ${verdict.kind}`, ...lines].join('\n');
  return text.replaceAll(suite.secret.reveal(), '[secret]');
}

function globalTest(): TestFunction {
  const { test } = globalThis as { test?: TestFunction };
  if (test !== undefined) return test;
  throw new UsageError('conformanceTests: no global test function; pass the one of your framework: { test }');
}
