import { fromValue, object, stringAt, type JsonNode, type JsonObject } from '../../json/node.ts';
import { overlay } from '../../json/overlay.ts';
import type { IdMap } from '../../event/build.ts';
import { ApiError } from '../errors.ts';
import { learnFields } from './accounts.ts';
import { objectAt, withAttributes, withRelations, type Reference } from './edit.ts';
import { referenceTo } from './store.ts';
import { storyIds } from './story-ids.ts';
import { inquiryOf } from './transitions.ts';
import { KINDS, type VerificationKind, type VerificationResult } from './verification-kinds.ts';
import { emit, instantiate, type InquiryRecord, type Environment } from './environment.ts';

/** @throws {ApiError} 404 with the ids that are known */
export function kindOfTemplate({ settings }: Environment, id: string): VerificationKind {
  const kind = settings.verificationTemplates.get(id);
  if (kind !== undefined) return kind;
  const known = [...settings.verificationTemplates].map(([other, type]) => `${other} (${type})`);
  throw new ApiError(404, `data.verification-template-id is not found: known are ${known.join(', ')}`);
}

export interface Verifying {
  readonly kind: VerificationKind;
  readonly result: VerificationResult;
  /** The verification template that was named. */
  readonly templateId?: string | undefined;
}

/**
 * A person hands in what the verification needs and it comes to its result: three events of the document or selfie,
 * then created, submitted, and passed or failed. What was read is laid into fields that were empty.
 */
export function verify(environment: Environment, inquiryId: string, verifying: Verifying): JsonObject {
  const { record, inquiry } = inquiryOf(environment, inquiryId);
  const attempt = { record, ids: storyIds(environment.story, inquiry), verifying };
  const proof = handIn(environment, attempt);
  const verification = check(environment, attempt);
  if (verifying.result === 'passed' && proof !== undefined) learn(environment, attempt, proof);
  return verification;
}

interface Attempt {
  readonly record: InquiryRecord;
  /** Of this attempt: a second one has a document of its own. */
  readonly ids: IdMap;
  readonly verifying: Verifying;
}

function handIn(
  environment: Environment,
  { record, ids, verifying: { kind } }: Attempt,
): JsonObject | undefined {
  const { proof, proofEvents, relation } = KINDS[kind];
  const [first, ...changes] = proof(environment.story);
  if (first === undefined || relation === undefined) return undefined;
  let resource = environment.store.put(instantiate(environment, first, ids));
  addRelation(environment, record, { [relation]: referenceTo(resource) });
  if (kind === 'government-id') {
    const file = environment.story.included('document.submitted', 'document-file');
    environment.store.put(instantiate(environment, file, ids));
  }
  for (const [index, event] of proofEvents.entries()) {
    const change = changes[index - 1];
    if (change !== undefined)
      resource = overlay(resource, instantiate(environment, change, ids)) as JsonObject;
    emit(environment, event, { resource });
  }
  return resource;
}

function addRelation(
  environment: Environment,
  record: InquiryRecord,
  targets: Readonly<Record<string, Reference>>,
): void {
  for (const [name, target] of Object.entries(targets)) {
    const { inquiry } = inquiryOf(environment, record.id);
    const known = environment.store.relation(inquiry, name).map(referenceTo);
    environment.store.put(withRelations(inquiry, { [name]: [...known, target] }));
  }
}

function check(environment: Environment, { record, ids, verifying }: Attempt): JsonObject {
  const { kind, result, templateId } = verifying;
  const { stages, template } = KINDS[kind];
  const all = stages(environment.story, inquiryOf(environment, record.id).inquiry, result);
  const [first, ...later] = all.map((stage) => instantiate(environment, stage, ids));
  if (first === undefined) throw new Error('no stage');
  const named = withRelations(first, {
    'verification-template': {
      type: `verification-template/${kind}`,
      id: templateId ?? template(environment.story),
    },
    // An inquiry may have been created without an account.
    accounts: environment.store
      .relation(inquiryOf(environment, record.id).inquiry, 'account')
      .map(referenceTo),
  });
  let verification = environment.store.put(named);
  addRelation(environment, record, { verifications: referenceTo(verification) });
  emit(environment, 'verification.created', { resource: verification });
  for (const [index, stage] of later.entries()) {
    const event = index === 0 ? 'verification.submitted' : `verification.${result}`;
    verification = emit(environment, event, { resource: overlay(verification, stage) as JsonObject });
  }
  return verification;
}

/** What the document says goes into the fields that were empty; what the app gave stays. */
function learn(environment: Environment, { record, verifying: { kind } }: Attempt, proof: JsonObject): void {
  const { field } = KINDS[kind];
  if (field === undefined) return;
  const { inquiry } = inquiryOf(environment, record.id);
  const read = kind === 'government-id' ? readFields(environment) : object([]);
  const known = objectAt(inquiry, 'attributes', 'fields');
  const empty = (key: string) => stringAt(known, key, 'value') === undefined;
  const pointer = object([{ key: field, value: pointerTo(proof) }]);
  const learnt = object([...read.members.filter(({ key }) => empty(key)), ...pointer.members]);
  environment.store.put(withAttributes(inquiry, object([{ key: 'fields', value: learnt }])));
  const [account] = environment.store.relation(inquiry, 'account');
  if (kind === 'government-id' && account !== undefined) learnFields(environment, account);
}

function readFields({ story }: Environment): JsonObject {
  const started = objectAt(story.subject('inquiry.transitioned'), 'attributes', 'fields');
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
