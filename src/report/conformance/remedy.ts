import type { CheckReport } from '../../conformance/report.ts';

/** What to give so that a check can be run, or judged; checks with the same remedy are listed together. */
export function remedyOf({ actual, verdict }: Pick<CheckReport, 'actual' | 'verdict'>): string {
  const prefix = 'not run: ';
  if (actual.startsWith(prefix)) return actual.slice(prefix.length);
  return verdict === 'needs-oracle' ? 'give --oracle-url or --oracle-cmd' : actual;
}
