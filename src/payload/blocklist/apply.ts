import {
  array,
  at,
  member,
  object,
  stringAt,
  withMember,
  type JsonNode,
  type JsonObject,
} from '../../json/node.ts';
import { canonicalKey } from '../../persona/key-convention.ts';
import { parseEntry, type BlocklistEntry } from './parse-entry.ts';

/** A removed attribute: where it stood, from the payload downwards, and the entry that removed it. */
export interface Removal {
  readonly path: string;
  readonly entry: string;
}

export interface BlocklistResult {
  readonly document: JsonObject;
  readonly removed: readonly Removal[];
  /** Entries that matched nothing in this event: a typo here leaks personal data in production. */
  readonly unmatched: readonly string[];
}

export type Blocklist = readonly BlocklistEntry[];

/** Reads a whole blocklist once. @throws {BlocklistSyntaxError} for the first entry that follows no form */
export function parseBlocklist(entries: readonly string[]): Blocklist {
  return entries.map(parseEntry);
}

/**
 * Removes every blocked key, with its value, from the `attributes` of the payload's objects. Ids, types,
 * relationships and the event's own attributes are out of its reach.
 */
export function applyBlocklist(document: JsonObject, blocklist: Blocklist): BlocklistResult {
  if (blocklist.length === 0) return { document, removed: [], unmatched: [] };
  const run: Run = { blocklist, removed: [], matched: new Set() };
  const payload = at(document, 'data', 'attributes', 'payload') as JsonObject;
  const changed = object(
    payload.members.map((entry) => ({ ...entry, value: filterPart(entry.key, entry.value, run) })),
  );
  const data = member(document, 'data') as JsonObject;
  const attributes = withMember(member(data, 'attributes') as JsonObject, 'payload', changed);
  return {
    document: withMember(document, 'data', withMember(data, 'attributes', attributes)),
    removed: run.removed,
    unmatched: blocklist.filter((entry) => !run.matched.has(entry)).map(({ text }) => text),
  };
}

interface Run {
  readonly blocklist: Blocklist;
  readonly removed: Removal[];
  readonly matched: Set<BlocklistEntry>;
}

function filterPart(part: string, node: JsonNode, run: Run): JsonNode {
  if (part === 'data') return filterResource(node, { part: 'data', path: 'data' }, run);
  if (part !== 'included' || node.kind !== 'array') return node;
  return array(
    node.items.map((item, index) =>
      filterResource(item, { part: 'included', path: `included[${index}]` }, run),
    ),
  );
}

function filterResource(node: JsonNode, at: { part: 'data' | 'included'; path: string }, run: Run): JsonNode {
  const attributes = member(node, 'attributes');
  if (node.kind !== 'object' || attributes === undefined) return node;
  const type = stringAt(node, 'type') ?? '';
  const entries = run.blocklist.filter(
    (entry) => isInScope(entry, at.part) && (entry.type?.test(type) ?? true),
  );
  const place = { path: `${at.path}.attributes`, keys: [], isGone: false };
  return withMember(node, 'attributes', filterKeys(attributes, { entries, run }, place));
}

function isInScope({ scope }: BlocklistEntry, part: 'data' | 'included'): boolean {
  return scope === 'anywhere' || scope === 'both' || scope === part;
}

interface Place {
  readonly path: string;
  /** Keys from `attributes` downwards in canonical form; positions in arrays are skipped. */
  readonly keys: readonly string[];
  /** Inside something that is removed: only looked at to know which entries match. */
  readonly isGone: boolean;
}

function filterKeys(node: JsonNode, rules: { entries: Blocklist; run: Run }, place: Place): JsonNode {
  if (node.kind === 'scalar') return node;
  if (node.kind === 'array') {
    return array(
      node.items.map((item, index) => filterKeys(item, rules, { ...place, path: `${place.path}[${index}]` })),
    );
  }
  const kept = node.members.flatMap((entry) => {
    const keys = [...place.keys, canonicalKey(entry.key)];
    const path = `${place.path}.${entry.key}`;
    const blocker = blockerOf(keys, rules);
    if (blocker !== undefined && !place.isGone) rules.run.removed.push({ path, entry: blocker.text });
    const inner = { path, keys, isGone: place.isGone || blocker !== undefined };
    const value = filterKeys(entry.value, rules, inner);
    return blocker === undefined ? [{ ...entry, value }] : [];
  });
  return object(kept);
}

/** The entry that removes this key, unless an exemption spares it: exemptions win whatever the order. */
function blockerOf(keys: readonly string[], { entries, run }: { entries: Blocklist; run: Run }) {
  const matching = entries.filter((entry) => matches(entry, keys));
  for (const entry of matching) run.matched.add(entry);
  const isSpared = matching.some(({ isExemption }) => isExemption);
  return isSpared ? undefined : matching[0];
}

function matches({ scope, segments }: BlocklistEntry, keys: readonly string[]): boolean {
  if (scope === 'anywhere') return segments[0]?.test(keys.at(-1) ?? '') === true;
  return (
    segments.length === keys.length && segments.every((segment, index) => segment.test(keys[index] ?? ''))
  );
}
