import type { ConformanceReport } from './report.ts';
import { standingOf } from './standing.ts';

/** Would CI have to fail? The report's failures, less those that are known. */
export function failuresOf(report: ConformanceReport): number {
  const checks = report.receivers.flatMap((receiver) => receiver.checks);
  return checks.filter((check) => standingOf(check, report) === 'failure').length;
}
