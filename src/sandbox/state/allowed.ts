import { stringAt, type JsonObject } from '../../json/node.ts';
import {
  INQUIRY_OPERATIONS,
  INQUIRY_STATUSES,
  REFUSED_OPERATION_STATUS,
  ruleFor,
  type InquiryOperation,
  type InquiryStatus,
} from '../../persona/inquiry-operations.ts';
import { ApiError } from '../errors.ts';
import type { Settings } from '../settings.ts';
import type { Environment } from './environment.ts';

export function statusOf(resource: JsonObject): string {
  return stringAt(resource, 'attributes', 'status') ?? '';
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
