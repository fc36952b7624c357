import {
  array,
  fromValue,
  member,
  object,
  stringAt,
  withMember,
  type JsonNode,
  type JsonObject,
} from '../../json/node.ts';
import { overlay } from '../../json/overlay.ts';
import { ApiError } from '../errors.ts';
import { learnFields } from './accounts.ts';
import { objectAt, withAttributes, withRelation, withValues, type Reference } from './edit.ts';
import { referenceTo } from './store.ts';
import type { StoryEvent } from './story.ts';
import { fieldsOf, inquiryOf } from './transitions.ts';
import { emit, instantiate, type InquiryRecord, type World } from './world.ts';

/** Verifications that can be simulated, by what a person hands in for them. */
export const VERIFICATION_KINDS = ['government-id', 'selfie'] as const;
export type VerificationKind = (typeof VERIFICATION_KINDS)[number];
export type VerificationResult = 'passed' | 'failed';

interface Kind {
  /** Events of what is handed in, in their order. */
  readonly proof: readonly StoryEvent[];
  /** The relationship of the inquiry that holds it. */
  readonly relation: 'documents' | 'selfies';
  /** The field that points to it, and how. */
  readonly field: string;
}

const KINDS: Readonly<Record<VerificationKind, Kind>> = {
  'government-id': {
    proof: ['document.created', 'document.submitted', 'document.processed'],
    relation: 'documents',
    field: 'current-government-id',
  },
  selfie: {
    proof: ['selfie.created', 'selfie.submitted', 'selfie.processed'],
    relation: 'selfies',
    field: 'current-selfie',
  },
};

/** @throws {ApiError} 404 with the ids that are known */
export function kindOfTemplate({ settings }: World, id: string): VerificationKind {
  const kind = settings.verificationTemplates.get(id);
  if (kind !== undefined) return kind;
  const known = [...settings.verificationTemplates].map(([other, type]) => `${other} (${type})`);
  throw new ApiError(404, `data.verification-template-id is not found: known are ${known.join(', ')}`);
}

/**
 * A person hands in what the verification needs and it comes to its result: three events of the document or selfie,
 * then created, submitted, and passed or failed. What was read is laid into fields that were empty.
 */
export function verify(
  world: World,
  inquiryId: string,
  { kind, result }: { kind: VerificationKind; result: VerificationResult },
): JsonObject {
  const { record } = inquiryOf(world, inquiryId);
  const ids = freshIds(record);
  const proof = handIn(world, { record, ids, kind });
  const verification = check(world, { record, ids, kind }, result);
  if (result === 'passed') learn(world, record, { kind, proof });
  return verification;
}

interface Attempt {
  readonly record: InquiryRecord;
  /** Of this attempt: a second one has a document of its own. */
  readonly ids: Map<string, string>;
  readonly kind: VerificationKind;
}

function freshIds({ ids }: InquiryRecord): Map<string, string> {
  return new Map([...ids].filter(([story]) => /^(inq|act|itmpl|itmplv)_/.test(story)));
}

function handIn(world: World, { record, ids, kind }: Attempt): JsonObject {
  const { proof, relation } = KINDS[kind];
  const [created, ...later] = proof;
  if (created === undefined) throw new Error('nothing to hand in');
  let resource = world.store.put(instantiate(world, world.story.subject(created), ids));
  addRelation(world, record, { [relation]: referenceTo(resource) });
  if (kind === 'government-id') {
    const file = world.story.included('document.submitted', 'document-file');
    world.store.put(instantiate(world, file, ids));
  }
  emit(world, created, { resource });
  for (const event of later) {
    const change = instantiate(world, world.story.change(event), ids);
    resource = world.store.put(overlay(resource, change) as JsonObject);
    emit(world, event, { resource });
  }
  return resource;
}

function addRelation(
  world: World,
  record: InquiryRecord,
  targets: Readonly<Record<string, Reference>>,
): void {
  for (const [name, target] of Object.entries(targets)) {
    const { inquiry } = inquiryOf(world, record.id);
    const known = world.store.relation(inquiry, name).map(referenceTo);
    world.store.put(withRelation(inquiry, name, [...known, target]));
  }
}

