import type { ConformanceRun } from '../api/records.ts';

interface Finished extends Pick<ConformanceRun, 'done' | 'results'> {
  readonly failures: number;
}

/** How a run of checks ended; each check is counted once. */
export function finishedText({ done, failures, results }: Finished): string {
  const count = (wanted: string) => results.filter(({ verdict }) => verdict === wanted).length;
  // A forgery that was acknowledged is among the failures, though only an oracle could judge it.
  const judgedAnyway = Math.max(0, failures - count('fail'));
  const unjudged = count('error') + Math.max(0, count('needs-oracle') - judgedAnyway);
  const open = unjudged === 0 ? '' : `; ${unjudged} could not be judged`;
  if (failures > 0) return `${failures} of ${done} checks failed${open}.`;
  return unjudged === 0 ? 'All checks passed.' : `No check failed${open}.`;
}
