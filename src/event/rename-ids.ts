import { scalar, type JsonScalar } from '../json/node.ts';
import { newId, prefixOfId } from '../persona/ids.ts';
import type { Random } from '../ports.ts';

/** Which id stands for which id of the fixture; shared between events that belong together. */
export type IdMap = Map<string, string>;

/**
 * Replaces a string that `ids` has an entry for, wherever it stands.
 * @param random - when given, an id that `ids` does not know yet gets a fresh one of the same kind, for good
 */
export function renameId(leaf: JsonScalar, ids: IdMap, random?: Random): JsonScalar {
  if (typeof leaf.value !== 'string') return leaf;
  const name = ids.get(leaf.value) ?? freshId(leaf.value, ids, random);
  return name === undefined ? leaf : scalar(name);
}

function freshId(id: string, ids: IdMap, random: Random | undefined): string | undefined {
  const prefix = random === undefined ? undefined : prefixOfId(id);
  if (random === undefined || prefix === undefined) return undefined;
  const name = newId(prefix, random);
  ids.set(id, name);
  return name;
}
