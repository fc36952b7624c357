import { nodeWireSender } from '../../src/http/node-wire.ts';
import { seededRandom } from '../../src/event/seeded-random.ts';
import { systemClock } from '../../src/delivery/system-clock.ts';
import type { Check } from '../../src/conformance/check.ts';
import type { SuiteContext } from '../../src/conformance/create-context.ts';
import { runCheck, type CheckResult } from '../../src/conformance/run-check.ts';
import { Secret } from '../../src/signing/sign.ts';
import { configureWebhook } from '../../src/webhook/configure.ts';
import { sampleFixture } from '../helpers/fixtures.ts';
import { partOf } from '../helpers/sample.ts';
import { SEED } from '../helpers/seed.ts';
import { MODEL_SECRET, type ModelReceiver } from './model-receiver.ts';
import { withSimulatedTime } from './simulated-time.ts';

/** Everything that a check can ask for, around a model receiver; pauses are cut to a hundredth. */
export function laboratoryFor(model: ModelReceiver): SuiteContext {
  return {
    url: new URL(model.url),
    secret: new Secret(MODEL_SECRET),
    foreignSecret: new Secret('wbhsec_00000000-1111-2222-3333-444444444444'),
    payload: configureWebhook({ url: model.url }).payload,
    fixture: sampleFixture,
    random: seededRandom(1),
    clock: systemClock,
    wire: withSimulatedTime(nodeWireSender()),
    oracle: model.oracle,
    patience: { pollMs: 2, quietReadings: 2, deadlineMs: 1_000, effectMs: 20 },
    hooks: model.hooks,
    create: (subject) => {
      model.create(subject);
      return Promise.resolve();
    },
    readLog: () => Promise.resolve(model.logLines.join('\n')),
    settings: {
      acceptedStatuses: [200, 201, 202, 204],
      enabledEvents: ['*'],
      customHeaders: {},
      toleranceSeconds: 300,
      toleranceIsGiven: true,
    },
    pauseScale: 100,
    answered: [],
  };
}

/** Runs checks one after the other against a model, in its suiteContext with these changes. */
export async function runAgainst(
  model: ModelReceiver,
  checks: readonly Check[],
  changes: Partial<SuiteContext> | ((suiteContext: SuiteContext) => SuiteContext) = {},
): Promise<CheckResult[]> {
  await using receiver = await model.start();
  const plain = laboratoryFor(receiver);
  const suiteContext = typeof changes === 'function' ? changes(plain) : { ...plain, ...changes };
  const results: CheckResult[] = [];
  for (const check of checks) results.push(await runCheck(check, suiteContext));
  await suiteContext.wire.close();
  return results;
}

/** `SIG-01: fail (…)` for all that did not pass, for a message that says why. */
export function findings(results: readonly CheckResult[], ...kinds: string[]): string[] {
  return results
    .filter(({ verdict }) => kinds.includes(verdict.kind))
    .map(({ check, verdict }) => `${check.id}: ${verdict.kind} (${verdict.actual})`);
}

/** For a mutant, in a sample: what it must fail, and a part of the other checks. `npm run test:mutants` runs all. */
export function sampleOfChecks(fails: readonly string[], checks: readonly Check[]): readonly Check[] {
  const others = partOf(
    checks.filter(({ id }) => !fails.includes(id)),
    { part: SEED, of: 16 },
  );
  return checks.filter((check) => fails.includes(check.id) || others.includes(check));
}

/** Of a mutant's list, what a run of these checks must find. */
export function expectedOf(fails: readonly string[], checks: readonly Check[]): string[] {
  return fails.filter((id) => checks.some((check) => check.id === id));
}
