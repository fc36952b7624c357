import {
  array,
  member,
  object,
  withMember,
  scalar,
  type JsonMember,
  type JsonNode,
  type JsonObject,
} from '../../json/node.ts';
import { parseJson, serialise, serialisePretty } from '../../json/text.ts';
import { composePayload, type PayloadConfiguration } from '../../payload/compose.ts';
import type { CheckContext, Sample } from '../check.ts';

/** Where the parts of an event stand, in every inflection. */
export const EVENT = ['data', 'attributes'] as const;
export const PAYLOAD = [...EVENT, 'payload'] as const;
export const OBJECT = [...PAYLOAD, 'data'] as const;
export const ATTRIBUTES = [...OBJECT, 'attributes'] as const;
export const RELATIONSHIPS = [...OBJECT, 'relationships'] as const;
export const INCLUDED = [...PAYLOAD, 'included'] as const;
/** An organisation's own fields stand here: the one place where a new key or an odd value is always legitimate. */
export const FIELDS = [...ATTRIBUTES, 'fields'] as const;

/** The same event with its document changed; what is not touched is sent as it was spelled. */
export function rewritten(sample: Sample, change: (document: JsonNode) => JsonNode): Sample {
  const document = change(sample.document);
  return { ...sample, document, body: Buffer.from(serialise(document), 'utf8') };
}

/** A copy with one place changed; objects on the way that are missing are made. */
export function editAt(
  node: JsonNode | undefined,
  path: readonly string[],
  edit: (found: JsonNode | undefined) => JsonNode,
): JsonNode {
  const [step, ...rest] = path;
  if (step === undefined) return edit(node);
  const parent = objectOr(node);
  return withMember(parent, step, editAt(member(parent, step), rest, edit));
}

/** A copy with members added at the end of an object, doubled names and all. */
export function addMembers(
  node: JsonNode,
  path: readonly string[],
  members: readonly JsonMember[],
): JsonNode {
  return editAt(node, path, (found) => object([...objectOr(found).members, ...members]));
}

export function addItem(node: JsonNode, path: readonly string[], item: JsonNode): JsonNode {
  return editAt(node, path, (found) => array([...(found?.kind === 'array' ? found.items : []), item]));
}

function objectOr(node: JsonNode | undefined): JsonObject {
  return node?.kind === 'object' ? node : object([]);
}

/** A custom field as Persona prints one, its value in exactly this spelling. */
export function field(key: string, valueText: string): JsonMember {
  const type = /^[-\d]/.test(valueText) ? 'number' : 'string';
  return { key, value: parseJson(`{"type":"${type}","value":${valueText}}`) };
}

/** What another payload configuration would have made of the same event. */
export function recomposed(
  sample: Sample,
  context: Pick<CheckContext, 'payload'>,
  changes: Partial<PayloadConfiguration>,
): Sample {
  const { document, body } = composePayload(sample.event, { ...context.payload, ...changes });
  return { ...sample, document, body };
}

/** The same JSON in other bytes: members in reverse order, and white space. */
export function respelled(body: Buffer): Buffer {
  return Buffer.from(serialisePretty(reversed(parseJson(body.toString('utf8')))), 'utf8');
}

/** The members of every object in reverse order. */
export function reversed(node: JsonNode): JsonNode {
  if (node.kind === 'scalar') return node;
  if (node.kind === 'array') return array(node.items.map(reversed));
  return object(node.members.toReversed().map((entry) => ({ ...entry, value: reversed(entry.value) })));
}

/** A genuine event whose body has at least this many bytes, because its note is long. */
export async function padded(context: CheckContext, bytes: number): Promise<Sample> {
  const plain = await context.sample();
  const { length } = plain.body;
  const note = 'All documents were looked at. '.repeat(Math.max(0, Math.ceil((bytes - length) / 30) + 1));
  const sample = plain.event.name.startsWith('inquiry.')
    ? await context.sample(undefined, { overrides: [{ kind: 'set', path: 'note', value: scalar(note) }] })
    : rewritten(plain, (document) => addMembers(document, FIELDS, [{ key: 'note', value: scalar(note) }]));
  if (sample.body.length < bytes) throw new Error('the note does not reach the body: is it blocklisted?');
  return sample;
}
