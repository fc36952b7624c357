import { mapScalars, scalar, type JsonNode } from '../json/node.ts';
import { newId, prefixOfId } from '../persona/ids.ts';
import type { Random } from '../ports.ts';

/** Which id stands for which id of the fixture; shared between events that belong together. */
export type IdMap = Map<string, string>;

/** Replaces every string that `ids` has an entry for, wherever it stands. */
export function renameIds<T extends JsonNode>(node: T, ids: ReadonlyMap<string, string>): T {
  return mapScalars(node, (leaf) => {
    const name = typeof leaf.value === 'string' ? ids.get(leaf.value) : undefined;
    return name === undefined ? leaf : scalar(name);
  }) as T;
}

/** Adds a fresh id of the same kind for each id of the document that `ids` does not know yet. */
export function assignFreshIds(node: JsonNode, ids: IdMap, random: Random): void {
  mapScalars(node, (leaf) => {
    if (typeof leaf.value !== 'string' || ids.has(leaf.value)) return leaf;
    const prefix = prefixOfId(leaf.value);
    if (prefix !== undefined) ids.set(leaf.value, newId(prefix, random));
    return leaf;
  });
}
