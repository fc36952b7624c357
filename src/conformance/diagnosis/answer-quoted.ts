import type { Exchange } from '../../ports.ts';
import { printable } from '../../text/printable.ts';

const QUOTED_CHARACTERS = 100;

/** `: "bad signature"`: the receiver's own words, on one line, safe and cut; empty where it said nothing. */
export function answerQuoted(exchange: Exchange): string {
  const text = answerText(exchange);
  return text === '' ? '' : `: "${printable(text, QUOTED_CHARACTERS)}"`;
}

/** Without mark-up and line breaks. */
export function answerText(exchange: Exchange): string {
  if (exchange.kind !== 'response') return '';
  const text = exchange.response.body.subarray(0, 4_096).toString('utf8');
  return text
    .replace(/<(style|script)\b.*?<\/\1>/gis, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
