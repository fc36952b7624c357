import { fromValue, member, object, withMember, type JsonNode, type JsonObject } from '../../json/node.ts';
import { ApiError } from '../errors.ts';
import { isRedacted } from './allowed.ts';
import { ownedBy } from './consolidation.ts';
import { objectAt, withAttributes, withBlank, withOnly, withValues } from './edit.ts';
import { familyOf, referenceTo } from './store.ts';
import { storyIds } from './story-ids.ts';
import { inquiryOf, touched } from './transitions.ts';
import { emit, instantiate, isoSeconds, nowMs, type World } from './world.ts';

/**
 * Removes personal data from an inquiry, and then from what belongs to it. Persona does the second a while later; here
 * it is done at once. UNDOCUMENTED: whether the account follows; it is not the inquiry's, and stays.
 */
export function redactInquiry(world: World, id: string): JsonObject {
  const { inquiry, record } = inquiryOf(world, id);
  const change = instantiate(world, world.story.change('inquiry.redacted'), storyIds(world.story, inquiry));
  const changes = object(objectAt(change, 'attributes').members.filter(({ key }) => key !== 'fields'));
  const bare = withValues(withAttributes(inquiry, changes), {
    fields: emptiedFields(inquiry),
    tags: [],
    'reference-id': null,
    note: null,
    'expires-at': null,
  });
  record.expiresAtMs = undefined;
  const redacted = world.store.put(bare);
  for (const child of world.store.relatedTo(redacted)) redactChild(world, child);
  emit(world, 'inquiry.redacted', { resource: redacted });
  return redacted;
}

/** Redacts an account after its inquiries and reports. */
export function redactAccount(world: World, account: JsonObject): JsonObject {
  if (isRedacted(account)) throw new ApiError(409, 'The account is redacted already.');
  const { id } = referenceTo(account);
  for (const inquiry of ownedBy(world, id, 'inquiry'))
    if (!isRedacted(inquiry)) redactInquiry(world, referenceTo(inquiry).id);
  for (const report of ownedBy(world, id, 'report')) redactChild(world, report);
  const redacted = world.store.put(
    withValues(touched(world, account), {
      'reference-id': null,
      'redacted-at': isoSeconds(nowMs(world)),
      tags: [],
      fields: emptiedFields(account),
    }),
  );
  emit(world, 'account.redacted', { resource: redacted });
  return redacted;
}

/** Redacts a verification. Persona's catalogue has no event for it. */
export function redactVerification(world: World, verification: JsonObject): JsonObject {
  if (isRedacted(verification)) throw new ApiError(409, 'The verification is redacted already.');
  return redactChild(world, verification);
}

/**
 * Redacts a report. Persona's catalogue has no event for it.
 * UNDOCUMENTED: what becomes of one that is pending; here it stays so, and is never ready.
 */
export function redactReport(world: World, report: JsonObject): JsonObject {
  if (isRedacted(report)) throw new ApiError(409, 'The report is redacted already.');
  return blankReport(world, report);
}

/** What says nothing about a person. */
const KEPT_OF_A_REPORT =
  /^(status|created-at|completed-at|redacted-at|report-template-version-name|has-match|is-continuous|is-recurring)$/;

/** OPENAPI: of some types of report these are texts and never null, and may be missing. */
const NEVER_NULL = /^(term|birthdate|email-address|email-domain|phone-number)$/;

function blankReport(world: World, report: JsonObject): JsonObject {
  const rest = withOnly(objectAt(report, 'attributes'), (key) => !NEVER_NULL.test(key));
  const bare = withBlank(withMember(report, 'attributes', rest), (key) => KEPT_OF_A_REPORT.test(key));
  return world.store.put(withValues(bare, { 'redacted-at': isoSeconds(nowMs(world)) }));
}

const REDACTED_FAMILIES: ReadonlySet<string> = new Set(['verification', 'document', 'inquiry-session']);

function redactChild(world: World, child: JsonObject): JsonObject {
  const { type } = referenceTo(child);
  if (familyOf(type) === 'report') return isRedacted(child) ? child : blankReport(world, child);
  if (!REDACTED_FAMILIES.has(familyOf(type))) return child;
  // The story's own ids and times have no part in it: what is redacted becomes null or empty.
  const change = objectAt(world.story.changeIn('inquiry.redacted', type), 'attributes');
  const known = new Set(objectAt(child, 'attributes').members.map(({ key }) => key));
  const emptied = object(
    change.members.filter(
      ({ key, value }) => known.has(key) && isEmpty(value) && !/^(expired-at|status)$/.test(key),
    ),
  );
  const isDated = known.has('redacted-at');
  const bare = withAttributes(child, emptied);
  return world.store.put(isDated ? withValues(bare, { 'redacted-at': isoSeconds(nowMs(world)) }) : bare);
}

function isEmpty(value: JsonNode): boolean {
  if (value.kind === 'array') return value.items.length === 0;
  return value.kind === 'scalar' && value.value === null;
}

/** Every field keeps its type and loses its value, at any depth. */
function emptiedFields(resource: JsonObject): JsonObject {
  return withoutValues(objectAt(objectAt(resource, 'attributes'), 'fields'));
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
