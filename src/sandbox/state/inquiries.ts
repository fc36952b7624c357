import {
  fromValue,
  object,
  withMember,
  type JsonNode,
  type JsonObject,
  type JsonValue,
} from '../../json/node.ts';
import { canonicalKey } from '../../persona/key-convention.ts';
import { newId } from '../../persona/ids.ts';
import { accountFor } from './accounts.ts';
import { objectAt, withRelations, withValues } from './edit.ts';
import { referenceTo, relatedId } from './store.ts';
import { setTags } from './tagging.ts';
import { templateFor, type TemplateChoice } from './templates.ts';
import { expireIn, touched } from './transitions.ts';
import { emit, instantiate, type Lifetime, type Environment } from './environment.ts';

export interface InquiryInput {
  readonly id?: string | undefined;
  readonly template: TemplateChoice;
  readonly referenceId?: string | undefined;
  readonly accountId?: string | undefined;
  /** Of the account when there is none yet. @default that of the inquiry */
  readonly accountReferenceId?: string | undefined;
  /** @default true */
  readonly hasAccount?: boolean | undefined;
  readonly note?: string | null | undefined;
  readonly fields?: Readonly<Record<string, JsonValue>> | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly redirectUri?: string | undefined;
  readonly creator?: string | undefined;
  readonly lifetime: Lifetime;
}

/** Creates an inquiry, and an account where it has none; sends the events of both. */
export function createInquiry(environment: Environment, input: InquiryInput): JsonObject {
  const sample = environment.story.subject('inquiry.created');
  const template = templateFor(environment, input.template);
  const account = input.hasAccount === false ? undefined : accountOf(environment, input);
  const id = input.id ?? newId('inq', environment.random);
  const { redirectUri, lifetime } = input;
  environment.inquiries.set(id, { id, redirectUri, lifetime, expiresAtMs: undefined, links: [] });
  const owner = account === undefined ? null : referenceTo(account);
  const ids = new Map([[referenceTo(sample).id, id]]);
  if (owner !== null) ids.set(relatedId(sample, 'account') ?? '', owner.id);
  const bare = withAttributesOf(input, instantiate(environment, sample, ids));
  const related = withRelations(bare, { account: owner, ...template });
  const inquiry = withInquiryFields(related, input.fields ?? {});
  const resource = expireIn(environment, inquiry, input.lifetime.afterCreateSeconds);
  return emit(environment, 'inquiry.created', { resource });
}

function withAttributesOf(input: InquiryInput, sample: JsonObject): JsonObject {
  return withValues(sample, {
    'reference-id': input.referenceId ?? null,
    note: input.note ?? null,
    tags: input.tags ?? [],
    creator: input.creator ?? 'API',
  });
}

function accountOf(environment: Environment, input: InquiryInput): JsonObject {
  return accountFor(environment, {
    accountId: input.accountId,
    referenceId: input.accountReferenceId ?? input.referenceId,
  });
}

/** Fields of the template by any spelling of their names; others are added as they are spelled. */
export function withInquiryFields(
  inquiry: JsonObject,
  values: Readonly<Record<string, JsonValue>>,
): JsonObject {
  const fields = objectAt(inquiry, 'attributes', 'fields');
  const known = new Map(fields.members.map(({ key }) => [canonicalKey(key), key]));
  const changed = Object.entries(values).reduce<JsonObject>((result, [name, value]) => {
    const key = known.get(canonicalKey(name)) ?? name;
    return withMember(result, key, fieldWith(objectAt(result, key), value));
  }, fields);
  return withValues(inquiry, { fields: changed });
}

function fieldWith(field: JsonObject, value: JsonValue): JsonObject {
  const typed =
    field.members.length > 0 ? field : object([{ key: 'type', value: fromValue(fieldType(value)) }]);
  return withMember(typed, 'value', valueOf(value));
}

/** `{"type": …, "value": …}` is what answers look like, and accepted too. */
function valueOf(value: JsonValue): JsonNode {
  const isWrapped = value !== null && typeof value === 'object' && 'value' in value;
  return fromValue(isWrapped ? (value as { value: JsonValue }).value : value);
}

function fieldType(value: JsonValue): string {
  return typeof value === 'number' || typeof value === 'boolean' ? typeof value : 'string';
}

export interface InquiryChanges {
  readonly note?: string | null | undefined;
  readonly fields?: Readonly<Record<string, JsonValue>> | undefined;
  readonly tags?: readonly string[] | undefined;
  /** Where the hosted page ends; null leaves it on itself. */
  readonly redirectUri?: string | null | undefined;
}

/** Sends no event, except for tags: Persona sends none. */
export function updateInquiry(
  environment: Environment,
  inquiry: JsonObject,
  changes: InquiryChanges,
): JsonObject {
  const { note, fields = {}, tags, redirectUri } = changes;
  const record = environment.inquiries.get(referenceTo(inquiry).id);
  if (record !== undefined && redirectUri !== undefined) record.redirectUri = redirectUri ?? undefined;
  const changed = touched(environment, withInquiryFields(withValues(inquiry, { note }), fields));
  const updated = environment.store.put(changed);
  return tags === undefined
    ? updated
    : setTags(environment, updated, { event: 'inquiry.updated-tags', tags });
}
