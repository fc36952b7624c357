import { laboratoryOf, type ConformOptions } from './conform.ts';
import type { Check } from './conformance/check.ts';
import type { Laboratory } from './conformance/create-context.ts';
import { missingNeed, runCheck, type CheckResult } from './conformance/run-check.ts';
import { selectChecks } from './conformance/select.ts';
import { UsageError } from './errors.ts';

/** What `conformanceTests` needs of a test framework: Vitest, Jest and node:test have it. */
export interface TestFunction {
  (name: string, run: () => Promise<void>, timeoutMs?: number): unknown;
  readonly skip: (name: string, run: () => Promise<void>) => unknown;
}

export interface ConformanceTestsOptions extends Omit<ConformOptions, 'receivers' | 'onResult' | 'known'> {
  /** The receiver, or a function that tells it once it is up. */
  readonly url: string | (() => string | Promise<string>);
  /** @default the global `test` (Vitest with globals, Jest) */
  readonly test?: TestFunction | undefined;
}

/** Longer than any check of the profiles that run in tests. */
const TEST_TIMEOUT_MS = 60_000;

/**
 * Makes one test per check. A check that cannot run, for want of an oracle or a hook, becomes a skipped test.
 * @example
 * import { test } from 'vitest';
 * conformanceTests({ test, url: () => server.url, secret: process.env.PERSONA_WEBHOOK_SECRET });
 */
export function conformanceTests(options: ConformanceTestsOptions): void {
  const test = options.test ?? globalTest();
  const profile = options.profile ?? (options.oracle === undefined ? 'core' : 'probe');
  let laboratory: Promise<Laboratory> | undefined;
  const shared = () => (laboratory ??= openLaboratory(options));
  for (const check of selectChecks({ ...options, profile })) {
    const name = `${check.id} ${check.title}`;
    const run = async () => {
      assertPassed(await runCheck(check, await shared()), options.strict === true);
    };
    if (isRunnable(check, options)) test(name, run, TEST_TIMEOUT_MS);
    else test.skip(name, run);
  }
}

async function openLaboratory(options: ConformanceTestsOptions): Promise<Laboratory> {
  const url = typeof options.url === 'string' ? options.url : await options.url();
  return laboratoryOf(url, options);
}

function isRunnable(check: Check, { oracle, hooks = {}, readLog, url }: ConformanceTestsOptions): boolean {
  const isHttps = typeof url === 'string' && url.startsWith('https:');
  return missingNeed(check, { oracle, hooks, readLog, isHttps }) === undefined;
}

function assertPassed({ check, verdict }: CheckResult, isStrict: boolean): void {
  const failing = ['fail', 'error', 'needs-oracle', ...(isStrict ? ['non-strict'] : [])];
  if (!failing.includes(verdict.kind)) return;
  throw new Error(
    `${check.id} ${verdict.kind}: expected ${verdict.expected}; actual: ${verdict.actual} (${check.basis}: ${check.source})`,
  );
}

function globalTest(): TestFunction {
  const { test } = globalThis as { test?: TestFunction };
  if (test !== undefined) return test;
  throw new UsageError('conformanceTests: no global test function; hand in that of your framework: { test }');
}
