import { object, type JsonNode } from './node.ts';

/**
 * Lays `patch` over `base`: objects are merged member by member, everything else replaces what was there,
 * `null` included. Unlike RFC 7386, where null deletes, since Persona's bodies are full of nulls.
 */
export function overlay(base: JsonNode | undefined, patch: JsonNode): JsonNode {
  if (base?.kind !== 'object' || patch.kind !== 'object') return patch;
  const patched = base.members.map((entry) => {
    const change = patch.members.find((candidate) => candidate.key === entry.key);
    return change === undefined ? entry : { ...entry, value: overlay(entry.value, change.value) };
  });
  const known = new Set(base.members.map((entry) => entry.key));
  return object([...patched, ...patch.members.filter((entry) => !known.has(entry.key))]);
}