function check(world: World, { record, ids, kind }: Attempt, result: VerificationResult): JsonObject {
  const stages = kind === 'government-id' ? documentedStages(world, result) : derivedStages(world, result);
  const [first, ...later] = stages.map((stage) => instantiate(world, stage, ids));
  if (first === undefined) throw new Error('no stage');
  let verification = world.store.put(withAccounts(world, record, first));
  addRelation(world, record, { verifications: referenceTo(verification) });
  emit(world, 'verification.created', { resource: verification });
  for (const [index, stage] of later.entries()) {
    verification = world.store.put(overlay(verification, stage) as JsonObject);
    emit(world, index === 0 ? 'verification.submitted' : `verification.${result}`, {
      resource: verification,
    });
  }
  return verification;
}

/** An inquiry may have been created without an account. */
function withAccounts(world: World, record: InquiryRecord, verification: JsonObject): JsonObject {
  const { inquiry } = inquiryOf(world, record.id);
  return withRelation(verification, 'accounts', world.store.relation(inquiry, 'account').map(referenceTo));
}

/** The first document, and what each later stage changes. */
function documentedStages({ story }: World, result: VerificationResult): JsonObject[] {
  return [
    story.subject('verification.created'),
    story.change('verification.submitted'),
    story.change(`verification.${result}`),
  ];
}

/** As for a government id, taken back from the only state that the fixtures have: passed. */
function derivedStages({ story }: World, result: VerificationResult): JsonObject[] {
  const passed = story.included('inquiry.completed', 'verification/selfie');
  const attributes = objectAt(passed, 'attributes');
  const handedIn = (key: string) => /^submitted-at|photo|capture-method/.test(key);
  const blank = object(
    attributes.members.map((entry) => ({ ...entry, value: emptied(entry.key, entry.value) })),
  );
  const submitted = object(attributes.members.filter(({ key }) => handedIn(key)));
  const done = object(attributes.members.filter(({ key }) => !/^created-at/.test(key)));
  const checked = result === 'passed' ? done : withMember(done, 'checks', failing(member(done, 'checks')));
  return [
    withMember(withValues(passed, { status: 'initiated' }), 'attributes', withStatus(blank, 'initiated')),
    object([{ key: 'attributes', value: withStatus(submitted, 'submitted') }]),
    object([{ key: 'attributes', value: withStatus(checked, result) }]),
  ];
}

const KEPT = /^(status|created-at|created-at-ts|redacted-at|country-code|tags|from-reusable-persona)$/;

function emptied(key: string, value: JsonNode): JsonNode {
  if (KEPT.test(key)) return value;
  return value.kind === 'array' ? array([]) : fromValue(null);
}

function withStatus(attributes: JsonObject, status: string): JsonObject {
  return withMember(attributes, 'status', fromValue(status));
}

/** The first required check fails. */
function failing(checks: JsonNode | undefined): JsonNode {
  const items = checks?.kind === 'array' ? checks.items : [];
  const place = items.findIndex((item) => stringAt(item, 'requirement') === 'required');
  return array(
    items.map((item, index) =>
      index === place && item.kind === 'object'
        ? withMember(
            withMember(item, 'status', fromValue('failed')),
            'reasons',
            fromValue(['low_confidence_match']),
          )
        : item,
    ),
  );
}

/** What the document says goes into the fields that were empty; what the app gave stays. */
function learn(
  world: World,
  record: InquiryRecord,
  { kind, proof }: { kind: VerificationKind; proof: JsonObject },
): void {
  const { inquiry } = inquiryOf(world, record.id);
  const read = kind === 'government-id' ? readFields(world) : object([]);
  const pointer = object([{ key: KINDS[kind].field, value: pointerTo(proof) }]);
  const known = fieldsOf(inquiry);
  const empty = (key: string) => stringAt(known, key, 'value') === undefined;
  const learnt = object([...read.members.filter(({ key }) => empty(key)), ...pointer.members]);
  world.store.put(withAttributes(inquiry, object([{ key: 'fields', value: learnt }])));
  const [account] = world.store.relation(inquiry, 'account');
  if (kind === 'government-id' && account !== undefined) learnFields(world, account);
}

function readFields({ story }: World): JsonObject {
  const started = objectAt(objectAt(story.subject('inquiry.transitioned'), 'attributes'), 'fields');
  const isRead = (key: string, value: JsonNode) =>
    key !== 'current-government-id' && stringAt(value, 'value') !== undefined;
  return object(started.members.filter(({ key, value }) => isRead(key, value)));
}

/** `{"id": "doc_…", "type": "Document::GovernmentId"}` */
function pointerTo(proof: JsonObject): JsonNode {
  const { id, type } = referenceTo(proof);
  const name = type
    .split('/')
    .map((part) => part.split('-').map(capitalised).join(''))
    .join('::');
  return object([{ key: 'value', value: fromValue({ id, type: name }) }]);
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
