import type { JsonMember, JsonNode } from './node.ts';

/** Compact JSON text, each scalar and key in the spelling of its source. */
export function serialise(node: JsonNode): string {
  if (node.kind === 'scalar') return node.text;
  // Loops, and no lists of pieces: this is most of what composing a body costs.
  let text = '';
  if (node.kind === 'array') {
    for (const item of node.items) text += (text === '' ? '' : ',') + serialise(item);
    return `[${text}]`;
  }
  for (const entry of node.members)
    text += `${text === '' ? '' : ','}${keyText(entry)}:${serialise(entry.value)}`;
  return `{${text}}`;
}

/** The same document with two spaces of indentation, for people. */
export function serialisePretty(node: JsonNode, indent = ''): string {
  const inner = `${indent}  `;
  if (node.kind === 'scalar') return node.text;
  const lines =
    node.kind === 'array'
      ? node.items.map((item) => inner + serialisePretty(item, inner))
      : node.members.map((entry) => `${inner}${keyText(entry)}: ${serialisePretty(entry.value, inner)}`);
  const [open, close] = node.kind === 'array' ? ['[', ']'] : ['{', '}'];
  return lines.length === 0 ? open + close : `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}

/** Keys are few, and come again in every document. */
const KEY_TEXTS = new Map<string, string>();
const KEY_TEXTS_MAX = 10_000;

function keyText({ key, spelling }: JsonMember): string {
  if (spelling !== undefined) return spelling;
  const known = KEY_TEXTS.get(key);
  if (known !== undefined) return known;
  const text = JSON.stringify(key);
  if (KEY_TEXTS.size < KEY_TEXTS_MAX) KEY_TEXTS.set(key, text);
  return text;
}
