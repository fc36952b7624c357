import type { IncomingMessage, ServerResponse } from 'node:http';
import { beforeAll, describe, expect, test } from 'vitest';
import { conform, type ConformOptions } from '../../src/conformance/conform.ts';
import { failuresOf } from '../../src/conformance/standing.ts';
import type { ConformanceReport } from '../../src/conformance/report.ts';
import { REPORT_FORMATS } from '../../src/report/conformance/index.ts';
import { FILE_STYLE } from '../../src/cli/files/report-files.ts';
import { systemClock } from '../../src/delivery/system-clock.ts';
import { MODEL_SECRET, ModelReceiver } from '../mutants/model-receiver.ts';
import { SIGNATURE_MUTANTS } from '../mutants/signature.ts';

const idsOf = (report: ConformanceReport, ...verdicts: string[]) =>
  report.receivers[0]!.checks.filter(({ verdict }) => verdicts.includes(verdict)).map(({ id }) => id);

/** Keeps every body, and can be told to talk about secrets. */
class Keeper extends ModelReceiver {
  readonly bodies: string[] = [];

  override async readBody(request: IncomingMessage) {
    const body = await super.readBody(request);
    this.bodies.push(body.toString('latin1'));
    return body;
  }
}

class Gossip extends ModelReceiver {
  override accept(response: ServerResponse) {
    response.writeHead(200, { 'X-Debug': `key=${this.secret}` }).end(`the secret is ${this.secret}`);
  }

  override fail(response: ServerResponse) {
    response.writeHead(401, { 'X-Debug': `key=${this.secret}` }).end(`not signed with ${this.secret}`);
  }
}

async function testing(model: ModelReceiver, options: Partial<ConformOptions> = {}) {
  await using receiver = await model.start();
  const receivers = [{ name: 'mine', url: receiver.url }];
  return await conform({ receivers, secret: MODEL_SECRET, pauseScale: 100, seed: 7, ...options });
}

const mutant = (id: string) => SIGNATURE_MUTANTS.find((one) => one.id === id)!;

test('the model receiver fails no check', async () => {
  const report = await testing(new ModelReceiver());
  expect(idsOf(report, 'fail', 'error', 'non-strict', 'needs-oracle', 'skipped')).toEqual([]);
  expect(report).toMatchObject({
    ...{ schema: 'hookcast-report/1', seed: 7, profile: 'core', strict: false },
    receivers: [{ name: 'mine', diagnosis: null }],
  });
  expect(failuresOf(report)).toBe(0);
});

test('many requests at once under one signal are no leak to Node', async () => {
  const warnings: string[] = [];
  const warned = ({ name }: Error) => warnings.push(name);
  process.on('warning', warned);
  const { signal } = new AbortController();
  await testing(new ModelReceiver(), { profile: 'load', only: ['LOAD-01'], signal });
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', warned);
  expect(warnings).not.toContain('MaxListenersExceededWarning');
});

describe('a receiver that verifies nothing', () => {
  test('fails with forgeries that are left open without an oracle', async () => {
    const report = await testing(mutant('no-verification').create(), { only: ['SIG'] });
    expect(idsOf(report, 'needs-oracle')).toContain('SIG-01');
    expect(failuresOf(report)).toBeGreaterThan(10);
  });

  test('fails exactly the checks that it must fail with an oracle', async () => {
    const model = mutant('no-verification').create();
    const patience = { pollMs: 1, quietReadings: 1, deadlineMs: 1_000, effectMs: 20 };
    const report = await testing(model, { oracle: model.oracle, patience, only: ['ACK-01', 'SIG', 'ROT'] });
    const expected = mutant('no-verification').fails.filter((id) => /^(ACK-01|SIG|ROT)/.test(id));
    expect(idsOf(report, 'fail')).toEqual(expected);
    expect(failuresOf(report)).toBe(expected.length);
    expect(report.profile).toBe('probe');
  });
});

test('a refused genuine event makes one failure and a diagnosis, and no other check runs', async () => {
  const report = await testing(new ModelReceiver(), { secret: 'wbhsec_another', only: ['ACK-01', 'RAW'] });
  const [receiver] = report.receivers;
  expect(idsOf(report, 'fail')).toEqual(['ACK-01']);
  expect(
    receiver!.checks.filter(({ id }) => id.startsWith('RAW')).every(({ wire }) => wire.length === 0),
  ).toBe(true);
  expect(receiver?.diagnosis).toMatch(/another secret/);
});

test('a diagnosis is also given without ACK-01, and knows the old secret of a rotation', async () => {
  const secrets = ['wbhsec_new', MODEL_SECRET].map((value) => ({ value, 'expires-at': null }));
  const report = await testing(new ModelReceiver(), {
    ...{ secret: 'wbhsec_new', webhook: { secrets }, only: ['SIG-04'] },
  });
  expect(idsOf(report, 'error')).toEqual(['SIG-04']);
  expect(report.receivers[0]?.diagnosis).toMatchInlineSnapshot(
    `"your receiver expects the webhook's other secret, not the current one"`,
  );
});

