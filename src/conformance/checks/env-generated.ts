import { FIXTURE_NAMES } from '../../fixture/catalogue.ts';
import { at, scalar, type JsonNode } from '../../json/node.ts';
import { parseJson } from '../../json/text.ts';
import type { Check, CheckContext } from '../check.ts';
import { defaultEventOf, isEnabled } from '../kit/effects.ts';
import { mustNotBreak } from '../kit/expect.ts';
import {
  addMembers,
  ATTRIBUTES,
  editAt,
  EVENT,
  field,
  FIELDS,
  OBJECT,
  PAYLOAD,
  RELATIONSHIPS,
  rewritten,
} from '../kit/rewrite.ts';
import {
  searchBodies,
  changes,
  type GeneratedBody,
  type Changes,
  type Generator,
  type UnknownPlace,
} from '../kit/search-bodies.ts';
import { letters } from './env-shape.ts';

export const GENERATED_PAYLOADS: Check = {
  id: 'ENV-13',
  slug: 'generated-payloads',
  title: 'Generated payloads',
  sends: 'genuine events of any name with generated nulls and unknown keys in any place',
  requirement: 'does not break on an event that has changed as Persona may change it',
  level: 'should',
  basis: 'general practice',
  source: 'Persona, versioning: additions come to all API versions without notice',
  run: (context) =>
    searchBodies(context, {
      samples: (fc) => changedEvents(fc, context),
      build: (sample) => build(context, sample),
      judge: (exchange) => mustNotBreak(exchange, 'an event with nulls and unknown keys'),
    }),
};

interface ChangedEvent {
  readonly name: string;
  readonly changes: Changes;
}

/** Half of the events are of the name that every receiver knows; shrinking leads to it as well. */
function changedEvents(fc: Generator, { settings: { enabledEvents } }: CheckContext) {
  const commonest = defaultEventOf(enabledEvents);
  const names = FIXTURE_NAMES.filter((name) => isEnabled(name, enabledEvents));
  return fc.record<ChangedEvent>({
    name: fc.oneof({ withCrossShrink: true }, fc.constant(commonest), fc.constantFrom(commonest, ...names)),
    changes: changes(fc),
  });
}

async function build(context: CheckContext, { name, changes }: ChangedEvent): Promise<GeneratedBody> {
  const sample = await context.sample(name, { isWhole: true });
  const steps = stepsOf(changes, sample.document);
  const changed = rewritten(sample, (document) => steps.reduce((node, { apply }) => apply(node), document));
  const words = steps.map((step) => step.words);
  return { sample: changed, difference: words.length === 0 ? name : `${name} with ${words.join(', ')}` };
}

interface Step {
  readonly apply: (document: JsonNode) => JsonNode;
  readonly words: string;
}

function stepsOf({ nullAttributes, nullRelationships, unknown }: Changes, document: JsonNode): Step[] {
  return [
    ...chosen(keysAt(document, ATTRIBUTES), nullAttributes).map((key) =>
      nullStep([...ATTRIBUTES, key], `attributes.${key}`),
    ),
    ...chosen(keysAt(document, RELATIONSHIPS), nullRelationships).map((key) =>
      nullStep([...RELATIONSHIPS, key, 'data'], `relationships.${key}.data`),
    ),
    ...unknown.map(unknownStep),
  ];
}

function chosen(keys: readonly string[], mask: readonly boolean[]): string[] {
  return keys.filter((_, index) => mask[index] === true);
}

function nullStep(path: readonly string[], name: string): Step {
  return { apply: (node) => editAt(node, path, () => scalar(null)), words: `${name} null` };
}

const PLACES: Readonly<Record<UnknownPlace, readonly string[]>> = {
  attributes: ATTRIBUTES,
  fields: FIELDS,
  object: OBJECT,
  payload: PAYLOAD,
  event: EVENT,
  root: [],
};

function unknownStep({ place, text }: Changes['unknown'][number], index: number): Step {
  const key = `generated${index}`;
  const member = place === 'fields' ? field(key, text) : { key, value: parseJson(text) };
  return {
    apply: (node) => addMembers(node, PLACES[place], [member]),
    words: `"${key}":${text} in ${place === 'root' ? 'the document' : place}`,
  };
}

/** Never null, or of a shape that is not Persona's to change. */
const NEVER_NULL = new Set(['status', 'createdat', 'fields']);

/** Lists are printed empty, never null. */
function keysAt(document: JsonNode, path: readonly string[]): string[] {
  const found = at(document, ...path);
  if (found?.kind !== 'object') return [];
  return found.members
    .filter(
      ({ key, value }) => !NEVER_NULL.has(letters(key)) && (at(value, 'data') ?? value).kind !== 'array',
    )
    .map(({ key }) => key);
}
