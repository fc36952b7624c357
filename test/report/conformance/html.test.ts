import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { htmlReport } from '../../../src/report/conformance/html.ts';
import { hostileText } from '../../helpers/hostile-text.ts';
import {
  SAMPLE_REPORT,
  sampleCheck,
  sampleExchange,
  sampleReceiver,
  sampleReport,
  sampleResponse,
} from '../../helpers/sample-report.ts';

const withExchange = (changes: Parameters<typeof sampleExchange>[0]) =>
  htmlReport(
    sampleReport([sampleReceiver('a', [sampleCheck('SIG-01', { wire: [sampleExchange(changes)] })])]),
  );

describe('HTML', () => {
  test('no answer of a receiver adds a tag or an attribute', () => {
    const shape = (text: string) => {
      const check = sampleCheck('SIG-01', {
        ...{ verdict: 'fail', title: text, actual: text, command: text },
        wire: [
          sampleExchange({
            label: text,
            response: { ...sampleResponse(200, `x${text}`), headers: [[text, text]] },
          }),
        ],
      });
      const html = htmlReport(sampleReport([sampleReceiver(text, [check], text)]));
      return html.replace(/>[^<]*</g, '><').replace(/"[^"]*"/g, '""');
    };
    const calm = shape('calm');
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(shape(text)).toBe(calm);
      }),
    );
  });

  test('allows its own style sheet and nothing else', () => {
    const html = htmlReport(SAMPLE_REPORT);
    const [, sheet] = /<style>([^<]*)<\/style>/.exec(html)!;
    const hash = createHash('sha256').update(sheet!).digest('base64');
    expect(html).toContain(
      `content="default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;"`,
    );
    expect(html).not.toMatch(
      /<(?:script|link|img|iframe|object|form)\b|\s(?:style|src|on\w+)=(?=")|url\(|@import/,
    );
  });

  test('every anchor has exactly one place', () => {
    const html = htmlReport(SAMPLE_REPORT);
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of html.matchAll(/ href="#([^"]+)"/g)) expect(ids).toContain(target);
    expect([...html.matchAll(/ href="(?!#)/g)]).toEqual([]);
  });

  test('cuts bodies and says how long they are', () => {
    expect(withExchange({ response: sampleResponse(200, 'é'.repeat(4_000)) })).toContain(
      'the first 400 of 8,000 bytes',
    );
    expect(withExchange({ response: { ...sampleResponse(200, 'ab'), truncated: true } })).toContain(
      'more than 2 bytes',
    );
  });

  test('shows bytes that are not text as such', () => {
    expect(withExchange({ response: sampleResponse(200, Buffer.from([0xff, 0x41, 0x3c])) })).toContain(
      `00000000  ff 41 3c${' '.repeat(41)}.A&lt;</pre>`,
    );
  });

  test('marks where the five seconds of an exchange end', () => {
    const html = htmlReport(SAMPLE_REPORT);
    const [, acknowledging] = html.split('id="r0-ACK-03"');
    const picture = acknowledging!.slice(acknowledging!.indexOf('<svg'), acknowledging!.indexOf('</svg>'));
    expect(picture.match(/class="(?:limit|late|answered|lost)" x1?="[^"]+"/g)).toEqual([
      'class="answered" x="0.000%"',
      'class="limit" x1="43.103%"',
      'class="late" x="12.500%"',
      'class="limit" x1="55.603%"',
      'class="answered" x="56.034%"',
      'class="limit" x1="99.138%"',
    ]);
    expect(html).toContain('Dashed: Persona&#39;s limit of 5 s per attempt.');
  });

  test('of thousands of exchanges it shows some, and says so', () => {
    const wire = Array.from({ length: 2_000 }, () => sampleExchange());
    const page = (verdict: 'pass' | 'fail') =>
      htmlReport(sampleReport([sampleReceiver('a', [sampleCheck('LOAD-01', { wire, verdict })])]));
    expect(page('pass')).toContain('1995 more exchanges are not shown.');
    const html = page('fail');
    expect(html).toContain('1940 more exchanges are not shown.');
    expect(html.length).toBeLessThan(100_000);
  });

  test('begins with what failed, each with its fix', () => {
    const text = htmlReport(SAMPLE_REPORT).replace(/<style>.*?<\/style>/s, '');
    const section = text.slice(text.indexOf('id="to-fix"'), text.indexOf('id="receivers"'));
    expect(section.match(/<code>[A-Z]+-\d+<\/code>/g)).toEqual(['<code>SIG-04</code>']);
    expect(section).toContain(
      '<strong>Fix:</strong> compare the digests, and answer 401 when they differ</li>',
    );
  });
});
