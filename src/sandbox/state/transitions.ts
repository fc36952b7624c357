import { at, stringAt, type JsonObject } from '../../json/node.ts';
import { ApiError } from '../errors.ts';
import { objectAt, withAttributes, withOnly, withRelations, withValues } from './edit.ts';
import { endSessions } from './sessions.ts';
import { referenceTo, statusOf } from './store.ts';
import { storyIds } from './story-ids.ts';
import type { StoryEvent } from './story.ts';
import { emit, instantiate, isoSeconds, nowMs, type InquiryRecord, type Environment } from './environment.ts';
import {
  INQUIRY_OPERATIONS,
  INQUIRY_STATUSES,
  REFUSED_OPERATION_STATUS,
  ruleFor,
  type InquiryOperation,
  type InquiryStatus,
} from '../../persona/inquiry-operations.ts';
import type { Settings } from '../settings.ts';

/** @throws {ApiError} 404 when there is no such inquiry */
export function inquiryOf(
  environment: Environment,
  id: string,
): { inquiry: JsonObject; record: InquiryRecord } {
  const inquiry = environment.store.get(id);
  const record = environment.inquiries.get(id);
  if (inquiry === undefined || record === undefined) throw new ApiError(404);
  return { inquiry, record };
}

/** Steps of an inquiry, by what the fixtures say of each. */
export type InquiryStep = Extract<
  StoryEvent,
  | 'inquiry.started'
  | 'inquiry.completed'
  | 'inquiry.failed'
  | 'inquiry.expired'
  | 'inquiry.marked-for-review'
  | 'inquiry.approved'
  | 'inquiry.declined'
>;

export interface StepOptions {
  readonly event: InquiryStep;
  readonly comment?: string | undefined;
  /** A workflow decided, not the API. @default false */
  readonly isByWorkflow?: boolean | undefined;
}

/** What a person enters, and what only a reviewer or a verification knows, is not a part of a step. */
const NOT_OF_A_STEP: ReadonlySet<string> = new Set([
  'fields',
  'reference-id',
  'tags',
  'note',
  'reviewer-comment',
]);
const ENDS_SESSIONS: ReadonlySet<InquiryStep> = new Set([
  'inquiry.failed',
  'inquiry.expired',
  'inquiry.marked-for-review',
  'inquiry.approved',
  'inquiry.declined',
]);

/** Brings an inquiry to its next state, and sends the event of the step. */
export function step(environment: Environment, id: string, options: StepOptions): JsonObject {
  const { event } = options;
  const { inquiry, record } = inquiryOf(environment, id);
  const changes = withOnly(
    objectAt(
      instantiate(environment, environment.story.change(event), storyIds(environment.story, inquiry)),
      'attributes',
    ),
    (key) => !NOT_OF_A_STEP.has(key),
  );
  const changed = withComment(withAttributes(inquiry, changes), options.comment);
  const stepped = environment.store.put(withExpiry(environment, record, { inquiry: changed, event }));
  const resource = withReviewer(environment, { inquiry: stepped, event, options });
  const decided = emit(environment, event, { resource });
  if (ENDS_SESSIONS.has(event)) endSessions(environment, decided);
  return decided;
}

function withComment(inquiry: JsonObject, comment: string | undefined): JsonObject {
  return comment === undefined ? inquiry : withValues(inquiry, { 'reviewer-comment': comment });
}

interface Stepped {
  readonly inquiry: JsonObject;
  readonly event: InquiryStep;
}

/** A started inquiry may get a time of its own; one that is over does not expire. */
function withExpiry(
  environment: Environment,
  record: InquiryRecord,
  { inquiry, event }: Stepped,
): JsonObject {
  const { afterStartSeconds } = record.lifetime;
  if (event !== 'inquiry.started') {
    record.expiresAtMs = undefined;
    return withValues(inquiry, { 'expires-at': null });
  }
  return afterStartSeconds === undefined ? inquiry : expireIn(environment, inquiry, afterStartSeconds);
}

/** Lets the inquiry end by itself that much later, unless it has ended by then. */
export function expireIn(environment: Environment, inquiry: JsonObject, seconds: number): JsonObject {
  const { id } = referenceTo(inquiry);
  const record = environment.inquiries.get(id);
  const expiresAtMs = nowMs(environment) + seconds * 1000;
  if (record !== undefined) record.expiresAtMs = expiresAtMs;
  environment.scheduler.add(expiresAtMs, () => {
    if (environment.inquiries.get(id)?.expiresAtMs === expiresAtMs)
      step(environment, id, { event: 'inquiry.expired' });
  });
  return withValues(inquiry, { 'expires-at': isoSeconds(expiresAtMs) });
}

