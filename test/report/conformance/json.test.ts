import { describe, expect, expectTypeOf, test } from 'vitest';
import type { VerdictKind } from '../../../src/conformance/check.ts';
import {
  jsonReport,
  toJsonReport,
  type JsonCheck,
  type JsonReport,
} from '../../../src/report/conformance/json.ts';
import { SAMPLE_REPORT, SMALL_REPORT } from '../../helpers/sample-report.ts';

/** A contract: members are added, none is renamed, dropped or given another meaning. */
describe('the JSON contract', () => {
  test('its members', () => {
    const report = toJsonReport(SMALL_REPORT);
    expect(Object.keys(report)).toEqual(['schema', 'seed', 'startedAt', 'receivers']);
    expect(Object.keys(report.receivers[0]!)).toEqual([
      'name',
      'url',
      'summary',
      'checks',
      'diagnosis',
      'explained',
    ]);
    expect({
      ...report,
      receivers: [{ ...report.receivers[0]!, checks: report.receivers[0]!.checks.slice(2, 3) }],
    }).toMatchInlineSnapshot(`
      {
        "receivers": [
          {
            "checks": [
              {
                "actual": "65 digits: status 500 # and \\ 100 %
      ::error::x",
                "basis": "general practice",
                "cause": "the result is computed and not used",
                "durationMs": 12.346,
                "expected": "answers an odd v1 without a 5xx status",
                "family": "SIG",
                "fix": "docs/checks/sig.md#sig-08",
                "howToFix": "compare the digests, and answer 401 when they differ",
                "id": "SIG-08",
                "known": false,
                "level": "must",
                "repeat": "hookcast conform --to http://localhost:3000/hook --only SIG-08 --seed 7",
                "requirement": "accepts it with 200 within 5 s",
                "slug": "sample-sig-08",
                "source": "timingSafeEqual throws on unequal lengths",
                "title": "Over-long or non-hex v1",
                "verdict": "fail",
              },
            ],
            "diagnosis": null,
            "explained": [],
            "name": "localhost:3000",
            "summary": {
              "error": 0,
              "fail": 2,
              "info": 0,
              "needs-oracle": 1,
              "non-strict": 1,
              "pass": 1,
              "skipped": 0,
            },
            "url": "http://localhost:3000/hook",
          },
        ],
        "schema": "hookcast-report/1",
        "seed": 7,
        "startedAt": "2026-01-02T03:04:05.678Z",
      }
    `);
  });

  test('its types', () => {
    expectTypeOf<JsonReport['schema']>().toEqualTypeOf<'hookcast-report/1'>();
    expectTypeOf<JsonReport['receivers'][number]['summary']>().toEqualTypeOf<
      Readonly<Record<VerdictKind, number>>
    >();
    expectTypeOf<JsonReport['receivers'][number]['diagnosis']>().toEqualTypeOf<string | null>();
    expectTypeOf<JsonCheck['verdict']>().toEqualTypeOf<
      'pass' | 'non-strict' | 'info' | 'fail' | 'error' | 'skipped' | 'needs-oracle'
    >();
  });

  test('reads back as what it was made from', () => {
    expect(JSON.parse(jsonReport(SAMPLE_REPORT))).toEqual(toJsonReport(SAMPLE_REPORT));
  });

  test('its counts are those of its checks', () => {
    for (const { summary, checks } of toJsonReport(SAMPLE_REPORT).receivers)
      for (const [verdict, count] of Object.entries(summary))
        expect(checks.filter((check) => check.verdict === verdict)).toHaveLength(count);
  });
});
