import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { ctrfReport, toCtrfReport } from '../../../src/report/conformance/ctrf.ts';
import { SAMPLE_REPORT, sampleReport, SMALL_REPORT } from '../../helpers/sample-report.ts';

const whole = { type: 'integer' };
const text = { type: 'string' };
const closed = (properties: object, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const counts = { tests: whole, passed: whole, failed: whole, pending: whole, skipped: whole, other: whole };

/** What https://ctrf.io says of the members that we write. */
const SCHEMA = closed({
  reportFormat: { const: 'CTRF' },
  specVersion: { type: 'string', pattern: '^[0-9]+\\.[0-9]+\\.[0-9]+$' },
  results: closed({
    tool: closed({ name: { type: 'string', minLength: 1 }, version: { type: 'string', minLength: 1 } }),
    summary: closed({ ...counts, start: whole, stop: whole }),
    tests: {
      type: 'array',
      items: closed(
        {
          name: { type: 'string', minLength: 1 },
          status: { enum: ['passed', 'failed', 'skipped', 'pending', 'other'] },
          ...{ duration: whole, start: whole, stop: whole, type: text, rawStatus: text },
          ...{ message: text, trace: text },
          suite: { type: 'array', minItems: 1, items: text },
          tags: { type: 'array', items: text },
        },
        ['name', 'status', 'duration'],
      ),
    },
  }),
});

describe('CTRF', () => {
  test('is what the format says', () => {
    const isValid = new Ajv().compile(SCHEMA);
    for (const report of [SAMPLE_REPORT, SMALL_REPORT, sampleReport([])]) {
      isValid(JSON.parse(ctrfReport(report)));
      expect(isValid.errors).toBeNull();
    }
  });

  test('counts its tests', () => {
    const { summary, tests } = toCtrfReport(SAMPLE_REPORT).results;
    expect(summary).toEqual({
      ...{ tests: 16, passed: 10, failed: 2, pending: 1, skipped: 2, other: 1 },
      start: Date.parse('2026-01-02T03:04:05.678Z'),
      stop: Date.parse('2026-01-02T03:04:06.913Z'),
    });
    for (const status of ['passed', 'failed', 'pending', 'skipped', 'other'] as const)
      expect(tests.filter((test) => test.status === status)).toHaveLength(summary[status]);
  });

  test('tells known failures and what was not run from what passed', () => {
    const { tests } = toCtrfReport(SMALL_REPORT).results;
    expect(tests.map(({ name, status, rawStatus, message }) => [name, status, rawStatus, message]))
      .toMatchInlineSnapshot(`
      [
        [
          "ACK-01 Genuine event is acknowledged",
          "passed",
          "pass",
          undefined,
        ],
        [
          "ACK-03 Latency headroom",
          "passed",
          "non-strict",
          "the 95th percentile of 20 is 1.4 s",
        ],
        [
          "SIG-08 Over-long or non-hex v1",
          "failed",
          "fail",
          "65 digits: status 500 # and \\ 100 %
      ::error::x",
        ],
        [
          "SIG-09 Malformed header",
          "pending",
          "fail",
          "status 500",
        ],
        [
          "IDEM-02 Duplicate has no second effect",
          "skipped",
          "needs-oracle",
          "give --oracle-url or --oracle-cmd",
        ],
      ]
    `);
  });
});
