import { at, stringAt, type JsonObject, type JsonValue } from '../../json/node.ts';
import { ApiError } from '../errors.ts';
import { changes, lists, one, type Call, type Result, type Route } from '../http/call.ts';
import { accountFor } from '../state/accounts.ts';
import { redactReport } from '../state/redaction.ts';
import { createReport, rerunReport } from '../state/reports.ts';
import { relatedId } from '../state/store.ts';
import { isRedacted } from '../state/transitions.ts';
import { find, listKept, matcher } from './lists.ts';
import { read } from './reads.ts';
import { tagRoutes } from './tags.ts';

const reportOf = (call: Call) => find(call, call.param('report-id'), 'report');

export const reportRoutes: readonly Route[] = [
  changes('create-a-report', create),
  read('retrieve-a-report', 'report', 'report-id'),
  lists('list-all-reports', listReports, ['reference-id', 'account-id']),
  changes('report-action-re-run-report', rerun),
  changes('redact-a-report', (call) => one(redactReport(call.environment, reportOf(call)))),
  // Persona's catalogue has no event for the tags of a report.
  ...tagRoutes('reports', undefined, unredactedOf),
];

/** A report has no reference id of its own. UNDOCUMENTED: the filter goes by that of its account. */
function listReports(call: Call): Result {
  const referenceId = call.query.filter.get('reference-id');
  const referenceOf = (report: JsonObject) => {
    const account = call.environment.store.get(relatedId(report, 'account') ?? '');
    return stringAt(account, 'attributes', 'reference-id');
  };
  const isOfAccount = matcher(call, { 'account-id': (report) => relatedId(report, 'account') });
  return listKept(
    call,
    'report',
    (report) => isOfAccount(report) && (referenceId === undefined || referenceOf(report) === referenceId),
  );
}

/** UNDOCUMENTED: whether a redacted report takes tags; here it changes no more than a redacted inquiry. */
function unredactedOf(call: Call): JsonObject {
  const report = reportOf(call);
  if (isRedacted(report)) throw new ApiError(409, 'The report is redacted, and no longer changes.');
  return report;
}

function rerun(call: Call): Result {
  call.body('emptySchema');
  const report = rerunReport(call.environment, reportOf(call));
  const isContinuous = at(report, 'attributes', 'is-continuous');
  if (isContinuous?.kind !== 'scalar' || isContinuous.value !== true)
    call.hint(
      'not-continuous',
      'Persona runs a report again when it is monitored continuously (is-continuous), which reports here are not: the sandbox runs any',
    );
  return one(report);
}

interface Attributes {
  readonly 'account-id'?: string | undefined;
  readonly 'reference-id'?: string | undefined;
  readonly 'report-template-id'?: string | undefined;
  readonly query?: Readonly<Record<string, unknown>> | undefined;
}

async function create(call: Call): Promise<Result> {
  const { environment } = call;
  const { data, meta = {} } = call.body('createReportSchema');
  const sample = await environment.story.report(data.type);
  const attributes: Attributes = data.attributes ?? {};
  const { 'account-id': accountId, 'reference-id': referenceId } = attributes;
  const wantsAccount = accountId !== undefined || meta['auto-create-account'] !== false;
  const account = wantsAccount
    ? accountFor(environment, {
        accountId,
        referenceId: meta['auto-create-account-reference-id'] ?? referenceId,
      })
    : undefined;
  const report = createReport(environment, {
    ...{ type: stringAt(sample, 'type') ?? data.type, sample, account },
    templateId: attributes['report-template-id'],
    query: (attributes.query ?? {}) as Readonly<Record<string, JsonValue | undefined>>,
  });
  return { status: 201, data: report };
}
