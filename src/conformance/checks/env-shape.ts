import { array, fromValue, object, scalar, type JsonNode } from '../../json/node.ts';
import { newId } from '../../persona/ids.ts';
import type { Check, CheckContext, Sample } from '../check.ts';
import { mustSurviveAll, mustTakeAll } from '../kit/trials.ts';
import {
  addItem,
  addMembers,
  ATTRIBUTES,
  editAt,
  EVENT,
  INCLUDED,
  OBJECT,
  PAYLOAD,
  recomposed,
  RELATIONSHIPS,
  rewritten,
} from '../kit/rewrite.ts';

export const ENV_SHAPE_CHECKS: readonly Check[] = [
  {
    id: 'ENV-03',
    slug: 'unknown-fields',
    title: 'Unknown fields',
    sends: 'a genuine event with keys, a relationship and an included type that nobody has seen before',
    requirement: 'processes what it knows and ignores the rest',
    level: 'should',
    basis: 'general practice',
    source: 'Persona, versioning: additions come to all API versions without notice',
    async run(context) {
      const sample = rewritten(await context.sample(), withUnknowns);
      return mustTakeAll(context, [{ variant: 'unknown fields', sample }], 'an event with unknown fields');
    },
  },
  {
    id: 'ENV-04',
    slug: 'nulls',
    title: 'Nulls',
    sends:
      'an event whose nullable attributes are all null, one without a reference-id, one whose relationships are null',
    requirement: 'does not break on a null where Persona documents one',
    level: 'must',
    basis: 'Persona documents',
    source: "Persona's OpenAPI description: nullable attributes and relationships of an inquiry",
    async run(context) {
      const trials = await variations(context, {
        'all nullable attributes null': (document) => editAt(document, ATTRIBUTES, nullified),
        'reference-id null': (document) => editAt(document, ATTRIBUTES, withoutReference),
        'relationships null': (document) => editAt(document, RELATIONSHIPS, unrelated),
      });
      return mustSurviveAll(context, trials, 'an event with nulls');
    },
  },
  {
    id: 'ENV-05',
    slug: 'blocklisted-attributes-absent',
    title: 'Blocklisted attributes absent',
    sends: "an event without what the webhook's blocklist removes, and events with no attributes left",
    requirement: 'does not break on attributes that are not there',
    level: 'must',
    basis: 'Persona documents',
    source: 'Persona, Webhook Attribute Blocklists: a blocked attribute is removed with its key',
    async run(context) {
      const empty = () => object([]);
      const trials = await variations(context, {
        "the webhook's blocklist": (document) => document,
        'attributes: {}': (document) => editAt(document, ATTRIBUTES, empty),
        'attributes: {}, in included too': (document) =>
          editAt(editAt(document, ATTRIBUTES, empty), INCLUDED, bare),
      });
      return mustSurviveAll(context, trials, 'an event without attributes');
    },
  },
  {
    id: 'ENV-06',
    slug: 'no-relationships',
    title: 'No relationships',
    sends: 'an event as a webhook gets it that excludes relationships',
    requirement: 'does not break on relationships that are not there',
    level: 'should',
    basis: 'Persona documents',
    source: "Persona's OpenAPI description: relationship-allowlist include_none",
    async run(context) {
      const sample = recomposed(await context.sample(), context, { relationships: 'none' });
      const trials = [{ variant: 'no relationships', sample }];
      return mustSurviveAll(context, trials, 'an event without relationships');
    },
  },
  {
    id: 'ENV-07',
    slug: 'included-empty-and-full',
    title: 'Included: empty, absent, full',
    sends: 'events with an empty included, with none at all, and with 30 objects in it',
    requirement: 'depends on nothing in included',
    level: 'must',
    basis: 'Persona documents',
    source: 'Persona, changelog 2026-01-28: new webhooks include nothing unless told to',
    async run(context) {
      const trials = [];
      for (const kind of ['empty', 'absent'] as const) {
        const sample = recomposed(await context.sample(), context, { included: { kind } });
        trials.push({ variant: `included ${kind}`, sample });
      }
      const bulky = rewritten(await context.sample(), (document) =>
        editAt(document, INCLUDED, () => array(sessions(context))),
      );
      trials.push({ variant: '30 included objects', sample: bulky });
      return mustTakeAll(context, trials, 'an event whatever it includes');
    },
  },
  {
    id: 'ENV-12',
    slug: 'signed-non-events',
    title: 'Signed non-events',
    sends: 'correctly signed bodies that are not events: {}, [], null, "x", {"data":null}, and an empty one',
    requirement: 'refuses or ignores them, and does not break',
    level: 'should',
    basis: 'general practice',
    source: 'robustness: the signature says who sent a body, not what it is',
    run: (context) =>
      mustSurviveAll(
        context,
        NON_EVENTS.map((text) => ({ variant: text || 'empty body', sample: context.sampleOf(text) })),
        'a body that is not an event',
      ),
  },
];

