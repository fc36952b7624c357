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

/** What a page with this style sheet may do: show itself. */
export function pagePolicy(styleSheet: string): string {
  const digest = createHash('sha256').update(styleSheet).digest('base64');
  return `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`;
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
