import { mapScalars, scalar, type JsonNode, type JsonScalar } from '../json/node.ts';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/**
 * Moves every time by the same number of whole seconds, so that a coherent story stays one: ISO times, and the
 * unix seconds beside them (`created-at-ts`). Dates such as a birthdate stay.
 */
export function shiftTimes<T extends JsonNode>(node: T, seconds: number): T {
  return mapScalars(node, (leaf, key) => shiftScalar(leaf, key, seconds)) as T;
}

function shiftScalar(leaf: JsonScalar, key: string | undefined, seconds: number): JsonScalar {
  if (typeof leaf.value === 'number' && key?.endsWith('-at-ts') === true) return scalar(leaf.value + seconds);
  if (typeof leaf.value !== 'string' || !TIME.test(leaf.value)) return leaf;
  const fraction = TIME.exec(leaf.value)?.[1] ?? '';
  const shifted = new Date(Date.parse(leaf.value) + seconds * 1000).toISOString();
  return scalar(`${shifted.slice(0, 19)}${fraction}Z`);
}