const NON_EVENTS = ['{}', '[]', 'null', '"x"', '{"data":null}', ''] as const;

async function variations(
  context: CheckContext,
  changes: Readonly<Record<string, (document: JsonNode) => JsonNode>>,
): Promise<{ variant: string; sample: Sample }[]> {
  const trials = [];
  for (const [variant, change] of Object.entries(changes)) {
    trials.push({ variant, sample: rewritten(await context.sample(), change) });
  }
  return trials;
}

function withUnknowns(document: JsonNode): JsonNode {
  const unknown = [{ key: 'brand-new', value: fromValue({ since: '2030-01-01', list: [1, null] }) }];
  const widget = { type: 'widget', id: 'wid_abc' };
  const related = [{ key: 'widget', value: fromValue({ data: widget }) }];
  const levels = [[], ['data'], EVENT, PAYLOAD, OBJECT, ATTRIBUTES];
  const extended = levels.reduce((changed, path) => addMembers(changed, path, unknown), document);
  const included = addItem(extended, INCLUDED, fromValue({ ...widget, attributes: { size: 3 } }));
  return addMembers(included, RELATIONSHIPS, related);
}

/** OPENAPI schema inquiry, letters only: the webhook's inflection may have changed the rest. */
const NULLABLE = new Set(
  [
    ...['reference-id', 'note', 'behaviors', 'reviewer-comment', 'previous-step-name', 'next-step-name'],
    ...['started-at', 'expires-at', 'completed-at', 'failed-at', 'marked-for-review-at', 'decisioned-at'],
    ...['expired-at', 'redacted-at'],
  ].map(letters),
);

export function letters(key: string): string {
  return key.replace(/[-_]/g, '').toLowerCase();
}

const NULL = scalar(null);

function nullified(attributes: JsonNode | undefined): JsonNode {
  if (attributes?.kind !== 'object') return object([]);
  return object(
    attributes.members.map((entry) => {
      if (NULLABLE.has(letters(entry.key))) return { ...entry, value: NULL };
      return entry.key === 'fields' ? { ...entry, value: valuesNull(entry.value) } : entry;
    }),
  );
}

function valuesNull(fields: JsonNode): JsonNode {
  if (fields.kind !== 'object') return fields;
  return object(
    fields.members.map((entry) => ({ ...entry, value: editAt(entry.value, ['value'], () => NULL) })),
  );
}

function withoutReference(attributes: JsonNode | undefined): JsonNode {
  if (attributes?.kind !== 'object') return object([]);
  return object(
    attributes.members.map((entry) =>
      letters(entry.key) === 'referenceid' ? { ...entry, value: NULL } : entry,
    ),
  );
}

/** To-one null, to-many an empty list, as Persona prints them. */
function unrelated(relationships: JsonNode | undefined): JsonNode {
  if (relationships?.kind !== 'object') return object([]);
  return object(
    relationships.members.map((entry) => ({
      ...entry,
      value: editAt(entry.value, ['data'], (data) => (data?.kind === 'array' ? array([]) : NULL)),
    })),
  );
}

function bare(included: JsonNode | undefined): JsonNode {
  if (included?.kind !== 'array') return array([]);
  return array(included.items.map((item) => editAt(item, ['attributes'], () => object([]))));
}

function sessions({ random }: CheckContext): JsonNode[] {
  return Array.from({ length: 30 }, () =>
    fromValue({ type: 'inquiry-session', id: newId('iqse', random), attributes: { status: 'expired' } }),
  );
}
