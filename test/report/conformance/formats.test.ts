import { readFile } from 'node:fs/promises';
import { Chalk } from 'chalk';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { CheckReport, ConformanceReport } from '../../../src/conformance/report.ts';
import {
  isReportFormatName,
  REPORT_FORMAT_NAMES,
  REPORT_FORMATS,
  standingOf,
  type ReportFormatName,
  type ReportStyle,
  type Standing,
} from '../../../src/report/conformance/index.ts';
import { basisText } from '../../../src/conformance/standing.ts';
import {
  HOSTILE,
  SAMPLE_REPORT,
  sampleCheck,
  sampleExchange,
  sampleReceiver,
  sampleReport,
  sampleResponse,
} from '../../helpers/sample-report.ts';

const PLAIN: ReportStyle = { chalk: new Chalk({ level: 0 }), verbose: false };
const VERBOSE: ReportStyle = { ...PLAIN, verbose: true };

const everyOutput = (report: ConformanceReport) =>
  REPORT_FORMAT_NAMES.flatMap((name) =>
    [PLAIN, VERBOSE].map((style) => ({ name, output: REPORT_FORMATS[name].render(report, style) })),
  );

describe('the list of formats', () => {
  test('is the type, the choices and the documentation', async () => {
    expectTypeOf<ReportFormatName>().toEqualTypeOf<
      'text' | 'html' | 'json' | 'junit' | 'ctrf' | 'tap' | 'github' | 'markdown'
    >();
    expect(isReportFormatName('junit')).toBe(true);
    expect(isReportFormatName('toString')).toBe(false);
    const documentation = await readFile(new URL('../../../docs/reports.md', import.meta.url), 'utf8');
    const rows = [...documentation.matchAll(/^\| `(\w+)` +\| ([^|]+) \|$/gm)]
      .map(([, name, summary]) => [name, summary!.trim().replaceAll('`', '')])
      .filter(([name]) => isReportFormatName(name!));
    expect(rows).toEqual(REPORT_FORMAT_NAMES.map((name) => [name, REPORT_FORMATS[name].summary]));
  });

  test.each(REPORT_FORMAT_NAMES)('%s ends its last line, with and without receivers', (name) => {
    for (const report of [SAMPLE_REPORT, sampleReport([]), sampleReport([sampleReceiver('empty', [])])])
      expect(REPORT_FORMATS[name].render(report, PLAIN)).toMatch(/[^\n]\n$/);
  });

  test.each(REPORT_FORMAT_NAMES)('%s lets no control character through', (name) => {
    expect(REPORT_FORMATS[name].render(SAMPLE_REPORT, VERBOSE)).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f]/);
  });
});

describe('what a verdict means for the run', () => {
  test.each<[CheckReport['verdict'], boolean, boolean, Standing]>([
    ['pass', false, false, 'success'],
    ['pass', true, false, 'success'],
    ['info', false, true, 'success'],
    ['non-strict', false, false, 'success'],
    ['non-strict', false, true, 'failure'],
    ['non-strict', true, true, 'known'],
    ['fail', false, false, 'failure'],
    ['fail', true, false, 'known'],
    ['error', false, false, 'error'],
    ['error', true, false, 'known'],
    ['skipped', true, true, 'not-run'],
    ['needs-oracle', false, true, 'not-run'],
  ])('%s, known: %s, strict: %s', (verdict, isKnown, strict, standing) => {
    expect(standingOf({ verdict, isKnown, level: 'must', wire: [] }, { strict })).toBe(standing);
  });

  test.each<[CheckReport['level'], boolean, Standing]>([
    ['must', false, 'failure'],
    ['must', true, 'known'],
    ['should', false, 'not-run'],
  ])('a forged event acknowledged, no oracle to ask: %s, known: %s', (level, isKnown, standing) => {
    const check = { verdict: 'needs-oracle', level, isKnown, wire: ['forged'] } as const;
    expect(standingOf(check, { strict: false })).toBe(standing);
  });

  test('a miss of general practice is not called a violation of what Persona requires', () => {
    expect(basisText({ basis: 'general practice', level: 'must' })).toBe(
      `general practice, not a requirement of Persona's (graded here: must)`,
    );
    const report = sampleReport([
      sampleReceiver('a', [sampleCheck('SIG-08', { verdict: 'fail', basis: 'general practice' })]),
    ]);
    for (const { output } of everyOutput(report)) expect(output).not.toMatch(/Persona (?:requires|demands)/);
  });
});

describe('secrets', () => {
  const CANARY = 'wbhsec_11111111-cafe-4bad-8888-222222222222';
  const KEY = 'k3y-canary';

  test('do not appear, wherever a check or a receiver put them', () => {
    const exchange = sampleExchange({
      label: CANARY,
      request: {
        method: 'POST',
        url: `http://user:${KEY}@localhost:3000/${CANARY}`,
        headers: [
          ['Persona-Signature', CANARY],
          ['persona-signature', `t=1,v1=${CANARY}`],
          ['Authorization', `Bearer ${KEY}`],
          ['X-Api-Key', KEY],
        ],
        body: Buffer.from(`{"a":"${CANARY}"}`),
      },
      response: {
        ...sampleResponse(500, Buffer.concat([Buffer.from([0xff]), Buffer.from(CANARY)])),
        headers: [
          ['set-cookie', `session=${KEY}`],
          ['x-echo', CANARY],
        ],
      },
    });
    const check = sampleCheck('SIG-12', {
      verdict: 'fail',
      actual: `the answer holds ${CANARY}`,
      expected: CANARY,
      command: `hookcast conform --secret ${CANARY} --to http://user:${KEY}@localhost:3000`,
      wire: [exchange, sampleExchange({ request: { ...exchange.request, body: Buffer.from(CANARY) } })],
    });
    const receiver = sampleReceiver(CANARY, [check], `try ${CANARY}`);
    const report = sampleReport([{ ...receiver, url: `http://user:${KEY}@localhost:3000/` }]);
    for (const { name, output } of everyOutput(report)) {
      expect(output, name).not.toContain('cafe-4bad');
      expect(output, name).not.toContain(KEY);
    }
    expect(REPORT_FORMATS.html.render(report, PLAIN)).toContain(
      'Persona-Signature: t=1,v1='.toLowerCase().slice(8),
    );
  });

  test('do not appear when something hands over more than the model has', () => {
    const extra = { secret: KEY, suiteContext: { secret: KEY } };
    const report = {
      ...SAMPLE_REPORT,
      ...extra,
      receivers: SAMPLE_REPORT.receivers.map((receiver) => ({
        ...receiver,
        ...extra,
        checks: receiver.checks.map((check) => ({
          ...check,
          ...extra,
          wire: check.wire.map((exchange) => ({ ...exchange, ...extra })),
        })),
      })),
    };
    for (const { name, output } of everyOutput(report)) expect(output, name).not.toContain(KEY);
  });

  test('the signature of a request is shown: it says nothing about its key', () => {
    expect(REPORT_FORMATS.html.render(SAMPLE_REPORT, PLAIN)).toContain(
      `Persona-Signature: t=1700000000,v1=${'0a'.repeat(32)}`,
    );
  });
});

test('hostile text is really in the sample, or the tests above prove nothing', () => {
  expect(JSON.stringify(SAMPLE_REPORT)).toContain(JSON.stringify(HOSTILE).slice(1, -1));
});
