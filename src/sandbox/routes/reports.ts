import type { JsonValue } from '../../json/node.ts';
import { stringAt } from '../../json/node.ts';
import type { Call, Result, Route } from '../http/call.ts';
import { createReportSchema } from '../requests/report.ts';
import { accountFor } from '../state/accounts.ts';
import { createReport } from '../state/reports.ts';
import { list, matcher, relatedId } from './lists.ts';
import { read } from './reads.ts';

export const reportRoutes: readonly Route[] = [
  { operation: 'create-a-report', coverage: 'stateful', handle: create },
  read('retrieve-a-report', 'report', 'report-id'),
  {
    operation: 'list-all-reports',
    coverage: 'read',
    filters: ['reference-id', 'account-id'],
    isPaged: true,
    handle: (call) =>
      list(call, 'report', matcher(call, { 'account-id': (report) => relatedId(report, 'account') })),
  },
];

interface Attributes {
  readonly 'account-id'?: string | undefined;
  readonly 'reference-id'?: string | undefined;
  readonly 'report-template-id'?: string | undefined;
  readonly query?: Readonly<Record<string, unknown>> | undefined;
}

async function create(call: Call): Promise<Result> {
  const { world } = call;
  const { data, meta = {} } = call.body(createReportSchema);
  const sample = await world.story.report(data.type);
  const attributes: Attributes = data.attributes ?? {};
  const { 'account-id': accountId, 'reference-id': referenceId } = attributes;
  const wantsAccount = accountId !== undefined || meta['auto-create-account'] !== false;
  const account = wantsAccount
    ? accountFor(world, {
        accountId,
        referenceId: meta['auto-create-account-reference-id'] ?? referenceId,
      })
    : undefined;
  const report = createReport(world, {
    ...{ type: stringAt(sample, 'type') ?? data.type, sample, account },
    templateId: attributes['report-template-id'],
    query: (attributes.query ?? {}) as Readonly<Record<string, JsonValue | undefined>>,
  });
  return { status: 201, data: report };
}
