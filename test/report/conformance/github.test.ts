import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { githubReport } from '../../../src/report/conformance/github.ts';
import { markdownReport, SUMMARY_LIMIT_BYTES } from '../../../src/report/conformance/markdown.ts';
import { hostileText } from '../../helpers/hostile-text.ts';
import {
  SAMPLE_REPORT,
  sampleCheck,
  sampleReceiver,
  sampleReport,
  SMALL_REPORT,
} from '../../helpers/sample-report.ts';

const failing = (text: string, count = 1) =>
  Array.from({ length: count }, (_, index) =>
    sampleCheck(`SIG-${index + 1}`, { verdict: 'fail', title: text, actual: text, command: text }),
  );

describe('GitHub annotations', () => {
  test('of a small report', () => {
    expect(githubReport(SMALL_REPORT)).toMatchInlineSnapshot(`
      "::error title=SIG-08 Over-long or non-hex v1::65 digits: status 500 # and \\ 100 %25\\n::error::x%0Aexpected: answers an odd v1 without a 5xx status%0Abasis: general practice, not a requirement of Persona's (graded here: must); timingSafeEqual throws on unequal lengths%0Acause: the result is computed and not used%0Afix: compare the digests, and answer 401 when they differ%0Apage: docs/checks/sig.md#sig-08%0Arepeat: hookcast conform --to http://localhost:3000/hook --only SIG-08 --seed 7
      ::warning title=ACK-03 Latency headroom::the 95th percentile of 20 is 1.4 s%0Aexpected: accepts a genuine event with 200 within 5 s%0Abasis: Persona recommends it (graded here: should); Persona, Webhook Best Practices%0Acause: the result is computed and not used%0Afix: compare the digests, and answer 401 when they differ%0Apage: docs/checks/ack.md#ack-03%0Arepeat: hookcast conform --to http://localhost:3000/hook --only ACK-03 --seed 7
      ::warning title=SIG-09 Malformed header (known)::status 500%0Aexpected: accepts a genuine event with 200 within 5 s%0Abasis: Persona requires it (graded here: must); Persona, Webhook Best Practices%0Acause: the result is computed and not used%0Afix: compare the digests, and answer 401 when they differ%0Apage: docs/checks/sig.md#sig-09%0Arepeat: hookcast conform --to http://localhost:3000/hook --only SIG-09 --seed 7
      ::notice title=hookcast conform::localhost:3000: 1 pass, 1 not strict, 2 fail, 1 needs oracle
      "
    `);
  });

  test('no answer of a receiver becomes a command', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const report = sampleReport([sampleReceiver(text, failing(text), text), sampleReceiver('b', [])]);
        const lines = githubReport(report).trimEnd().split('\n');
        expect(lines).toHaveLength(3);
        for (const line of lines) expect(line).toMatch(/^::(?:error|notice) title=[^:,\r\n]*::[^\r\n]*$/);
      }),
    );
  });

  test('at most ten of a kind, and one line on the rest', () => {
    const known = failing('known', 12).map((check) => ({ ...check, isKnown: true }));
    const lines = githubReport(sampleReport([sampleReceiver('a', [...failing('x', 13), ...known])])).split(
      '\n',
    );
    expect(lines.filter((line) => line.startsWith('::error '))).toHaveLength(10);
    expect(lines.filter((line) => line.startsWith('::warning '))).toHaveLength(10);
    expect(lines.slice(20)).toEqual([
      '::notice title=hookcast conform::a: 25 fail%0A5 more: SIG-11 x; SIG-12 x; SIG-13 x; SIG-11 known (known); SIG-12 known (known)',
      '',
    ]);
  });

  test('the diagnosis comes first', () => {
    expect(githubReport(SAMPLE_REPORT)).toMatch(/^::error title=cracked%3A diagnosis::It seems to expect/);
  });
});

describe('Markdown', () => {
  test('of a small report', () => {
    expect(markdownReport(SMALL_REPORT)).toMatchInlineSnapshot(`
      "# Conformance

      Profile strict, seed 7, 1.23 s.

      | receiver | ✓ pass | ~ not strict | i info | ✗ fail | ! error | - skipped | ? needs oracle |
      | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
      | localhost&#58;3000 | 1 | 1 | 0 | 2 | 0 | 0 | 1 |

      ## localhost&#58;3000

      Receiver: http&#58;//localhost&#58;3000/hook

      <details>
      <summary>✗ fail: SIG-08 Over-long or non-hex v1</summary>

      - sent: a genuine event
      - expected: answers an odd v1 without a 5xx status
      - actual: 65 digits&#58; status 500 &#35; and &#92; 100 &#37;&#92;n&#58;&#58;error&#58;&#58;x
      - basis: general practice, not a requirement of Persona's (graded here&#58; must)
      - source: timingSafeEqual throws on unequal lengths
      - cause: the result is computed and not used
      - fix: compare the digests, and answer 401 when they differ
      - page: docs/checks/sig&#46;md&#35;sig-08
      - repeat: <code>hookcast conform --to http&#58;//localhost&#58;3000/hook --only SIG-08 --seed 7</code>

      </details>

      <details>
      <summary>✗ fail (known): SIG-09 Malformed header</summary>

      - sent: a genuine event
      - expected: accepts a genuine event with 200 within 5 s
      - actual: status 500
      - basis: Persona requires it (graded here&#58; must)
      - source: Persona, Webhook Best Practices
      - cause: the result is computed and not used
      - fix: compare the digests, and answer 401 when they differ
      - page: docs/checks/sig&#46;md&#35;sig-09
      - repeat: <code>hookcast conform --to http&#58;//localhost&#58;3000/hook --only SIG-09 --seed 7</code>

      </details>

      ### Not strict

      - ACK-03 Latency headroom&#58; the 95th percentile of 20 is 1&#46;4 s

      ### Not judged

      - give --oracle-url or --oracle-cmd: IDEM-02
      "
    `);
  });

  test('no answer of a receiver adds a line, a cell or a tag', () => {
    const shape = (text: string) => {
      const report = sampleReport([sampleReceiver(text, failing(text), text)]);
      const markdown = markdownReport(report).replace(/&#\d+;/g, '');
      return [markdown.split('\n').length, markdown.match(/[<>|`[\]*_#@]/g)?.join('')];
    };
    const calm = shape('calm');
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(shape(text)).toEqual(calm);
      }),
    );
  });

  test('stays below what GitHub takes, and says what it left out', () => {
    const markdown = markdownReport(sampleReport([sampleReceiver('a', failing('é'.repeat(2_000), 300))]));
    expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(SUMMARY_LIMIT_BYTES);
    expect(Buffer.byteLength(markdown)).toBeGreaterThan(SUMMARY_LIMIT_BYTES - 50_000);
    expect(markdown).toMatch(/\n_Cut: \d+ more parts do not fit; the HTML report has all\._\n$/);
    expect(markdown.match(/<details>/g)?.length).toBe(markdown.match(/<\/details>/g)?.length);
  });
});
