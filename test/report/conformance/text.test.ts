import fc from 'fast-check';
import { Chalk } from 'chalk';
import { describe, expect, test } from 'vitest';
import { textReport } from '../../../src/report/conformance/text.ts';
import { hostileText } from '../../helpers/hostile-text.ts';
import {
  SAMPLE_REPORT,
  sampleCheck,
  sampleExchange,
  sampleReceiver,
  sampleReport,
  sampleResponse,
  SMALL_REPORT,
} from '../../helpers/sample-report.ts';

const PLAIN = { chalk: new Chalk({ level: 0 }), verbose: false };
const VERBOSE = { ...PLAIN, verbose: true };

describe('text', () => {
  test('one receiver', () => {
    expect(textReport(SMALL_REPORT, PLAIN)).toMatchInlineSnapshot(`
      "Conformance: profile strict, seed 7, 1.23 s

      localhost:3000  http://localhost:3000/hook

        ACK  acknowledging
          ✓ ACK-01   Genuine event is acknowledged
          ~ ACK-03   Latency headroom

        SIG  signature
          ✗ SIG-08   Over-long or non-hex v1
          ✗ SIG-09   Malformed header (known)

        IDEM  duplicates
          ? IDEM-02  Duplicate has no second effect

        ✗ SIG-08   Over-long or non-hex v1
            seen      65 digits: status 500 # and \\ 100 %\\n::error::x, answer:
                      "TypeError: boom\\u001b[0m"
            expected  answers an odd v1 without a 5xx status
            cause     the result is computed and not used
            fix       compare the digests, and answer 401 when they differ
            basis     general practice, not a requirement of Persona's (graded here:
                      must)
            page      docs/checks/sig.md#sig-08
            repeat    hookcast conform --to http://localhost:3000/hook --only SIG-08 \\
                      --seed 7

        What went over the wire: --verbose; as curl lines: --save <folder>

        Known to fail (--baseline), not counted:
          ✗ SIG-09   Malformed header: status 500

        Not strict (a failure with --strict):
          ~ ACK-03   Latency headroom: the 95th percentile of 20 is 1.4 s

        Not judged
          ? give --oracle-url or --oracle-cmd:
              IDEM-02

        5 checks: 1 failed, 1 known to fail, 1 pass, 1 not strict, 1 needs oracle
      "
    `);
  });

  test('checks that one reason kept from being judged are told together', () => {
    const error = { verdict: 'error', actual: 'the receiver limits requests (status 429)' } as const;
    const checks = (['RAW-01', 'RAW-02'] as const).map((id) => sampleCheck(id, error));
    const alone = sampleCheck('ROT-01', {
      verdict: 'error',
      actual: 'the check itself broke: x',
      cause: 'c',
    });
    const text = textReport(sampleReport([sampleReceiver('a', [...checks, alone])]), PLAIN);
    expect(text).toContain(
      [
        '  ! 2 checks could not be judged: the receiver limits requests (status 429)',
        '      RAW-01 RAW-02',
        '      repeat    hookcast conform',
      ].join('\n'),
    );
    expect(text).toContain('  ! ROT-01   ');
    expect(text).not.toMatch(/cause|fix |page /);
  });

  test('several receivers stand in a matrix', () => {
    const head = textReport(SAMPLE_REPORT, PLAIN).split('\ncracked  ')[0];
    expect(head).toMatchInlineSnapshot(`
      "Conformance: profile strict, seed 7, 1.23 s

         1  cracked  http://localhost:3000/hook
         2  sound    http://localhost:3000/hook

                    1   2
        ACK  acknowledging
        ACK-01      ✓   ✓  Genuine event is acknowledged
        ACK-03      ~   ✓  Latency headroom
        SIG  signature
        SIG-04      ✗   ✓  Body whitespace changed
        SIG-08      ✗   ✓  Over-long or non-hex v1
        ROT  secret rotation
        ROT-03      !   ✓  Rotation: neither secret known
        TIME  timestamps and replay
        TIME-08     i   ✓  Late retry, original t
        IDEM  duplicates
        IDEM-02     ?   ✓  Duplicate has no second effect
        IDEM-09     -   ✓  Dedupe survives restart
      "
    `);
  });

  test('more receivers than fit stand in a second matrix', () => {
    const receivers = Array.from({ length: 14 }, (_, index) =>
      sampleReceiver(`r${index}`, [
        sampleCheck(index === 13 ? 'SIG-01' : 'ACK-01', { title: 'x'.repeat(90) }),
      ]),
    );
    const lines = textReport(sampleReport(receivers), PLAIN).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBe(80);
    expect(lines).toContain(`  SIG-01          ✓  ${'x'.repeat(56)}...`);
  });

  test('nothing is wider than 80 columns, and nothing moves the cursor', () => {
    fc.assert(
      fc.property(hostileText, fc.boolean(), (text, verbose) => {
        const check = sampleCheck('SIG-01', {
          ...{ verdict: 'fail', actual: text, expected: text },
          wire: [sampleExchange({ label: text, response: sampleResponse(200, text) })],
        });
        const report = sampleReport([sampleReceiver('a', [check], text)]);
        for (const line of textReport(report, { ...PLAIN, verbose }).split('\n')) {
          expect(Array.from(line).length).toBeLessThanOrEqual(80);

          expect(line).not.toMatch(/[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/);
        }
      }),
    );
  });

  test('what a refused genuine event explains beside it is one line', () => {
    const checks = (['ACK-01', 'SIG-11'] as const).map((id) => sampleCheck(id, { verdict: 'fail' }));
    const receiver = { ...sampleReceiver('a', checks, 'base64'), explained: ['ACK-01', 'SIG-11'] };
    const lines = textReport(sampleReport([receiver]), PLAIN).split('\n');
    expect(lines).toContain('  For the same reason (in full: --verbose): SIG-11');
    expect(lines.filter((line) => line.includes('SIG-11'))).toHaveLength(1);
  });

  test('a header that fills pages is cut, also with --verbose', () => {
    const exchange = sampleExchange();
    const headers = [['Persona-Signature', `t=1,v1=${'a'.repeat(10_000)}`]] as const;
    const wire = [{ ...exchange, request: { ...exchange.request, headers } }];
    const text = textReport(sampleReport([sampleReceiver('a', [sampleCheck('SIG-08', { wire })])]), VERBOSE);
    expect(text.replace(/\n +> /g, '')).toContain('… (10,007 characters)');
    expect(text.split('\n').length).toBeLessThan(60);
  });

  test('verbose shows every check that was run in full, controls too', () => {
    const text = textReport(SAMPLE_REPORT, VERBOSE);
    expect(text).toContain('control before: 200 OK in 4.5 ms');
    expect(text.match(/repeat {4}hookcast conform/g)).toHaveLength(14);
    expect(textReport(SAMPLE_REPORT, PLAIN).match(/repeat {4}hookcast conform/g)).toHaveLength(2);
  });

  test('under strict what is not strict is a failure', () => {
    const text = textReport({ ...SMALL_REPORT, strict: true }, PLAIN);
    expect(text).toContain('5 checks: 2 failed, 1 known to fail, 1 pass, 1 needs oracle');
    expect(text).not.toContain('Not strict (a failure');
  });

  test('colours whole lines', () => {
    const text = textReport(SMALL_REPORT, { chalk: new Chalk({ level: 1 }), verbose: false });
    expect(text).toContain('\u001b[32m    ✓ ACK-01   Genuine event is acknowledged\u001b[39m\n');
    expect(text).toContain('\u001b[31m    ✗ SIG-08   Over-long or non-hex v1\u001b[39m\n');
  });
});
