import {
  array,
  member,
  object,
  withMember,
  type JsonMember,
  type JsonNode,
  type JsonObject,
} from '../../json/node.ts';
import { parseJson } from '../../json/parse.ts';
import { serialise } from '../../json/serialise.ts';
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
