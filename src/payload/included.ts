import {
  array,
  at,
  member,
  stringAt,
  withMember,
  withoutMember,
  type JsonNode,
  type JsonObject,
} from '../json/node.ts';
import type { IncludedAllowlist } from '../persona/webhook.ts';

/** How much of `included` a receiver gets, and what stands there when it gets nothing. */
export type IncludedRule =
  | { readonly kind: 'all' }
  /** `[]`, or no key at all: Persona's descriptions differ by resource, see `none`. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'absent' }
  /** Empty or absent, as OPENAPI describes it for the type of the event's object. */
  | { readonly kind: 'none' }
  /** By the object's type: names of relationships whose objects are included, or `*`. */
  | { readonly kind: 'custom'; readonly relationships: ReadonlyMap<string, readonly string[]> };

/**
 * Reads a webhook's `included-allowlist`. Without one everything is included, as for webhooks created before
 * 2026-01-28 and in the overview's example; newer webhooks include nothing unless told to.
 */
export function includedRule(allowlist: IncludedAllowlist | null | undefined): IncludedRule {
  switch (allowlist?.state) {
    case undefined:
    case 'include_all':
      return { kind: 'all' };
    case 'include_none':
      return { kind: 'none' };
    case 'custom': {
      const rows = allowlist['event-types'].map((row) => [row['event-type'], row.relationships] as const);
      return { kind: 'custom', relationships: new Map(rows) };
    }
  }
}

/** Applies the rule to a payload (`{data, included}`). A payload that never had `included` stays as it is. */
export function restrictIncluded(payload: JsonObject, rule: IncludedRule): JsonObject {
  const included = member(payload, 'included');
  if (included === undefined || rule.kind === 'all') return payload;
  const family = (stringAt(payload, 'data', 'type') ?? '').split('/')[0] ?? '';
  switch (rule.kind) {
    case 'absent':
      return withoutMember(payload, 'included');
    case 'empty':
      return withMember(payload, 'included', array([]));
    case 'none':
      return nothingFor(payload, family);
    case 'custom':
      return keepNamed(payload, included, rule.relationships.get(family));
  }
}

/** OPENAPI says of reports and selfies "not returned as an empty array"; of inquiries and verifications `[]`. */
const ABSENT_WHEN_NONE: ReadonlySet<string> = new Set(['report', 'selfie']);

function nothingFor(payload: JsonObject, family: string): JsonObject {
  return restrictIncluded(payload, { kind: ABSENT_WHEN_NONE.has(family) ? 'absent' : 'empty' });
}

/** A type that the allowlist does not list gets nothing. */
function keepNamed(
  payload: JsonObject,
  included: JsonNode,
  names: readonly string[] | undefined,
): JsonObject {
  if (names === undefined) return restrictIncluded(payload, { kind: 'none' });
  if (names.includes('*') || included.kind !== 'array') return payload;
  const ids = new Set(
    names.flatMap((name) => relatedIds(at(payload, 'data', 'relationships', name, 'data'))),
  );
  const kept = included.items.filter((item) => ids.has(stringAt(item, 'id') ?? ''));
  return withMember(payload, 'included', array(kept));
}

/** Ids in the `data` of a relationship. */
export function relatedIds(data: JsonNode | undefined): string[] {
  if (data?.kind === 'array') return data.items.flatMap(relatedIds);
  const id = stringAt(data, 'id');
  return id === undefined ? [] : [id];
}
