import {
  at,
  changeAt,
  fromValue,
  member,
  object,
  stringAt,
  withMember,
  withoutMember,
  type JsonNode,
  type JsonObject,
} from '../json/node.ts';

/**
 * Two members of an event on which the sources disagree. UNDOCUMENTED which is right for a delivery: the
 * defaults follow OPENAPI, whose strict schemas have `context` on eleven events only and `redacted-at` on none.
 */
export interface EventExtras {
  /** `documented`: where OPENAPI has it; `always`: on every event, as the changelog of 2026-01-12 can be read. */
  readonly context: 'documented' | 'always' | 'never';
  /** `redacted-at: null` after `created-at`, as in events recorded in 2023 and 2024. */
  readonly redactedAt: boolean;
}

export const DEFAULT_EXTRAS: EventExtras = { context: 'documented', redactedAt: false };

export function applyEventExtras(document: JsonObject, extras: EventExtras): JsonObject {
  return changeAt(document, ['data', 'attributes'], (attributes) =>
    withRedactedAt(withContext(attributes, extras), extras),
  );
}

function withContext(attributes: JsonObject, { context }: EventExtras): JsonObject {
  const isThere = member(attributes, 'context') !== undefined;
  if (context === 'never' && isThere) {
    return withoutMember(attributes, 'context');
  }
  if (context !== 'always' || isThere) return attributes;
  const position = attributes.members.findIndex(({ key }) => key === 'payload') + 1;
  return object(attributes.members.toSpliced(position, 0, { key: 'context', value: contextOf(attributes) }));
}

/** On inquiry events the steps, as in an event recorded in 2024-12; on others an empty object. */
function contextOf(attributes: JsonObject): JsonNode {
  const resource = at(attributes, 'payload', 'data');
  if (stringAt(resource, 'type') !== 'inquiry') return object([]);
  return fromValue({
    'inquiry-previous-step-name': stringAt(resource, 'attributes', 'previous-step-name') ?? null,
    'inquiry-next-step-name': stringAt(resource, 'attributes', 'next-step-name') ?? null,
  });
}

function withRedactedAt(attributes: JsonObject, { redactedAt }: EventExtras): JsonObject {
  if (!redactedAt || member(attributes, 'redacted-at') !== undefined) return attributes;
  return withMember(attributes, 'redacted-at', fromValue(null));
}
