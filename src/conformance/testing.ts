import { newSeed } from '../event/seeded-random.ts';
import { suiteContextOf, type ConformOptions } from './conform.ts';
import type { Check } from './check.ts';
import type { SuiteContext } from './create-context.ts';
import { missingNeed, runCheck, type CheckResult } from './run-check.ts';
import { diagnose } from './diagnosis/diagnose.ts';
import { profileOf, selectChecks } from './select.ts';
import { UsageError } from '../errors.ts';
import { basisText, standingOf } from './standing.ts';

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
 * Makes one test per check. A check that cannot run, for want of an oracle or a hook, becomes a skipped test.
 * An oracle that tells states must say so beforehand: `httpOracle(url, { tellsState: true })`.
 * @example
 * import { test } from 'vitest';
 * conformanceTests({ test, url: () => server.url, secret: process.env.PERSONA_WEBHOOK_SECRET });
 */
export function conformanceTests(options: ConformanceTestsOptions): void {
  const test = options.test ?? globalTest();
  const { strict = false, seed = newSeed() } = options;
  let suiteContext: Promise<SuiteContext> | undefined;
  const shared = () => (suiteContext ??= openSuiteContext({ ...options, seed }));
  for (const check of selectChecks({ ...options, profile: profileOf(options) })) {
    const name = `${check.id} ${check.title}`;
    const run = async () => {
      const result = await runCheck(check, await shared());
      const standing = standingOf(
        { ...check, wire: result.wire, verdict: result.verdict.kind, isKnown: false },
        { strict },
      );
      if (standing !== 'failure' && standing !== 'error') return;
      throw new Error(await failureText(result, { suiteContext: await shared(), seed }));
    };
    if (isRunnable(check, options)) test(name, run, TEST_TIMEOUT_MS);
    else test.skip(name, run);
  }
}

async function openSuiteContext(options: ConformanceTestsOptions): Promise<SuiteContext> {
  const url = typeof options.url === 'string' ? options.url : await options.url();
  return suiteContextOf(url, options);
}

function isRunnable(check: Check, { oracle, hooks = {}, readLog, url }: ConformanceTestsOptions): boolean {
  const isHttps = typeof url === 'string' && url.startsWith('https:');
  return missingNeed(check, { oracle, hooks, readLog, isHttps }) === undefined;
}

/** All that a person needs who sees nothing but this. */
async function failureText(
  { check, verdict }: CheckResult,
  { suiteContext, seed }: { suiteContext: SuiteContext; seed: number },
): Promise<string> {
  const isRefused = check.id === 'ACK-01' && verdict.kind === 'fail';
  const diagnosis = isRefused ? await diagnose(suiteContext) : undefined;
  const text = [
    `${check.id} ${check.title}: ${verdict.kind}`,
    `  sent:      ${check.sends}`,
    `  expected:  ${verdict.expected}`,
    `  actual:    ${verdict.actual}`,
    ...(diagnosis === undefined ? [] : [`  diagnosis: ${diagnosis}`]),
    `  basis:     ${basisText(check)}; ${check.source}`,
    `  repeat:    { only: ['${check.id}'], seed: ${seed} }`,
  ].join('\n');
  return text.replaceAll(suiteContext.secret.reveal(), '[secret]');
}

function globalTest(): TestFunction {
  const { test } = globalThis as { test?: TestFunction };
  if (test !== undefined) return test;
  throw new UsageError('conformanceTests: no global test function; hand in that of your framework: { test }');
}
