import type { AttemptResult } from './ports.ts';
import { Histogram } from './histogram.ts';

/** How often each thing was seen, by its name: a status, a code, a phase. */
export type Counts = Readonly<Record<string, number>>;

/** What happened in one second of the run; seconds without anything are left out. */
export interface SecondOfLoad {
  /** Counts from 0. */
  readonly second: number;
  /** Attempts that left. */
  readonly sent: number;
  /** Attempts that ended so; a forgery that was refused counts as neither. */
  readonly accepted: number;
  readonly failed: number;
}

/** An attempt that was not accepted, or a forgery that was. */
export interface LoadExample extends AttemptResult {
  readonly eventId: string;
  readonly eventName: string;
  readonly attempt: number;
  /** Since the start of the run. */
  readonly afterMs: number;
}

/** What a load run did and saw: plain values, which can be sent between threads and be merged. */
export interface LoadResult {
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** Different genuine events whose first attempt left. */
  readonly events: number;
  /** Second deliveries of the same event. */
  readonly duplicates: number;
  /** Events that were due before the end, and for which no slot was free in time. */
  readonly unsent: number;
  /** What became of the deliveries; `waiting` for a retry when the run ended; `lost`: used up in the outage. */
  readonly deliveries: Readonly<Record<'completed' | 'failed' | 'cancelled' | 'waiting' | 'lost', number>>;
  /** All attempts with right signatures, the retries included. */
  readonly attempts: number;
  readonly retries: number;
  /** Requests that were sent once more on a new connection, since the receiver had closed the idle one. */
  readonly resent: number;
  readonly outcomes: Readonly<Record<AttemptResult['kind'], number>>;
  /** Answers by status, those to forgeries not included. */
  readonly statuses: Counts;
  /** Attempts without a connection or a complete answer, by the system's code. */
  readonly codes: Counts;
  /** Attempts whose time was up, by where they stood. */
  readonly phases: Counts;
  readonly forged: Readonly<Record<'sent' | 'refused' | 'accepted' | 'unanswered', number>>;
  /** Attempts that this machine had no file or port left for, by code; each took a slot out of use. */
  readonly exhausted: Counts;
  /** From leaving to the complete answer, or to the limit. */
  readonly responseTime: Durations;
  /** From the intended start to the same end: what a sender that keeps its rate would have seen. */
  readonly latency: Durations;
  /** From a retry's due time to its leaving. */
  readonly lateness: Durations;
  readonly seconds: readonly SecondOfLoad[];
  readonly examples: readonly LoadExample[];
  readonly isInterrupted: boolean;
}

/** Durations in a plain form: each duration that occurred (microseconds, 3 digits), and how often. */
export type Durations = readonly (readonly [us: number, count: number])[];

export interface DurationSummary {
  readonly count: number;
  readonly meanMs: number;
  readonly minMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
}

/** What people ask of durations; undefined when there are none. */
export function summarise(durations: Durations): DurationSummary | undefined {
  const [first, last] = [durations[0], durations.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const histogram = histogramOf([durations]);
  const at = (percent: number) => Math.min(last[0], histogram.percentile(percent)) / 1000;
  return {
    count: histogram.count,
    meanMs: histogram.mean / 1000,
    minMs: first[0] / 1000,
    p50Ms: at(50),
    p90Ms: at(90),
    p99Ms: at(99),
    p999Ms: at(99.9),
    maxMs: last[0] / 1000,
  };
}

export function mergeDurations(parts: readonly Durations[]): Durations {
  return histogramOf(parts).values();
}

function histogramOf(parts: readonly Durations[]): Histogram {
  const histogram = new Histogram();
  for (const part of parts) for (const [us, count] of part) histogram.record(us, count);
  return histogram;
}
