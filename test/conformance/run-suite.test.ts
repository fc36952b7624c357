import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HookError } from '../../src/conformance/hooks.ts';
import type { Check } from '../../src/conformance/check.ts';
import { verdict } from '../../src/conformance/kit/expect.ts';
import { OracleError, type Oracle } from '../../src/conformance/oracle.ts';
import { runSuite } from '../../src/conformance/run-suite.ts';
import { CHECKS } from '../../src/conformance/suite.ts';
import { ModelReceiver } from '../mutants/model-receiver.ts';
import { laboratoryFor } from '../mutants/run-model.ts';

let model: ModelReceiver;

beforeAll(async () => {
  model = await new ModelReceiver().start();
});

afterAll(() => model[Symbol.asyncDispose]());

const pass = () => Promise.resolve(verdict('pass', 'expected', 'actual'));

function checkOf(id: Check['id'], changes: Partial<Check> = {}): Check {
  return {
    ...{ id, slug: id.toLowerCase(), title: id, sends: 'nothing', requirement: 'does well' },
    ...{ level: 'must', basis: 'general practice', source: 'this test', run: pass },
    ...changes,
  };
}

/** Notes when it begins and ends; in between others get their turn. */
function traced(trace: string[], id: Check['id'], changes: Partial<Check> = {}): Check {
  return checkOf(id, {
    ...changes,
    async run() {
      trace.push(`${id} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      trace.push(`${id} ends`);
      return pass();
    },
  });
}

const kindsOf = (results: Awaited<ReturnType<typeof runSuite>>) =>
  results.map(({ check, verdict: { kind } }) => `${check.id} ${kind}`);

describe('ACK-01', () => {
  test('stops the other checks when it fails, and they are no findings', async () => {
    const trace: string[] = [];
    const refused = checkOf('ACK-01', { run: () => Promise.resolve(verdict('fail', 'accepts', '401')) });
    const checks = [traced(trace, 'SIG-01'), refused, traced(trace, 'NET-08', { isWaiting: true })];
    const results = await runSuite(checks, laboratoryFor(model));
    expect(trace).toEqual([]);
    expect(kindsOf(results)).toEqual(['SIG-01 error', 'ACK-01 fail', 'NET-08 error']);
    expect(results[0]?.verdict.actual).toBe(
      'not run: the genuine event is refused (ACK-01), so nothing can be concluded',
    );
  });

  test('runs first, wherever it stands in the selection', async () => {
    const trace: string[] = [];
    await runSuite([traced(trace, 'SIG-01'), traced(trace, 'ACK-01')], laboratoryFor(model));
    expect(trace).toEqual(['ACK-01 begins', 'ACK-01 ends', 'SIG-01 begins', 'SIG-01 ends']);
  });
});

describe('the order of checks', () => {
  test('is: in turn beside those that wait, then those that look back; the report keeps the given order', async () => {
    const trace: string[] = [];
    const checks = [
      traced(trace, 'SEC-01', { runsLast: true }),
      traced(trace, 'NET-03', { isWaiting: true }),
      traced(trace, 'NET-08', { isWaiting: true }),
      traced(trace, 'SIG-01'),
    ];
    const done: string[] = [];
    const results = await runSuite(checks, laboratoryFor(model), {
      onResult: ({ check }, count, total) => done.push(`${check.id} ${count}/${total}`),
    });
    expect(trace).toMatchInlineSnapshot(`
      [
        "NET-03 begins",
        "NET-08 begins",
        "SIG-01 begins",
        "NET-03 ends",
        "NET-08 ends",
        "SIG-01 ends",
        "SEC-01 begins",
        "SEC-01 ends",
      ]
    `);
    expect(done).toEqual(['NET-03 1/4', 'NET-08 2/4', 'SIG-01 3/4', 'SEC-01 4/4']);
    expect(results.map(({ check }) => check.id)).toEqual(checks.map(({ id }) => id));
  });

  test('never has a check with a hook beside others, even while it waits', async () => {
    const trace: string[] = [];
    const restarts = { isWaiting: true, needs: ['hook:restart'] } as const;
    const checks = [
      traced(trace, 'NET-03', { isWaiting: true }),
      traced(trace, 'IDEM-09', restarts),
      traced(trace, 'NET-08', { isWaiting: true }),
    ];
    await runSuite(checks, laboratoryFor(model));
    expect(trace.slice(-2)).toEqual(['IDEM-09 begins', 'IDEM-09 ends']);
  });
});

describe('a run that ends early', () => {
  test('starts no further checks after Ctrl-C, and gives no verdict on the interrupted one', async () => {
    const controller = new AbortController();
    const interrupted = checkOf('SIG-02', {
      async run(context) {
        controller.abort();
        const exchange = await context.send(await context.sample());
        return verdict('fail', 'accepts', exchange.kind);
      },
    });
    const trace: string[] = [];
    const checks = [checkOf('SIG-01'), interrupted, traced(trace, 'SIG-03')];
    const results = await runSuite(checks, { ...laboratoryFor(model), signal: controller.signal });
    expect(kindsOf(results)).toEqual(['SIG-01 pass']);
    expect(trace).toEqual([]);
  });

  test('does not end when a check breaks, which becomes an error', async () => {
    const broken = checkOf('SIG-01', { run: () => Promise.reject(new TypeError('x is undefined')) });
    const results = await runSuite([broken, checkOf('SIG-02')], laboratoryFor(model));
    expect(kindsOf(results)).toEqual(['SIG-01 error', 'SIG-02 pass']);
    expect(results[0]?.verdict.actual).toBe('the check itself broke: x is undefined');
  });

  test.each([
    ['an oracle', new OracleError('the oracle: not JSON')],
    ['a hook', new HookError('restart', 'ended with exit code 1')],
  ])('ends when %s breaks', async (_, error) => {
    const trace: string[] = [];
    const checks = [checkOf('SIG-01', { run: () => Promise.reject(error) }), traced(trace, 'SIG-02')];
    await expect(runSuite(checks, laboratoryFor(model))).rejects.toBe(error);
    expect(trace).toEqual([]);
  });
});

test('an event is sent before checks of states when the oracle has told nothing yet', async () => {
  let tellsState = false;
  const oracle: Oracle = {
    get tellsState() {
      return tellsState;
    },
    async read() {
      tellsState ||= model.store.objects.size > 0;
      return model.oracle.read();
    },
  };
  for (const records of Object.values(model.store)) (records as Set<string>).clear();
  const checks = CHECKS.filter(({ id }) => id === 'ORD-01');
  expect(kindsOf(await runSuite(checks, { ...laboratoryFor(model), oracle }))).toEqual(['ORD-01 pass']);
});
