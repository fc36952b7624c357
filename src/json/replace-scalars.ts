import type { JsonNode, JsonScalar } from './node.ts';
import { parseJson } from './text.ts';

/** The keys that lead to a scalar, outermost first; the items of an array have the key of the array. */
export type KeyPath = readonly string[];

/**
 * JSON text with some scalars and keys replaced, and every other character, white space too, as it was. Both
 * functions return the new spelling, or undefined for the old one.
 * @throws {JsonSyntaxError}
 */
export function replaceScalars(
  text: string,
  change: (leaf: JsonScalar, keys: KeyPath) => string | undefined,
  changeKey: (key: string, spelling: string) => string | undefined = () => undefined,
): string {
  const pieces: string[] = [];
  let [copied, at] = [0, 0];
  // Keys and scalars stand in the text in the order of the walk, with nothing but signs and spaces between.
  const pass = (token: string) => {
    const start = text.indexOf(token, at);
    at = start + token.length;
    return start;
  };
  const put = (start: number, spelled: string | undefined) => {
    if (spelled === undefined) return;
    pieces.push(text.slice(copied, start), spelled);
    copied = at;
  };
  const visit = (node: JsonNode, keys: KeyPath): void => {
    if (node.kind === 'array') for (const item of node.items) visit(item, keys);
    if (node.kind === 'object')
      for (const { key, spelling, value } of node.members) {
        const written = spelling ?? JSON.stringify(key);
        put(pass(written), changeKey(key, written));
        visit(value, [...keys, key]);
      }
    if (node.kind !== 'scalar') return;
    put(pass(node.text), change(node, keys));
  };
  visit(parseJson(text), []);
  return [...pieces, text.slice(copied)].join('');
}
