import type { JsonMember, JsonNode } from './node.ts';

/** Compact JSON text, each scalar and key in the spelling of its source. */
export function serialise(node: JsonNode): string {
  switch (node.kind) {
    case 'scalar':
      return node.text;
    case 'array':
      return `[${node.items.map(serialise).join(',')}]`;
    case 'object':
      return `{${node.members.map((entry) => `${keyText(entry)}:${serialise(entry.value)}`).join(',')}}`;
  }
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

function keyText(entry: JsonMember): string {
  return entry.spelling ?? JSON.stringify(entry.key);
}
