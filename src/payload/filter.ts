import { toValue, isList, type JsonNode, type JsonValue } from '../json/node.ts';

/**
 * A webhook's `payload-filter`: JSON that must be a subset of the event's payload. Objects by member, lists by
 * containment (each listed element must match one of the payload's), `{"$or": [...]}` in place of a value.
 * Source: DOCS webhook-event-filters. UNDOCUMENTED: how null and numbers compare (here: by value).
 */
export type PayloadFilter = Readonly<Record<string, JsonValue>>;

/** The clause of the filter that did not match. */
export interface FilterMismatch {
  /** From the payload downwards: `data.attributes.status`. */
  readonly path: string;
  readonly expected: JsonValue;
  /** Absent: the payload has no such member. */
  readonly found?: JsonValue;
}

/** The first clause that does not hold; undefined when the payload passes. */
export function filterMismatch(payload: JsonNode, filter: PayloadFilter): FilterMismatch | undefined {
  return mismatch({ expected: filter, found: toValue(payload), path: '' });
}

interface Comparison {
  readonly expected: JsonValue;
  readonly found: JsonValue | undefined;
  readonly path: string;
}

function mismatch(comparison: Comparison): FilterMismatch | undefined {
  const { expected, found, path } = comparison;
  const failed = { path, expected, ...(found === undefined ? {} : { found }) };
  const alternatives = alternativesOf(expected);
  if (alternatives !== undefined) {
    return alternatives.some((alternative) => matches({ ...comparison, expected: alternative }))
      ? undefined
      : failed;
  }
  if (expected === null || typeof expected !== 'object') return expected === found ? undefined : failed;
  if (isList(expected)) return containsAll(expected, found) ? undefined : failed;
  if (!isPlainObject(found)) return failed;
  return firstMismatch(expected, found, path);
}

function matches(comparison: Comparison): boolean {
  return mismatch(comparison) === undefined;
}

function firstMismatch(
  expected: Readonly<Record<string, JsonValue>>,
  found: Readonly<Record<string, JsonValue>>,
  path: string,
): FilterMismatch | undefined {
  for (const [key, clause] of Object.entries(expected)) {
    const value = Object.hasOwn(found, key) ? found[key] : undefined;
    const inner = { expected: clause, found: value, path: path === '' ? key : `${path}.${key}` };
    const failed = mismatch(inner);
    if (failed !== undefined) return failed;
  }
  return undefined;
}

function containsAll(expected: readonly JsonValue[], found: JsonValue | undefined): boolean {
  if (found === undefined || !isList(found)) return false;
  return expected.every((wanted) =>
    found.some((item) => matches({ expected: wanted, found: item, path: '' })),
  );
}

function alternativesOf(expected: JsonValue): readonly JsonValue[] | undefined {
  if (!isPlainObject(expected)) return undefined;
  const { $or: alternatives } = expected;
  return alternatives !== undefined && isList(alternatives) ? alternatives : undefined;
}

function isPlainObject(value: JsonValue | undefined): value is Readonly<Record<string, JsonValue>> {
  return value !== null && value !== undefined && typeof value === 'object' && !isList(value);
}
