import { version } from '../../text/version.ts';
import { jsonText } from './json-text.ts';
import type { CheckReport, ConformanceReport, ReceiverReport } from '../../conformance/report.ts';
import { adviceOf, basisText, standingOf, type Standing } from '../../conformance/standing.ts';
import { remedyOf } from './remedy.ts';

/** https://ctrf.io, specification 0.0.0: read by many dashboards and bots. */
export interface CtrfReport {
  readonly reportFormat: 'CTRF';
  readonly specVersion: '0.0.0';
  readonly results: {
    readonly tool: { readonly name: 'hookcast'; readonly version: string };
    readonly summary: CtrfSummary;
    readonly tests: readonly CtrfTest[];
  };
}

type CtrfStatus = 'passed' | 'failed' | 'pending' | 'skipped' | 'other';

type CtrfSummary = Readonly<Record<CtrfStatus, number>> & {
  readonly tests: number;
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly stop: number;
};

interface CtrfTest {
  readonly name: string;
  readonly status: CtrfStatus;
  /** Whole milliseconds. */
  readonly duration: number;
  readonly start: number;
  readonly stop: number;
  readonly suite: readonly string[];
  readonly type: 'conformance';
  /** hookcast's own verdict. */
  readonly rawStatus: string;
  readonly tags: readonly string[];
  readonly message?: string;
  readonly trace?: string;
}

export function ctrfReport(report: ConformanceReport): string {
  return `${jsonText(toCtrfReport(report))}\n`;
}

export function toCtrfReport(report: ConformanceReport): CtrfReport {
  const tests = report.receivers.flatMap((receiver) =>
    receiver.checks.map((check) => testOf(check, receiver, report)),
  );
  return {
    reportFormat: 'CTRF',
    specVersion: '0.0.0',
    results: { tool: { name: 'hookcast', version: version() }, summary: summaryOf(tests, report), tests },
  };
}

function summaryOf(tests: readonly CtrfTest[], { startedAt, durationMs }: ConformanceReport): CtrfSummary {
  const count = (status: CtrfStatus) => tests.filter((test) => test.status === status).length;
  const start = Date.parse(startedAt);
  return {
    tests: tests.length,
    passed: count('passed'),
    failed: count('failed'),
    pending: count('pending'),
    skipped: count('skipped'),
    other: count('other'),
    start,
    stop: start + Math.round(durationMs),
  };
}

function testOf(check: CheckReport, receiver: ReceiverReport, report: ConformanceReport): CtrfTest {
  const start = Date.parse(report.startedAt) + Math.round(check.startedMs);
  const duration = Math.round(check.durationMs);
  return {
    name: `${check.id} ${check.title}`,
    status: statusOf(check, report),
    ...{ duration, start, stop: start + duration },
    suite: [receiver.name, `${check.family} ${check.familyTitle}`],
    type: 'conformance',
    rawStatus: check.verdict,
    tags: [check.level, check.basis],
    ...messagesOf(check, standingOf(check, report)),
  };
}

const STATUSES = {
  success: 'passed',
  failure: 'failed',
  error: 'failed',
  known: 'pending',
  'not-run': 'skipped',
} as const satisfies Readonly<Record<Standing, CtrfStatus>>;

function statusOf(check: CheckReport, report: ConformanceReport): CtrfStatus {
  return check.verdict === 'info' ? 'other' : STATUSES[standingOf(check, report)];
}

function messagesOf(check: CheckReport, standing: Standing): Pick<CtrfTest, 'message' | 'trace'> {
  if (check.verdict === 'pass') return {};
  if (standing === 'not-run') return { message: remedyOf(check) };
  const { actual, expected, source, command } = check;
  const trace = [
    `expected: ${expected}`,
    `basis: ${basisText(check)}`,
    `source: ${source}`,
    ...Object.entries(adviceOf(check)).map(([label, text]) => `${label}: ${text}`),
    `repeat: ${command}`,
  ].join('\n');
  return { message: actual, trace };
}
