import fc from 'fast-check';
import { Parser, type FinalResults } from 'tap-parser';
import { describe, expect, test } from 'vitest';
import { tapReport } from '../../../src/report/conformance/tap.ts';
import type { ConformanceReport } from '../../../src/conformance/report.ts';
import { hostileText } from '../../helpers/hostile-text.ts';
import {
  SAMPLE_REPORT,
  sampleCheck,
  sampleReceiver,
  sampleReport,
  SMALL_REPORT,
} from '../../helpers/sample-report.ts';

interface Parsed {
  readonly results: FinalResults;
  readonly children: readonly FinalResults[];
  readonly asserts: readonly { readonly name: string; readonly ok: boolean; readonly diag: any }[];
}

/** Strict: what is not TAP counts as a failure of its own. */
async function parse(report: ConformanceReport): Promise<Parsed> {
  const children: FinalResults[] = [];
  const asserts: any[] = [];
  return new Promise((resolve) => {
    const parser = new Parser({ strict: true }, (results) => resolve({ results, children, asserts }));
    parser.on('child', (child: Parser) => {
      child.on('assert', (assert: any) => asserts.push(assert));
      child.on('complete', (results: FinalResults) => children.push(results));
    });
    parser.end(tapReport(report));
  });
}

describe('TAP', () => {
  test('of a small report', () => {
    expect(tapReport(SMALL_REPORT)).toMatchInlineSnapshot(`
      "TAP version 14
      # hookcast conform: profile strict, seed 7
      1..1
      # Subtest: localhost:3000
          # http://localhost:3000/hook
          1..5
          ok 1 - ACK-01 Genuine event is acknowledged
          ok 2 - ACK-03 Latency headroom
            ---
            verdict: "non-strict"
            actual: "the 95th percentile of 20 is 1.4 s"
            expected: "accepts a genuine event with 200 within 5 s"
            basis: "Persona recommends it (graded here: should)"
            source: "Persona, Webhook Best Practices"
            duration_ms: 12
            cause: "the result is computed and not used"
            how_to_fix: "compare the digests, and answer 401 when they differ"
            fix: "docs/checks/ack.md#ack-03"
            repeat: "hookcast conform --to http://localhost:3000/hook --only ACK-03 --seed 7"
            ...
          not ok 3 - SIG-08 Over-long or non-hex v1
            ---
            verdict: "fail"
            actual: "65 digits: status 500 # and \\\\ 100 %\\n::error::x"
            expected: "answers an odd v1 without a 5xx status"
            basis: "general practice, not a requirement of Persona's (graded here: must)"
            source: "timingSafeEqual throws on unequal lengths"
            duration_ms: 12
            cause: "the result is computed and not used"
            how_to_fix: "compare the digests, and answer 401 when they differ"
            fix: "docs/checks/sig.md#sig-08"
            repeat: "hookcast conform --to http://localhost:3000/hook --only SIG-08 --seed 7"
            ...
          not ok 4 - SIG-09 Malformed header # TODO known to fail
            ---
            verdict: "fail"
            actual: "status 500"
            expected: "accepts a genuine event with 200 within 5 s"
            basis: "Persona requires it (graded here: must)"
            source: "Persona, Webhook Best Practices"
            duration_ms: 12
            cause: "the result is computed and not used"
            how_to_fix: "compare the digests, and answer 401 when they differ"
            fix: "docs/checks/sig.md#sig-09"
            repeat: "hookcast conform --to http://localhost:3000/hook --only SIG-09 --seed 7"
            ...
          ok 5 - IDEM-02 Duplicate has no second effect # SKIP give --oracle-url or --oracle-cmd
      not ok 1 - localhost:3000
      "
    `);
  });

  test('a parser counts what we count', async () => {
    const { results, children } = await parse(SAMPLE_REPORT);
    expect({ ok: results.ok, count: results.count, fail: results.fail }).toEqual({
      ok: false,
      count: 2,
      fail: 1,
    });
    expect(children.map(({ ok, count, fail, todo, skip }) => ({ ok, count, fail, todo, skip }))).toEqual([
      { ok: false, count: 8, fail: 3, todo: 1, skip: 2 },
      { ok: true, count: 8, fail: 0, todo: 0, skip: 0 },
    ]);
  });

  test('known failures do not fail a receiver', async () => {
    const known = sampleCheck('SIG-01', { verdict: 'fail', isKnown: true });
    expect((await parse(sampleReport([sampleReceiver('a', [known])]))).results.ok).toBe(true);
  });

  test('whatever a receiver answers, it stays one failure of one test, with the same words', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, async (text) => {
        const check = sampleCheck('SIG-01', { title: `a${text}b`, verdict: 'fail', actual: text });
        const receiver = sampleReceiver(`x${text}y`, [check, sampleCheck('SIG-02')], text);
        const { results, children, asserts } = await parse(sampleReport([receiver]));
        expect(results).toMatchObject({ ok: false, count: 1, fail: 1, todo: 0, skip: 0 });
        expect(children).toMatchObject([{ count: 2, fail: 1, pass: 1, todo: 0, skip: 0 }]);
        expect(asserts[0]!.diag.actual).toBe(text);
      }),
      { numRuns: 60 },
    );
  });
});
