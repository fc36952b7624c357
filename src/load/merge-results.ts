import { mergeDurations, type Counts, type LoadResult, type SecondOfLoad } from './result.ts';
import { MOST_EXAMPLES } from './tally.ts';

/** One result out of those of several runs at the same time. */
export function mergeResults(parts: readonly [LoadResult, ...LoadResult[]]): LoadResult {
  const sum = (pick: (part: LoadResult) => number) => parts.reduce((total, part) => total + pick(part), 0);
  const counts = <Keys extends Counts>(pick: (part: LoadResult) => Keys) => addCounts(parts.map(pick));
  return {
    startedAtMs: Math.min(...parts.map((part) => part.startedAtMs)),
    endedAtMs: Math.max(...parts.map((part) => part.endedAtMs)),
    events: sum((part) => part.events),
    duplicates: sum((part) => part.duplicates),
    unsent: sum((part) => part.unsent),
    deliveries: counts((part) => part.deliveries),
    attempts: sum((part) => part.attempts),
    retries: sum((part) => part.retries),
    resent: sum((part) => part.resent),
    outcomes: counts((part) => part.outcomes),
    statuses: counts((part) => part.statuses),
    codes: counts((part) => part.codes),
    phases: counts((part) => part.phases),
    forged: counts((part) => part.forged),
    exhausted: counts((part) => part.exhausted),
    responseTime: mergeDurations(parts.map((part) => part.responseTime)),
    latency: mergeDurations(parts.map((part) => part.latency)),
    lateness: mergeDurations(parts.map((part) => part.lateness)),
    seconds: mergeSeconds(parts.flatMap((part) => part.seconds)),
    examples: parts
      .flatMap((part) => part.examples)
      .sort((a, b) => a.afterMs - b.afterMs)
      .slice(0, MOST_EXAMPLES),
    isInterrupted: parts.some((part) => part.isInterrupted),
  };
}

function addCounts<Keys extends Counts>(parts: readonly Keys[]): Keys {
  const total: Record<string, number> = {};
  for (const part of parts) {
    for (const [name, count] of Object.entries(part)) total[name] = (total[name] ?? 0) + count;
  }
  return total as Keys;
}

function mergeSeconds(all: readonly SecondOfLoad[]): SecondOfLoad[] {
  const bySecond = new Map<number, SecondOfLoad>();
  for (const { second, sent, accepted, failed } of all) {
    const known = bySecond.get(second) ?? { second, sent: 0, accepted: 0, failed: 0 };
    bySecond.set(second, {
      second,
      sent: known.sent + sent,
      accepted: known.accepted + accepted,
      failed: known.failed + failed,
    });
  }
  return [...bySecond.values()].sort((a, b) => a.second - b.second);
}
