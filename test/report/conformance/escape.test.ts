import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeHtml, markup } from '../../../src/report/conformance/escape-html.ts';
import { escapeMarkdown } from '../../../src/report/conformance/escape-markdown.ts';
import { escapeXml, escapeXmlAttribute } from '../../../src/report/conformance/escape-xml.ts';
import { escapeData, escapeProperty } from '../../../src/report/conformance/github.ts';
import { escapeTap } from '../../../src/report/conformance/tap.ts';
import { wrap, wrapHard } from '../../../src/report/conformance/wrap.ts';
import { hostileText } from '../../helpers/hostile-text.ts';

const holds = (property: (text: string) => void) => fc.assert(fc.property(hostileText, property));
const wellFormed = (text: string) => text.replace(/\p{Surrogate}/gu, '\ufffd');

function decoded(text: string): string {
  const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replace(/&(?:#(\d+)|(\w+));/g, (_, code: string | undefined, name: string) =>
    code === undefined ? named[name]! : String.fromCharCode(Number(code)),
  );
}

describe('HTML', () => {
  test('leaves nothing that a parser would act on, and means the same text', () =>
    holds((text) => {
      const escaped = escapeHtml(text);
      expect(escaped).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)|\p{Surrogate}/u);
      expect(decoded(escaped)).toBe(wellFormed(text));
    }));

  test('escapes every value of a template, makes controls visible, and trusts only other templates', () => {
    expect(markup`<a title="${'"><b>'}">${'\u202e<'}${markup`<i>${1}</i>`}${undefined}</a>`.text).toBe(
      '<a title="&quot;&gt;&lt;b&gt;">\\u202e&lt;<i>1</i></a>',
    );
  });
});

describe('XML', () => {
  test('leaves nothing that a parser would act on or refuse, and means the same legal text', () =>
    holds((text) => {
      const legal = text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]|\p{Surrogate}/gu, '');
      for (const escaped of [escapeXml(text), escapeXmlAttribute(text)]) {
        expect(escaped).not.toMatch(/[<>"'\r\0-\x08\ufffe\uffff]|\p{Surrogate}/u);
        expect(decoded(escaped)).toBe(legal);
      }
      expect(escapeXmlAttribute(text)).not.toMatch(/[\n\t]/);
    }));
});

describe('Markdown', () => {
  test('leaves no character with a meaning, and means the same text', () =>
    holds((text) => {
      const escaped = escapeMarkdown(text);
      expect(escaped).toMatch(/^(?:[A-Za-z0-9 ,;=/()'"\u0080-\u{10ffff}-]|&#\d+;)*$/u);
      expect(decoded(escaped)).toBe(wellFormed(text).replace(/[\0-\x1f]/g, ' '));
    }));
});

describe('GitHub commands', () => {
  test('cannot end early, and mean the same text', () =>
    holds((text) => {
      expect(escapeData(text)).not.toMatch(/[\r\n]/);
      expect(escapeProperty(text)).not.toMatch(/[\r\n:,]/);
      expect(decodeURIComponent(wellFormed(escapeProperty(text)))).toBe(wellFormed(text));
    }));
});

describe('TAP', () => {
  test('leaves no line feed and no # that would begin a directive', () =>
    holds((text) => {
      const escaped = escapeTap(text);
      expect(escaped).not.toMatch(/[\0-\x1f]|\p{Surrogate}/u);
      expect(escaped.replace(/\\[\\#]/g, '')).not.toMatch(/[\\#]/);
    }));
});

describe('wrapping', () => {
  test('keeps to the columns and loses no word', () => {
    const words = fc
      .array(fc.stringMatching(/^[a-z]{1,30}$/), { minLength: 1 })
      .map((list) => list.join(' '));
    fc.assert(
      fc.property(words, fc.integer({ min: 6, max: 40 }), (text, columns) => {
        const lines = wrap(text, { columns, lead: ' a: ' });
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
        expect(lines.join('').slice(4).replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      }),
    );
  });

  test('breaks anywhere where spaces count', () => {
    expect(wrapHard('a  b\u{1f600}c', { columns: 6, lead: '> ' })).toEqual(['> a  b', '> \u{1f600}c']);
    expect(wrapHard('', { columns: 6, lead: '> ' })).toEqual(['>']);
  });
});
