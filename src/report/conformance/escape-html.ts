import { createHash } from 'node:crypto';
import { visibleLines } from './exchange-text.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For text and for quoted attribute values. Lone surrogates cannot be written as UTF-8. */
export function escapeHtml(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
    .replace(/\p{Surrogate}/gu, '\ufffd');
}

/** A page that loads nothing, runs nothing and sends nothing: all that it may do is show itself. */
export function pageOf(title: string, styleSheet: string, body: Markup): string {
  const digest = createHash('sha256').update(styleSheet).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Markup(styleSheet)}</style>
</head>
<body>
${body}
</body>
</html>
`.text;
}

/** A piece of HTML that is safe to put into a page: only `markup` makes it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Interpolation = string | number | Markup | readonly Markup[] | undefined;

/** Escapes every value but other markup, and makes control characters visible, so that no one can forget to. */
export function markup(strings: TemplateStringsArray, ...values: readonly Interpolation[]): Markup {
  const pieces = strings.map((string, index) => string + textOf(values[index]));
  return new Markup(pieces.join(''));
}

function textOf(value: Interpolation): string {
  if (value === undefined) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(({ text }) => text).join('');
  return escapeHtml(visibleLines(String(value)));
}
