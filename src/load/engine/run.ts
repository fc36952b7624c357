import { nextStep, type NextStep } from '../../delivery/schedule.ts';
import type { HookcastError } from '../../errors.ts';
import { Limits, TimerHeap } from './timer-heap.ts';
import { ExhaustedError, isExhaustion, LoadStoppedError } from '../exhaustion.ts';
import { Feed } from './feed.ts';
import { FirstAttempts, NOTHING_YET, TAKEN } from './first-attempts.ts';
import type { LoadAssignment, LoadDeps, LoadPlan, LoadProgress } from '../plan.ts';
import type { LoadResult } from '../result.ts';
import { deliveriesAfter } from '../outage.ts';
import { RunLog } from './run-log.ts';
import type { AttemptResult } from '../ports.ts';
import { openSlots, totalsOf, type Slot, type SlotOwner } from './slot.ts';
import { Tally } from '../tally.ts';
import { PendingRetries, type WaitingDelivery } from './pending-retries.ts';

/** Items of the timer heap; then comes one for each slot's limit, then one for each waiting delivery. */
const [NEXT_FIRST_ATTEMPT, END, LAST_CALL, FIRST_SLOT] = [0, 1, 2, 3] as const;
const LAST_CALL_MS = 5_000;

/**
 * Delivers the events of a source: first attempts at their rate, retries when they are due and before them.
 * Resolves when all is settled, whatever the receiver does.
 * @throws {HookcastError} for an address that nothing may be sent to, or a machine that cannot go on
 */
export function emit(source: LoadAssignment['source'], plan: LoadPlan, means: LoadDeps): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    new LoadRun({ source, plan, means, settle: { resolve, reject } }).start();
  });
}

/** A load run from its start to its end: gives the slots their work, and keeps what waits. */
export class LoadRun implements SlotOwner {
  readonly #assignment: LoadAssignment;
  readonly #plan: LoadPlan;
  readonly #deps: LoadDeps;
  readonly #startedAtMs: number;
  readonly #timers: TimerHeap;
  readonly #limits: Limits;
  readonly #waiting = new PendingRetries();
  readonly #feed: Feed;
  readonly #firstAttempts: FirstAttempts;
  readonly #tally: Tally;
  #slots: readonly Slot[] = [];
  #free: Slot[] = [];
  readonly #firstPlace: number;
  readonly #log: RunLog;
  /** Slots that are not out of use. */
  #usable = 0;
  #isNextAwaited = false;
  /** No attempt is begun any more. */
  #isClosing = false;
  #isOver = false;

