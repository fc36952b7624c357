import { fromValue, member, object, withMember, type JsonNode, type JsonObject } from '../../json/node.ts';
import { ApiError } from '../errors.ts';
import { ownedBy } from './consolidation.ts';
import { objectAt, withAttributes, withBlank, withOnly, withValues } from './edit.ts';
import { familyOf, referenceTo } from './store.ts';
import { storyIds } from './story-ids.ts';
import { inquiryOf, touched, isRedacted } from './transitions.ts';
import { emit, instantiate, isoSeconds, nowMs, type Environment } from './environment.ts';

/**
 * Removes personal data from an inquiry, and then from what belongs to it. Persona does the second a while later; here
 * it is done at once. UNDOCUMENTED: whether the account follows; it is not the inquiry's, and stays.
 */
export function redactInquiry(environment: Environment, id: string): JsonObject {
  const { inquiry, record } = inquiryOf(environment, id);
  const change = instantiate(
    environment,
    environment.story.change('inquiry.redacted'),
    storyIds(environment.story, inquiry),
  );
  const changes = object(objectAt(change, 'attributes').members.filter(({ key }) => key !== 'fields'));
  const bare = withValues(withAttributes(inquiry, changes), {
    fields: emptiedFields(inquiry),
    tags: [],
    'reference-id': null,
    note: null,
    'expires-at': null,
  });
  record.expiresAtMs = undefined;
  const redacted = environment.store.put(bare);
  for (const child of environment.store.relatedTo(redacted)) redactChild(environment, child);
  return emit(environment, 'inquiry.redacted', { resource: redacted });
}

/** Redacts an account after its inquiries and reports. */
export function redactAccount(environment: Environment, account: JsonObject): JsonObject {
  if (isRedacted(account)) throw new ApiError(409, 'The account is redacted already.');
  const { id } = referenceTo(account);
  for (const inquiry of ownedBy(environment, id, 'inquiry'))
    if (!isRedacted(inquiry)) redactInquiry(environment, referenceTo(inquiry).id);
  for (const report of ownedBy(environment, id, 'report')) redactChild(environment, report);
  const resource = withValues(touched(environment, account), {
    'reference-id': null,
    'redacted-at': isoSeconds(nowMs(environment)),
    tags: [],
    fields: emptiedFields(account),
  });
  return emit(environment, 'account.redacted', { resource });
}

/** Redacts a verification. Persona's catalogue has no event for it. */
export function redactVerification(environment: Environment, verification: JsonObject): JsonObject {
  if (isRedacted(verification)) throw new ApiError(409, 'The verification is redacted already.');
  return redactChild(environment, verification);
}

/**
 * Redacts a report. Persona's catalogue has no event for it.
 * UNDOCUMENTED: what becomes of one that is pending; here it stays so, and is never ready.
 */
export function redactReport(environment: Environment, report: JsonObject): JsonObject {
  if (isRedacted(report)) throw new ApiError(409, 'The report is redacted already.');
  return blankReport(environment, report);
}

/** What says nothing about a person. */
const KEPT_OF_A_REPORT =
  /^(status|created-at|completed-at|redacted-at|report-template-version-name|has-match|is-continuous|is-recurring)$/;

/** OPENAPI: of some types of report these are texts and never null, and may be missing. */
const NEVER_NULL = /^(term|birthdate|email-address|email-domain|phone-number)$/;

function blankReport(environment: Environment, report: JsonObject): JsonObject {
  const rest = withOnly(objectAt(report, 'attributes'), (key) => !NEVER_NULL.test(key));
  const bare = withBlank(withMember(report, 'attributes', rest), (key) => KEPT_OF_A_REPORT.test(key));
  return environment.store.put(withValues(bare, { 'redacted-at': isoSeconds(nowMs(environment)) }));
}

const REDACTED_FAMILIES: ReadonlySet<string> = new Set(['verification', 'document', 'inquiry-session']);

function redactChild(environment: Environment, child: JsonObject): JsonObject {
  const { type } = referenceTo(child);
  if (familyOf(type) === 'report') return isRedacted(child) ? child : blankReport(environment, child);
  if (!REDACTED_FAMILIES.has(familyOf(type))) return child;
  // The story's own ids and times have no part in it: what is redacted becomes null or empty.
  const change = objectAt(environment.story.changeIn('inquiry.redacted', type), 'attributes');
  const known = new Set(objectAt(child, 'attributes').members.map(({ key }) => key));
  const emptied = object(
    change.members.filter(
      ({ key, value }) => known.has(key) && isEmpty(value) && !/^(expired-at|status)$/.test(key),
    ),
  );
  const isDated = known.has('redacted-at');
  const bare = withAttributes(child, emptied);
  return environment.store.put(
    isDated ? withValues(bare, { 'redacted-at': isoSeconds(nowMs(environment)) }) : bare,
  );
}

function isEmpty(value: JsonNode): boolean {
  if (value.kind === 'array') return value.items.length === 0;
  return value.kind === 'scalar' && value.value === null;
}

/** Every field keeps its type and loses its value, at any depth. */
function emptiedFields(resource: JsonObject): JsonObject {
  return withoutValues(objectAt(resource, 'attributes', 'fields'));
}

function withoutValues(fields: JsonObject): JsonObject {
  return object(
    fields.members.map((entry) => {
      const inner = member(entry.value, 'value');
      if (entry.value.kind !== 'object' || inner === undefined) return entry;
      return { ...entry, value: emptiedField(entry.value, inner) };
    }),
  );
}

function emptiedField(field: JsonObject, inner: JsonNode): JsonObject {
  return object(
    field.members.map((entry) => (entry.key === 'value' ? { ...entry, value: emptiedValue(inner) } : entry)),
  );
}

function emptiedValue(value: JsonNode): JsonNode {
  if (value.kind === 'array') return { kind: 'array', items: [] };
  const isHash =
    value.kind === 'object' && value.members.every((entry) => member(entry.value, 'type') !== undefined);
  return isHash ? withoutValues(value) : fromValue(null);
}
