import {
  fromValue,
  member,
  object,
  stringAt,
  withMember,
  type JsonNode,
  type JsonObject,
  type JsonValue,
} from '../../json/node.ts';
import { overlay } from '../../json/overlay.ts';
import { NOT_UNIQUE_TITLE } from '../../persona/api.ts';
import { ApiError } from '../errors.ts';
import { checkInUse } from './consolidation.ts';
import { objectAt, withValues } from './edit.ts';
import { referenceTo } from './store.ts';
import { setTags } from './tagging.ts';
import { touched } from './transitions.ts';
import { emit, instantiate, type Environment } from './environment.ts';

export interface AccountInput {
  readonly id?: string | undefined;
  readonly referenceId?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly status?: string | undefined;
  /** Fields by name, and the older attributes beside them (`name-first`, `address-city`). */
  readonly fields?: Readonly<Record<string, JsonValue>> | undefined;
}

/** @throws {ApiError} 409 when another account has the reference id */
export function createAccount(environment: Environment, input: AccountInput): JsonObject {
  checkUnique(environment, input.referenceId);
  const sample = environment.story.subject('account.created');
  const ids = new Map(input.id === undefined ? [] : [[referenceTo(sample).id, input.id]]);
  const type = environment.story.included('account.created', 'account-type');
  environment.store.put(type);
  const bare = withValues(instantiate(environment, sample, ids), {
    'reference-id': input.referenceId ?? null,
    tags: input.tags ?? [],
    'account-status': input.status,
  });
  return emit(environment, 'account.created', { resource: withFields(bare, input.fields ?? {}) });
}

/**
 * Changes what is given. Sends `account.updated-fields` when a field changed.
 * @throws {ApiError} 409 for a reference id of another account, and for an account that was consolidated
 */
export function updateAccount(
  environment: Environment,
  account: JsonObject,
  input: AccountInput,
): JsonObject {
  checkInUse(environment, account);
  if (
    input.referenceId !== undefined &&
    input.referenceId !== stringAt(account, 'attributes', 'reference-id')
  )
    checkUnique(environment, input.referenceId);
  const { referenceId, status, tags, fields = {} } = input;
  const renamed = withValues(account, { 'reference-id': referenceId, 'account-status': status });
  const updated = environment.store.put(touched(environment, withFields(renamed, fields)));
  if (Object.keys(fields).length > 0) emit(environment, 'account.updated-fields', { resource: updated });
  return tags === undefined
    ? updated
    : setTags(environment, updated, { event: 'account.updated-tags', tags });
}

function checkUnique(environment: Environment, referenceId: string | undefined): void {
  if (accountWith(environment, referenceId) === undefined) return;
  throw new ApiError(409, {
    title: NOT_UNIQUE_TITLE,
    details: 'data.attributes.reference-id: another account has it; find it with filter[reference-id].',
  });
}

/** Where the older attributes and kebab names of fields lie in `fields`. */
const FIELD_PATHS: ReadonlyMap<string, readonly string[]> = new Map([
  ['name-first', ['name', 'first']],
  ['name-middle', ['name', 'middle']],
  ['name-last', ['name', 'last']],
  ['address-street-1', ['address', 'street_1']],
  ['address-street-2', ['address', 'street_2']],
  ['address-city', ['address', 'city']],
  ['address-subdivision', ['address', 'subdivision']],
  ['address-postal-code', ['address', 'postal_code']],
  ['address-country-code', ['address', 'country_code']],
  ['country-code', ['address', 'country_code']],
  ['phone-number', ['phone_number']],
  ['email-address', ['email_address']],
]);

function withFields(account: JsonObject, fields: Readonly<Record<string, JsonValue>>): JsonObject {
  const changed = Object.entries(fields).reduce<JsonObject>(
    (result, [name, value]) => withField(result, FIELD_PATHS.get(name) ?? [name.replaceAll('-', '_')], value),
    objectAt(account, 'attributes', 'fields'),
  );
  return withValues(account, { fields: changed });
}

/** `{type, value}` at each level; a hash of plain values (`{"first": …}`) is taken apart. */
function withField(
  fields: JsonObject,
  [name = '', ...rest]: readonly string[],
  value: JsonValue,
): JsonObject {
  const known = objectAt(fields, name);
  const inner = member(known, 'value');
  const next = rest.length > 0 ? hashWith(inner, rest, value) : valueFor(inner, value);
  const typed =
    known.members.length > 0 ? known : object([{ key: 'type', value: fromValue(typeName(value)) }]);
  return withMember(fields, name, withMember(typed, 'value', next));
}

function hashWith(inner: JsonNode | undefined, path: readonly string[], value: JsonValue): JsonNode {
  return withField(inner?.kind === 'object' ? inner : object([]), path, value);
}

function valueFor(inner: JsonNode | undefined, value: JsonValue): JsonNode {
  const isHash =
    inner?.kind === 'object' && value !== null && typeof value === 'object' && !Array.isArray(value);
  if (!isHash) return fromValue(value);
  return Object.entries(value as Readonly<Record<string, JsonValue>>).reduce<JsonObject>(
    (hash, [key, child]) => withField(hash, [key.replaceAll('-', '_')], child),
    inner,
  );
}

function typeName(value: JsonValue): string {
  if (Array.isArray(value)) return 'array';
  return value === null ? 'string' : typeof value === 'object' ? 'hash' : typeof value;
}

/** What an inquiry verified is laid over fields that were empty. */
export function learnFields(environment: Environment, account: JsonObject): void {
  const verified = environment.story.change('account.updated-fields');
  const known = objectAt(account, 'attributes', 'fields');
  const learnt = objectAt(verified, 'attributes', 'fields');
  const fields = withValues(account, { fields: overlay(overlay(known, learnt), given(known)) });
  emit(environment, 'account.updated-fields', { resource: touched(environment, fields) });
}

/** Only what is not null. */
function given(node: JsonObject): JsonObject {
  return object(
    node.members.flatMap(({ key, value }): { key: string; value: JsonNode }[] => {
      if (value.kind === 'object') return [{ key, value: given(value) }];
      const isEmpty = value.kind === 'array' ? value.items.length === 0 : value.value === null;
      return isEmpty ? [] : [{ key, value }];
    }),
  );
}

/**
 * The account of an inquiry or a report: the one given, the one with the reference id, or a new one.
 * @throws {ApiError} 404 for one that is not there, 409 for one that was consolidated
 */
export function accountFor(
  environment: Environment,
  { accountId, referenceId }: { accountId?: string | undefined; referenceId?: string | undefined },
): JsonObject {
  if (accountId !== undefined) {
    const account = environment.store.get(accountId);
    if (account === undefined || stringAt(account, 'type') !== 'account')
      throw new ApiError(404, 'data.attributes.account-id is not found');
    checkInUse(environment, account);
    return account;
  }
  const account = accountWith(environment, referenceId);
  if (account === undefined) return createAccount(environment, { referenceId });
  checkInUse(environment, account);
  return account;
}

export function accountWith(
  environment: Environment,
  referenceId: string | undefined,
): JsonObject | undefined {
  const [id] = referenceId === undefined ? [] : environment.store.withReference('account', referenceId);
  return id === undefined ? undefined : environment.store.get(id);
}