/**
 * UNDOCUMENTED: who stands as the reviewer of a decision that came through the API. Here nobody does; a rule of the
 * sandbox counts as a workflow.
 */
function withReviewer(
  environment: Environment,
  { inquiry, event, options }: Stepped & { readonly options: StepOptions },
): JsonObject {
  if (options.isByWorkflow !== true || !isDecision(event)) return inquiry;
  const sample = environment.story.included('inquiry.approved', 'workflow-run');
  const run = environment.store.put(instantiate(environment, sample, storyIds(environment.story, inquiry)));
  return withRelations(inquiry, { reviewer: referenceTo(run) });
}

function isDecision(event: InquiryStep): boolean {
  return (
    event === 'inquiry.approved' || event === 'inquiry.declined' || event === 'inquiry.marked-for-review'
  );
}

/** The inquiry is open again, as after `resume`. Sends no event: Persona's catalogue has none for it. */
export function reopen(environment: Environment, inquiry: JsonObject): JsonObject {
  if (statusOf(inquiry) !== 'expired') return inquiry;
  const { record } = inquiryOf(environment, referenceTo(inquiry).id);
  const { afterResumeSeconds, afterCreateSeconds } = record.lifetime;
  const pending = withValues(inquiry, { status: 'pending', 'expired-at': null });
  return environment.store.put(
    expireIn(environment, touched(environment, pending), afterResumeSeconds ?? afterCreateSeconds),
  );
}

/** With `updated-at` of now; reports have none. */
export function touched(environment: Environment, resource: JsonObject): JsonObject {
  const isDated = at(resource, 'attributes', 'updated-at') !== undefined;
  return isDated ? withValues(resource, { 'updated-at': isoSeconds(nowMs(environment)) }) : resource;
}

/** The value of an inquiry's field. */
export function fieldOf(inquiry: JsonObject, name: string): string | undefined {
  return stringAt(inquiry, 'attributes', 'fields', name, 'value');
}

export function isRedacted(resource: JsonObject): boolean {
  return stringAt(resource, 'attributes', 'redacted-at') !== undefined;
}

/** @throws {ApiError} when the table of operations and states refuses it */
export function checkAllowed(
  { settings }: Pick<Environment, 'settings'>,
  inquiry: JsonObject,
  operation: InquiryOperation,
): void {
  const state = isRedacted(inquiry) ? 'redacted' : (statusOf(inquiry) as InquiryStatus);
  const refusal = refusalIn(settings, state, operation);
  if (refusal !== undefined) throw refusal;
}

/** A redacted inquiry keeps its status, and allows nothing. */
type InquiryState = InquiryStatus | 'redacted';

function refusalIn(
  { overrides }: Settings,
  state: InquiryState,
  operation: InquiryOperation,
): ApiError | undefined {
  if (state === 'redacted')
    return new ApiError(409, 'The inquiry is redacted: its data is gone and it no longer changes.');
  const override = overrides[operation]?.[state];
  const rule = ruleFor(operation, state);
  if (override === 'allow' || (override === undefined && rule.isAllowed)) return undefined;
  const by = rule.source === 'DOCS' ? '' : ' (Persona documents nothing here; the seed can allow it)';
  return new ApiError(
    override ?? REFUSED_OPERATION_STATUS,
    `The inquiry is ${state}, which does not allow ${operation}${by}.`,
  );
}

/** By state: the operations that are refused, each with the sentence that says so. What is missing is allowed. */
export type InquiryRules = Readonly<
  Record<InquiryState, Readonly<Partial<Record<InquiryOperation, string>>>>
>;

/** The whole table, with what the seed overrides. */
export function inquiryRules(settings: Settings): InquiryRules {
  const refusedIn = (state: InquiryState) =>
    INQUIRY_OPERATIONS.flatMap((operation) => {
      const refusal = refusalIn(settings, state, operation);
      return refusal === undefined ? [] : [[operation, refusal.message]];
    });
  const states = [...INQUIRY_STATUSES, 'redacted'] as const;
  return Object.fromEntries(
    states.map((state) => [state, Object.fromEntries(refusedIn(state))]),
  ) as InquiryRules;
}
