import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import type { ConformanceReport } from '../../../src/conformance/report.ts';
import { junitReport } from '../../../src/report/conformance/junit.ts';
import { hostileText } from '../../helpers/hostile-text.ts';
import {
  SAMPLE_REPORT,
  sampleCheck,
  sampleReceiver,
  sampleReport,
  SMALL_REPORT,
} from '../../helpers/sample-report.ts';

interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

/** Strict: throws on anything that is not well-formed XML 1.0. */
function parse(xml: string): XmlElement {
  const root: XmlElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes, children: [], text: '' };
    open.at(-1)!.children.push(element);
    open.push(element);
  });
  parser.on('text', (text) => (open.at(-1)!.text += text));
  parser.on('closetag', () => open.pop());
  parser.write(xml).close();
  return root.children[0]!;
}

function all(element: XmlElement, name: string): readonly XmlElement[] {
  const below = element.children.flatMap((child) => all(child, name));
  return element.name === name ? [element, ...below] : below;
}

const counted = (element: XmlElement) => ({
  tests: String(all(element, 'testcase').length),
  failures: String(all(element, 'failure').length),
  errors: String(all(element, 'error').length),
  skipped: String(all(element, 'skipped').length),
});

function expectSoundCounts(report: ConformanceReport): void {
  const root = parse(junitReport(report));
  for (const element of [root, ...all(root, 'testsuite')])
    expect(element.attributes).toMatchObject(counted(element));
  expect(all(root, 'testcase')).toHaveLength(report.receivers.flatMap(({ checks }) => checks).length);
}

describe('JUnit', () => {
  test('is well-formed and its counts agree', () => {
    for (const report of [SAMPLE_REPORT, SMALL_REPORT, sampleReport([])]) {
      expectSoundCounts(report);
      expectSoundCounts({ ...report, strict: true });
    }
  });

  test('is well-formed whatever a receiver answers, and keeps what XML can hold', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const check = sampleCheck('SIG-01', { verdict: 'fail', actual: text, title: text, command: text });
        const report = sampleReport([sampleReceiver(text, [check]), sampleReceiver('b', [])]);
        const root = parse(junitReport(report));
        const legal = text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]|\p{Surrogate}/gu, '');
        expect(all(root, 'failure')[0]!.attributes['message']).toBe(legal);
        expect(all(root, 'failure')[0]!.text.startsWith(legal)).toBe(true);
        expect(all(root, 'testcase')[0]!.attributes['name']).toBe(`SIG-01 ${legal}`);
      }),
    );
  });

  test('a suite per receiver and family, named for both when there are several', () => {
    const names = (report: ConformanceReport) =>
      all(parse(junitReport(report)), 'testsuite').map(({ attributes }) => attributes['name']);
    expect(names(SMALL_REPORT)).toEqual(['ACK acknowledging', 'SIG signature', 'IDEM duplicates']);
    expect(names(SAMPLE_REPORT).slice(0, 2)).toEqual([
      'cracked: ACK acknowledging',
      'cracked: SIG signature',
    ]);
  });

  test('a test case of each kind', () => {
    const cases = all(parse(junitReport(SMALL_REPORT)), 'testcase').map(({ attributes, children }) => [
      attributes['name'],
      attributes['time'],
      ...children.map(({ name, attributes: { message, type } }) => ({ name, message, type })),
    ]);
    expect(cases).toMatchInlineSnapshot(`
      [
        [
          "ACK-01 Genuine event is acknowledged",
          "0.012",
        ],
        [
          "ACK-03 Latency headroom",
          "0.012",
          {
            "message": undefined,
            "name": "system-out",
            "type": undefined,
          },
        ],
        [
          "SIG-08 Over-long or non-hex v1",
          "0.012",
          {
            "message": "65 digits: status 500 # and \\ 100 %
      ::error::x",
            "name": "failure",
            "type": "must",
          },
        ],
        [
          "SIG-09 Malformed header",
          "0.012",
          {
            "message": "known to fail: status 500",
            "name": "skipped",
            "type": undefined,
          },
        ],
        [
          "IDEM-02 Duplicate has no second effect",
          "0.012",
          {
            "message": "needs-oracle: give --oracle-url or --oracle-cmd",
            "name": "skipped",
            "type": undefined,
          },
        ],
      ]
    `);
  });
});
