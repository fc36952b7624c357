import type { EventIdentity } from '../render/event-source.ts';
import type { LoadProgress } from './plan.ts';
import { Histogram } from './histogram.ts';
import type { LoadExample, LoadResult, SecondOfLoad } from './result.ts';
import type { AttemptResult } from './ports.ts';

export const MOST_EXAMPLES = 20;
/** So that one sort of failure does not hide the others. */
const EXAMPLES_OF_A_SORT = 3;

/** An attempt that is over, as its slot still has it. */
export interface EndedAttempt {
  readonly attempt: number;
  readonly isForged: boolean;
  /** When it was due. */
  readonly dueMs: number;
  readonly startedMs: number;
  identify(): EventIdentity;
}

/** Counts what a load run does. */
export class Tally {
  readonly responseTime = new Histogram();
  readonly latency = new Histogram();
  readonly lateness = new Histogram();
  readonly deliveries = { completed: 0, failed: 0, cancelled: 0, waiting: 0, lost: 0 };
  readonly outcomes = { accepted: 0, rejected: 0, 'timed-out': 0, unreachable: 0, cancelled: 0 };
  readonly forged = { sent: 0, refused: 0, accepted: 0, unanswered: 0 };
  readonly exhausted: Record<string, number> = {};
  unsent = 0;
  attempts = 0;
  retries = 0;
  isInterrupted = false;
  readonly #startedAtMs: number;
  readonly #statuses = new Map<number, number>();
  readonly #codes = new Map<string, number>();
  readonly #phases = new Map<string, number>();
  readonly #seconds: { -readonly [Name in keyof SecondOfLoad]: number }[] = [];
  readonly #examples: LoadExample[] = [];
  readonly #sorts = new Map<string, number>();

  constructor(startedAtMs: number) {
    this.#startedAtMs = startedAtMs;
  }

  left(nowMs: number): void {
    this.#secondOf(nowMs).sent += 1;
  }

  ended(ended: EndedAttempt, result: AttemptResult, endedMs: number): void {
    if (ended.isForged) this.#countForged(result, endedMs);
    else this.#countGenuine(ended, result, endedMs);
    if (!this.#wantsExample(result, ended.isForged)) return;
    const { eventId, eventName } = ended.identify();
    const { attempt } = ended;
    this.#examples.push({ ...result, eventId, eventName, attempt, afterMs: endedMs - this.#startedAtMs });
  }

  progress(): Pick<LoadProgress, 'attempts' | 'accepted' | 'failed' | 'p50Ms' | 'p99Ms'> {
    const { attempts, outcomes, latency } = this;
    const [p50Ms, p99Ms] = [latency.percentile(50) / 1000, latency.percentile(99) / 1000];
    return { attempts, accepted: outcomes.accepted, failed: attempts - outcomes.accepted, p50Ms, p99Ms };
  }

  /** A slot whose attempt found no connection left on this machine. */
  retired({ isForged }: Pick<EndedAttempt, 'isForged'>, code: string): void {
    this.exhausted[code] = (this.exhausted[code] ?? 0) + 1;
    if (isForged) this.forged.unanswered += 1;
  }

  /** @param known - what it does not count; the times are those of the wall clock */
  result(
    known: Pick<LoadResult, 'startedAtMs' | 'endedAtMs' | 'events' | 'duplicates' | 'resent'>,
  ): LoadResult {
    const { unsent, attempts, retries, isInterrupted } = this;
    return {
      ...known,
      ...{ unsent, attempts, retries, isInterrupted },
      deliveries: { ...this.deliveries },
      outcomes: { ...this.outcomes },
      forged: { ...this.forged },
      exhausted: { ...this.exhausted },
      statuses: Object.fromEntries(this.#statuses),
      codes: Object.fromEntries(this.#codes),
      phases: Object.fromEntries(this.#phases),
      responseTime: this.responseTime.values(),
      latency: this.latency.values(),
      lateness: this.lateness.values(),
      seconds: this.#seconds.map((second) => ({ ...second })),
      examples: [...this.#examples],
    };
  }

  #countForged({ kind }: AttemptResult, endedMs: number): void {
    if (kind !== 'rejected') this.#secondOf(endedMs).failed += 1;
    this.forged.sent += 1;
    const isAccepted = kind === 'accepted';
    this.forged[isAccepted ? 'accepted' : kind === 'rejected' ? 'refused' : 'unanswered'] += 1;
  }

  #countGenuine(ended: EndedAttempt, result: AttemptResult, endedMs: number): void {
    this.#secondOf(endedMs)[result.kind === 'accepted' ? 'accepted' : 'failed'] += 1;
    this.attempts += 1;
    if (ended.attempt > 1) this.retries += 1;
    this.outcomes[result.kind] += 1;
    this.#countResult(result);
    if (result.kind === 'unreachable' || result.kind === 'cancelled') return;
    // A refused connection is quick and no answer: it would flatter the receiver.
    this.responseTime.recordMs(endedMs - ended.startedMs);
    this.latency.recordMs(endedMs - ended.dueMs);
  }

  /** Is another example of this sort of failure wanted? */
  #wantsExample({ kind, status, code }: AttemptResult, isForged: boolean): boolean {
    if (this.#examples.length === MOST_EXAMPLES || (kind === 'accepted') !== isForged) return false;
    const sort = `${kind} ${status} ${code}`;
    const known = this.#sorts.get(sort) ?? 0;
    this.#sorts.set(sort, known + 1);
    return known < EXAMPLES_OF_A_SORT;
  }

  #countResult({ kind, status, code }: AttemptResult): void {
    if (status !== 0) countOne(this.#statuses, status);
    else if (kind === 'timed-out') countOne(this.#phases, code);
    else if (kind === 'unreachable') countOne(this.#codes, code);
  }

  /** Time does not run backwards, so it is the last one or a new one. */
  #secondOf(nowMs: number) {
    // The clock of another thread, which has set the start, may be a few microseconds ahead.
    const second = Math.max(0, Math.floor((nowMs - this.#startedAtMs) / 1000));
    const last = this.#seconds.at(-1);
    if (last?.second === second) return last;
    const fresh = { second, sent: 0, accepted: 0, failed: 0 };
    this.#seconds.push(fresh);
    return fresh;
  }
}

function countOne<Name>(counts: Map<Name, number>, name: Name): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
