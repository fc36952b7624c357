import { fromValue, object, withMember, type JsonObject, type JsonValue } from '../../json/node.ts';
import { overlay } from '../../json/overlay.ts';
import { ApiError } from '../errors.ts';
import { isRedacted } from './transitions.ts';
import { objectAt, withBlank, withRelations, withValues } from './edit.ts';
import { referenceTo, statusOf } from './store.ts';
import { tagsOf } from './tagging.ts';
import { emit, instantiate, isoSeconds, nowMs, type Environment } from './environment.ts';

export interface ReportInput {
  /** `report/watchlist` */
  readonly type: string;
  readonly query: Readonly<Record<string, JsonValue | undefined>>;
  readonly templateId: string | undefined;
  readonly account: JsonObject | undefined;
  /** The fixtures' report of this type, which is ready. */
  readonly sample: JsonObject;
}

/** Starts a report. After as long as a decision takes it is ready, with what the fixtures' report found. */
export function createReport(environment: Environment, input: ReportInput): JsonObject {
  const { sample, account, templateId, type, query } = input;
  const whole = related(instantiate(environment, sample, new Map()), { account, templateId, type });
  const asked = withQuery(whole, query);
  const report = environment.store.put(withBlankResult(asked));
  finishLater(environment, asked);
  return report;
}

/**
 * Runs a report again: after as long as a decision takes it is ready once more. UNDOCUMENTED: what it shows meanwhile;
 * here what it had found, as the answer in OPENAPI report-action-re-run-report does.
 * @throws {ApiError} 409 (UNDOCUMENTED: the status) for one that is redacted, or has not run
 */
export function rerunReport(environment: Environment, report: JsonObject): JsonObject {
  if (isRedacted(report))
    throw new ApiError(409, 'The report is redacted: what it asked about is gone, and it cannot run again.');
  if (statusOf(report) === 'pending')
    throw new ApiError(409, 'The report is pending: it can run again when it is ready.');
  finishLater(environment, report);
  return report;
}

function related(
  report: JsonObject,
  { account, templateId, type }: Pick<ReportInput, 'account' | 'templateId' | 'type'>,
): JsonObject {
  const template = { type: type.replace(/^report\//, 'report-template/'), id: templateId ?? '' };
  return withRelations(report, {
    inquiry: null,
    transaction: null,
    account: account === undefined ? null : referenceTo(account),
    ...(templateId === undefined ? {} : { 'report-template': template }),
  });
}

/** The fixtures' person has no part in a report about somebody else. */
const OF_A_PERSON = /^(term|name-\w+|birthdate|country-code)$/;

/** The report repeats what it was asked about, at its attributes or in its query. */
function withQuery(report: JsonObject, query: ReportInput['query']): JsonObject {
  const asked = (known: JsonObject) =>
    object(
      known.members.flatMap(({ key }) => {
        const value = query[key] ?? (OF_A_PERSON.test(key) ? null : undefined);
        return value === undefined ? [] : [{ key, value: fromValue(value) }];
      }),
    );
  const inner = asked(objectAt(report, 'attributes', 'query'));
  const own = asked(objectAt(report, 'attributes'));
  const whole = inner.members.length === 0 ? own : object([...own.members, { key: 'query', value: inner }]);
  return overlay(report, object([{ key: 'attributes', value: whole }])) as JsonObject;
}

/** What is known of a report before it has run. */
const KEPT =
  /^(status|created-at|redacted-at|report-template-version-name|is-continuous|is-recurring|tags|query|term|name-|birthdate|address-|phone-|email-|country-code)/;

function withBlankResult(report: JsonObject): JsonObject {
  const blank = withBlank(report, (key) => KEPT.test(key));
  return withValues(blank, { status: 'pending', 'completed-at': null, 'has-match': false });
}

/** @param result - the report as it will be; tags and relations are those that it has by then */
function finishLater(environment: Environment, result: JsonObject): void {
  const { id, type } = referenceTo(result);
  environment.scheduler.add(nowMs(environment) + environment.settings.decideAfterMs, () => {
    const report = environment.store.get(id);
    if (report === undefined || isRedacted(report)) return;
    const found = withValues(result, {
      'completed-at': isoSeconds(nowMs(environment)),
      tags: tagsOf(report),
    });
    const ready = withMember(found, 'relationships', objectAt(report, 'relationships'));
    emit(environment, `${type}.ready`, { resource: ready });
  });
}