test('one report holds the results of two receivers apart', async () => {
  await using good = await new ModelReceiver().start();
  await using bad = await mutant('any-label').create().start();
  const done: string[] = [];
  const report = await conform({
    ...{ secret: MODEL_SECRET, pauseScale: 100, only: ['SIG-11', 'ACK-01'] },
    receivers: [
      { name: 'good', url: good.url },
      { name: 'bad', url: bad.url },
    ],
    onResult: (name, { check }, { done: count, total }) => done.push(`${name} ${check.id} ${count}/${total}`),
  });
  expect(report.receivers.map(({ name, checks }) => [name, checks.map(({ verdict }) => verdict)])).toEqual([
    ['good', ['pass', 'pass']],
    ['bad', ['pass', 'needs-oracle']],
  ]);
  expect(done).toEqual(['good ACK-01 1/2', 'good SIG-11 2/2', 'bad ACK-01 1/2', 'bad SIG-11 2/2']);
  expect(failuresOf(report)).toBe(1);
});

test.each([
  ['known failures do not count', { known: ['SIG-11'] }, 0],
  ['others do', { known: ['SIG-12'] }, 1],
])('a baseline %s', async (_, options, failures) => {
  const report = await testing(mutant('any-label').create(), { only: ['SIG-11'], ...options });
  expect(failuresOf(report)).toBe(failures);
});

test('strict counts "not strict" as a failure', async () => {
  class BreaksOnForgeries extends ModelReceiver {
    override fail(response: ServerResponse) {
      response.writeHead(500).end();
    }
  }
  const run = (strict: boolean) => testing(new BreaksOnForgeries(), { only: ['SIG-02'], strict });
  const [lenient, strict] = [await run(false), await run(true)];
  expect(idsOf(lenient, 'non-strict')).toEqual(['SIG-02']);
  expect([failuresOf(lenient), failuresOf(strict)]).toEqual([0, 1]);
});

test('a check alone sends the bytes that it sends among others with the same seed', async () => {
  // Times stand still, so that bodies differ only where chance does.
  const clock = { ...systemClock, now: () => Date.parse('2026-02-01T12:00:00Z') };
  const bodiesOf = async (only: string[], seed: number) => {
    const model = new Keeper();
    model.nowSeconds = () => clock.now() / 1000;
    const report = await testing(model, { clock, seed, only });
    const check = report.receivers[0]!.checks.find(({ id }) => id === 'RAW-02')!;
    return check.wire.map(({ request }) => request.body.toString('latin1'));
  };
  const alone = await bodiesOf(['RAW-02'], 7);
  expect(alone.length).toBeGreaterThan(0);
  expect(await bodiesOf(['ACK-01', 'RAW', 'IDEM-01'], 7)).toEqual(alone);
  expect(await bodiesOf(['RAW-02'], 8)).not.toEqual(alone);
});

test('the command that repeats a check has all flags that it needs, quoted', async () => {
  await using model = await new ModelReceiver().start();
  const report = await conform({
    receivers: [{ name: 'mine', url: `${model.url}?a=1&b='x'` }],
    ...{ secret: MODEL_SECRET, seed: 7, only: ['ACK-01'] },
    repeatFlags: ['--webhook', 'my webhook.json', '--oracle-cmd', `echo ${MODEL_SECRET}`],
  });
  expect(report.receivers[0]!.checks[0]!.command.replace(/:\d+/, ':PORT')).toBe(
    `hookcast conform --to 'http://127.0.0.1:PORT/webhooks?a=1&b='\\''x'\\''' --only ACK-01 --seed 7 ` +
      `--webhook 'my webhook.json' --oracle-cmd 'echo [secret]'`,
  );
});

describe('a secret that the receiver echoes is not in the report', () => {
  // Not of Persona's form: it cannot be found by its prefix.
  const secret = 'a key that nobody would guess';
  let report: ConformanceReport;

  beforeAll(async () => {
    const model = new Gossip();
    model.secret = secret;
    report = await testing(model, { secret, only: ['ACK-01', 'SIG-02', 'SIG-12', 'SEC-01'] });
    expect(idsOf(report, 'fail')).toContain('SEC-01');
  });

  test.each(Object.keys(REPORT_FORMATS) as (keyof typeof REPORT_FORMATS)[])('%s', (name) => {
    const output = REPORT_FORMATS[name].render(report, FILE_STYLE);
    expect(output).toContain('SEC-01');
    expect(output).not.toContain(secret);
  });

  test('nor in what the formats are given', () => {
    const held = JSON.stringify(report, bufferAsText);
    expect(held).toContain('SEC-01');
    expect(held).not.toContain(secret);
  });
});

function bufferAsText(_: string, value: unknown): unknown {
  const { type, data } = (value ?? {}) as { type?: string; data?: number[] };
  return type === 'Buffer' ? Buffer.from(data ?? []).toString('latin1') : value;
}

test('a receiver without a URL, or without checks, is refused as wrong usage', async () => {
  const run = (url: string, skip: string[]) =>
    conform({ receivers: [{ name: 'mine', url }], only: ['ROT'], skip });
  await expect(run('', [])).rejects.toThrow('no receiver given: pass `url`');
  await expect(run('http://127.0.0.1/', ['ROT'])).rejects.toThrow('no check is left');
});