  constructor(assignment: LoadAssignment) {
    const { source, plan, means } = assignment;
    this.#assignment = assignment;
    this.#plan = plan;
    this.#deps = means;
    this.#startedAtMs = plan.startMs ?? means.clock.now();
    this.#firstPlace = FIRST_SLOT + plan.concurrency;
    this.#tally = new Tally(this.#startedAtMs);
    this.#timers = new TimerHeap(means.clock, () => this.#wake());
    this.#limits = new Limits(this.#timers, FIRST_SLOT);
    this.#log = new RunLog(means.log, source);
    this.#feed = new Feed(plan, source, { startedAtMs: this.#startedAtMs, clock: means.clock });
    this.#firstAttempts = new FirstAttempts(this.#feed, {
      log: this.#log,
      slots: plan.concurrency,
      after: { safe: () => this.#fill(), broken: (error) => this.#break(error) },
    });
  }

  start(): void {
    const { source, plan, means, settle } = this.#assignment;
    try {
      this.#slots = openSlots(plan.concurrency, { ...means, source, owner: this });
      this.#free = this.#slots.toReversed();
      this.#usable = plan.concurrency;
      if (plan.outageMs !== undefined) this.#leaveBehind(plan.outageMs);
      if (plan.durationMs !== undefined) this.#timers.add(END, this.#startedAtMs + plan.durationMs);
      this.#log.listen({
        settled: (state, count) => {
          this.#tally.deliveries[state] += count;
          this.#finishIfDone();
        },
        disabled: this.#stop,
      });
      means.onStart?.(
        () => this.#progress(),
        () => this.#tally.latency.durations(),
      );
      means.signal?.addEventListener('abort', this.#stop, { once: true });
      if (means.signal?.aborted === true) this.#stop();
      this.#wake();
    } catch (error) {
      this.#finish(() => settle.reject(error));
    }
  }

  ended(slot: Slot, result: AttemptResult): void {
    const nowMs = this.#deps.clock.now();
    slot.rest();
    if (isExhaustion(result.code)) {
      this.#retire(slot, result.code);
      return;
    }
    this.#tally.ended(slot, result, nowMs);
    if (!slot.isForged) this.#goOn(slot, result, nowMs);
    this.#takeDue(nowMs);
    if (!this.#use(slot, nowMs)) {
      this.#free.push(slot);
      this.#finishIfDone();
    }
  }

  refused(error: HookcastError): void {
    this.#finish(() => this.#assignment.settle.reject(error));
  }

  #leaveBehind(lengthMs: number): void {
    const { ratePerSecond = 1, timeScale, share } = this.#plan;
    const { policy } = this.#deps;
    const outage = { lengthMs, endMs: this.#startedAtMs, ratePerSecond, policy, timeScale, share };
    for (const delivery of deliveriesAfter(outage)) {
      if (delivery === undefined) this.#tally.deliveries.lost += 1;
      else this.#wait(this.#log.leftBehind(delivery));
    }
    this.#feed.events = this.#waiting.size;
  }

  #wait(delivery: WaitingDelivery): void {
    this.#timers.add(this.#firstPlace + this.#waiting.add(delivery), delivery.dueMs);
  }

  #wake(): void {
    this.#takeDue(this.#deps.clock.now());
    this.#fill();
  }

  /** Gives the free slots what there is to do, each at its own time: thousands of first requests take a while. */
  #fill(): void {
    for (let slot = this.#free.pop(); slot !== undefined; slot = this.#free.pop()) {
      if (this.#use(slot, this.#deps.clock.now())) continue;
      this.#free.push(slot);
      break;
    }
    this.#finishIfDone();
  }

  #takeDue(nowMs: number): void {
    for (let item = this.#timers.take(nowMs); item !== undefined; item = this.#timers.take(nowMs)) {
      if (item >= this.#firstPlace) this.#waiting.call(item - this.#firstPlace);
      else if (item >= FIRST_SLOT) this.#limits.check(this.#slots[item - FIRST_SLOT], nowMs);
      else if (item === NEXT_FIRST_ATTEMPT) this.#isNextAwaited = false;
      else if (item === END) this.#stopFeeding(nowMs);
      else for (const slot of this.#slots) if (slot.isBusy) slot.giveUp('cancelled');
    }
  }

  /** A retry that is due, else a first attempt. False when there is neither. */
  #use(slot: Slot, nowMs: number): boolean {
    if (this.#isClosing || this.#isOver) return false;
    if (this.#plan.drain === false && this.#firstAttempts.isOver) return false;
    if (this.#log.takeCalled(this.#waiting, slot)) {
      slot.isForged = false;
      this.#tally.lateness.record(nowMs - slot.dueMs);
      this.#begin(slot, nowMs);
      return true;
    }
    const dueMs = this.#firstAttempts.take(slot, nowMs);
    if (dueMs === TAKEN) {
      slot.isBusy = true;
      this.#leave(slot, nowMs);
      return true;
    }
    if (dueMs !== NOTHING_YET && !this.#isNextAwaited) {
      this.#isNextAwaited = true;
      this.#timers.add(NEXT_FIRST_ATTEMPT, dueMs);
    }
    return false;
  }

  #begin(slot: Slot, nowMs: number): void {
    slot.isBusy = true;
    if (!this.#log.keeps(slot)) {
      this.#leave(slot, nowMs);
      return;
    }
    this.#log.begin(slot, nowMs, {
      safe: () => {
        if (slot.isBusy && !this.#isOver) this.#leave(slot, this.#deps.clock.now());
      },
      broken: (error) => this.#break(error),
    });
  }

  /** Nothing can be written down any more: nothing more leaves. */
  #break(error: HookcastError): void {
    if (this.#isOver) return;
    this.#firstAttempts.giveBack();
    this.#tally.isInterrupted = true;
    const result = this.#result(this.#deps.clock.now());
    this.#finish(() => this.#assignment.settle.reject(new LoadStoppedError(error, result)));
  }

  #leave(slot: Slot, nowMs: number): void {
    this.#tally.left(nowMs);
    slot.leave(nowMs);
    this.#limits.watch(slot);
  }

  #goOn(slot: Slot, result: AttemptResult, nowMs: number): void {
    const step = nextStep(this.#deps.policy, slot.attempt, result);
    const ended = { result, startedMs: slot.startedMs, endedMs: nowMs, next: step };
    const settled = this.#log.end(slot, ended);
    if (settled !== undefined || step.kind === 'settled') {
      this.#tally.deliveries[settled ?? (step as Extract<NextStep, { kind: 'settled' }>).state] += 1;
      return;
    }
    slot.postpone(nowMs, { delayMs: step.delaySeconds * 1000, timeScale: this.#plan.timeScale });
    this.#wait(slot);
  }

  /** This machine cannot make as many connections: the attempt is made over another one. */
  #retire(slot: Slot, code: string): void {
    const { exhausted, forged } = this.#tally;
    exhausted[code] = (exhausted[code] ?? 0) + 1;
    slot.close();
    this.#usable -= 1;
    if (slot.isForged) forged.unanswered += 1;
    else this.#waiting.call(this.#waiting.add(slot));
    if (this.#usable === 0) this.refused(new ExhaustedError(code));
    else this.#fill();
  }

  #stopFeeding(nowMs: number): void {
    this.#firstAttempts.stop();
    const endMs = this.#startedAtMs + (this.#plan.durationMs ?? 0);
    this.#tally.unsent = this.#feed.skipUntil(Math.min(nowMs, endMs));
  }

  readonly #stop = (): void => {
    this.#tally.isInterrupted = true;
    this.#isClosing = true;
    this.#firstAttempts.giveBack();
    this.#timers.add(LAST_CALL, this.#deps.clock.now() + LAST_CALL_MS);
    this.#finishIfDone();
  };

  #finishIfDone(): void {
    if (this.#isOver || this.#free.length < this.#usable) return;
    const isDrained = this.#plan.drain === false || this.#waiting.size === this.#log.dropped;
    if (!this.#isClosing && (!this.#firstAttempts.isOver || !isDrained)) return;
    const result = this.#result(this.#deps.clock.now());
    const { resolve, reject } = this.#assignment.settle;
    const broken = (error: HookcastError) => reject(new LoadStoppedError(error, result));
    this.#finish(() => this.#log.commit({ safe: () => resolve(result), broken }));
  }

  #finish(settle: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#firstAttempts.giveBack();
    this.#deps.signal?.removeEventListener('abort', this.#stop);
    this.#timers.close();
    for (const slot of this.#slots) slot.close();
    settle();
  }

  #result(endedAtMs: number): LoadResult {
    // Where the run breaks off, nobody knows what becomes of what is under way.
    const { underWay, resent } = totalsOf(this.#slots);
    this.#tally.deliveries.waiting = this.#waiting.size - this.#log.dropped + underWay;
    const skewMs = this.#deps.clock.skewMs?.() ?? 0;
    const times = { startedAtMs: this.#startedAtMs + skewMs, endedAtMs: endedAtMs + skewMs };
    return this.#tally.result({ ...times, resent, ...this.#feed.counts() });
  }

  #progress(): LoadProgress {
    return {
      elapsedMs: this.#deps.clock.now() - this.#startedAtMs,
      begun: this.#feed.begun,
      inFlight: this.#usable - this.#free.length,
      waiting: this.#waiting.size - this.#log.dropped,
      ...this.#tally.progress(),
    };
  }
}
