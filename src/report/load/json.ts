import type { LoadResult, DurationSummary } from '../../load/result.ts';
import { isFailed, type LoadReport } from './facts.ts';

/** The last line of `--json`, and `--report file.json`. Fields are only ever added. */
export interface LoadResultRecord extends LoadResult {
  readonly type: 'result';
  readonly url: string;
  readonly policy: string;
  readonly seed: number;
  readonly concurrency: number;
  /** Null where there was no limit. */
  readonly ratePerSecond: number | null;
  /** Everything was delivered, in time, and no forgery was accepted. */
  readonly ok: boolean;
  /** In milliseconds; null where nothing was measured. The whole distributions: `latency` and so on, in microseconds. */
  readonly summary: Readonly<Record<'responseTime' | 'latency' | 'lateness', DurationSummary | null>>;
}

export function loadResultRecord(report: LoadReport): LoadResultRecord {
  const { url, policy, seed, concurrency, ratePerSecond, result } = report;
  const { responseTime = null, latency = null, lateness = null } = report;
  return {
    type: 'result',
    ...{ url, policy: policy.name, seed, concurrency, ratePerSecond: ratePerSecond ?? null },
    ok: !isFailed(result),
    summary: { responseTime, latency, lateness },
    ...result,
  };
}
