import { Chalk } from 'chalk';
import * as z from 'zod';
import type { ReportFormatName } from '../../report/conformance/index.ts';
import { ProblemError, REFUSED } from '../api/problem.ts';
import { route, json, jsonOfNew } from '../api/route.ts';
import { waitUntil, type Condition } from '../api/wait-until.ts';
import { startConformance, type ConformanceRun } from '../runs/conformance-run.ts';
import { settledParameters } from '../schemas/common.ts';
import { conformanceRunSchema, newConformanceRunSchema } from '../schemas/tools.ts';

const waitQuery = z.object(settledParameters);

const PATH = '/v1/conformance-runs/{run}';

const MEDIA_TYPES: Readonly<Record<ReportFormatName, string>> = {
  text: 'text/plain; charset=utf-8',
  html: 'text/html; charset=utf-8',
  json: 'application/json',
  junit: 'application/xml',
  ctrf: 'application/json',
  tap: 'text/plain; charset=utf-8',
  github: 'text/plain; charset=utf-8',
  markdown: 'text/markdown; charset=utf-8',
};
const FORMATS = Object.keys(MEDIA_TYPES) as [ReportFormatName, ...ReportFormatName[]];

export const CONFORMANCE_ROUTES = [
  route({
    ...{ method: 'POST', path: '/v1/conformance-runs', name: 'startConformance' },
    summary: 'Test a receiver, check by check',
    query: waitQuery,
    body: newConformanceRunSchema,
    bodyIsOptional: true,
    answers: {
      200: jsonOfNew(conformanceRunSchema, 'It is over.'),
      202: jsonOfNew(conformanceRunSchema, 'Under way.'),
    },
    handle: async ({ query, body, request }, { webhooks, conformanceRuns, sending }) => {
      const isOfWebhook = body.url === undefined || body.webhook !== undefined;
      const webhook = isOfWebhook ? webhooks.get(body.webhook ?? 'default') : undefined;
      const started = await startConformance({ id: conformanceRuns.nextId(), webhook, body, sending });
      const run = conformanceRuns.add(started);
      const isTrue = await waitUntil(over(run), query, request);
      const headers = { location: `/v1/conformance-runs/${run.id}` };
      return { status: query.wait !== undefined && isTrue ? 200 : 202, json: await view(run), headers };
    },
  }),
  route({
    ...{ method: 'GET', path: PATH, name: 'getConformanceRun' },
    summary: "Show a conformance run; 'latest' names the newest",
    query: waitQuery,
    answers: {
      200: json(conformanceRunSchema, 'The run.'),
      202: json(conformanceRunSchema, 'The time ran out.'),
    },
    handle: async ({ params, query, request }, { conformanceRuns }) => {
      const run = conformanceRuns.get(params['run'] ?? '');
      const isTrue = await waitUntil(over(run), query, request);
      return { status: isTrue ? 200 : 202, json: await view(run) };
    },
  }),
  route({
    ...{ method: 'GET', path: `${PATH}/report`, name: 'getConformanceReport' },
    summary: 'The report of a run that is over, in any format of conform --report',
    query: z.object({ format: z.enum(FORMATS).optional() }),
    answers: { 200: { description: 'The report. Default: json.', mediaType: '*/*' } },
    handle: async ({ params, query: { format = 'json' } }, { conformanceRuns }) => {
      const run = conformanceRuns.get(params['run'] ?? '');
      const report = finishedReport(run);
      const { REPORT_FORMATS } = await import('../../report/conformance/index.ts');
      const style = { chalk: new Chalk({ level: 0 }), verbose: true };
      const text = REPORT_FORMATS[format].render(report, style);
      const isPage = format === 'html' ? { 'content-security-policy': REPORT_POLICY } : undefined;
      return new Response(text, {
        headers: { 'content-type': MEDIA_TYPES[format], ...isPage },
      });
    },
  }),
  route({
    ...{ method: 'POST', path: `${PATH}/cancel`, name: 'cancelConformanceRun' },
    summary: 'Stop a conformance run; answers when it has stopped',
    answers: {
      200: json(conformanceRunSchema, 'The run.'),
      202: json(conformanceRunSchema, 'It is stopping.'),
    },
    handle: async ({ params, request }, { conformanceRuns }) => {
      const run = conformanceRuns.get(params['run'] ?? '');
      if (run.state !== 'running') {
        throw new ProblemError(REFUSED.settled, `the run ${run.id} is ${run.state} already`, {
          state: run.state,
        });
      }
      run.stop.abort(new Error('cancelled'));
      const isTrue = await waitUntil(over(run), { wait: 'settled' }, request);
      return { status: isTrue ? 200 : 202, json: await view(run) };
    },
  }),
];

/** The page of a report has its own style and script, and reaches nothing. */
const REPORT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; sandbox allow-scripts";

function over(run: ConformanceRun): Condition {
  return {
    verdict: () => (run.state === 'running' ? undefined : true),
    subscribe: (listener) => {
      run.listeners.add(listener);
      return () => void run.listeners.delete(listener);
    },
  };
}

/** @throws {ProblemError} 409 while there is none */
function finishedReport({ id, state, reason, report }: ConformanceRun) {
  if (report !== undefined) return report;
  if (state === 'running') {
    throw new ProblemError(REFUSED.pending, `the run ${id} is still running; wait with ?wait=settled`, {
      state,
    });
  }
  throw new ProblemError(REFUSED.noReport, `the run ${id} is ${state}, without a report: ${reason ?? ''}`, {
    state,
  });
}

async function view(run: ConformanceRun): Promise<z.output<typeof conformanceRunSchema>> {
  const { id, url, state, reason = null, done, total = null, results, report } = run;
  const { failuresOf } = await import('../../conformance/standing.ts');
  return {
    ...{ type: 'conformance-run', id, url, state, reason, done, total },
    failures: report === undefined ? null : failuresOf(report),
    diagnosis: report?.receivers[0]?.diagnosis ?? null,
    results: [...results],
  };
}
