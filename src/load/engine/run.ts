import { nextStep, type NextStep } from '../../delivery/schedule.ts';
import type { HookcastError } from '../../errors.ts';
import { Limits, TimerHeap } from './timer-heap.ts';
import { ExhaustedError, isExhaustion, LoadStoppedError } from '../exhaustion.ts';
import { Feed } from './feed.ts';
import { FirstAttempts, NOTHING_YET, TAKEN } from './first-attempts.ts';
import type { LoadAssignment, LoadDeps } from '../plan.ts';
import { deliveriesAfter } from '../outage.ts';
import { RunLog } from './run-log.ts';
import { runReport } from './run-report.ts';
import type { AttemptResult } from '../ports.ts';
import type { Slot, SlotOwner } from './slot.ts';
import { SlotPool } from './slot-pool.ts';
import { Tally } from '../tally.ts';
import { PendingRetries, type WaitingDelivery } from './pending-retries.ts';

/** Items of the timer heap; then comes one for each slot's limit, then one for each waiting delivery. */
const [NEXT_FIRST_ATTEMPT, END, LAST_CALL, FIRST_SLOT] = [0, 1, 2, 3] as const;
const LAST_CALL_MS = 5_000;

/** A load run from its start to its end: gives the slots their work, and keeps what waits. */
export class LoadRun implements SlotOwner {
  readonly #assignment: LoadAssignment;
  readonly #deps: LoadDeps;
  readonly #startedAtMs: number;
  readonly #timers: TimerHeap;
  readonly #limits: Limits;
  readonly #waiting = new PendingRetries();
  readonly #feed: Feed;
  readonly #firstAttempts: FirstAttempts;
  readonly #tally: Tally;
  readonly #report: ReturnType<typeof runReport>;
  readonly #slots = new SlotPool();
  readonly #firstPlace: number;
  readonly #log: RunLog;
  #isNextAwaited = false;
  /** No attempt is begun any more. */
  #isClosing = false;
  #isOver = false;

  constructor(assignment: LoadAssignment) {
    const { source, plan, means } = assignment;
    this.#assignment = assignment;
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
    this.#report = runReport({
      ...{ clock: means.clock, startedAtMs: this.#startedAtMs, tally: this.#tally, feed: this.#feed },
      ...{ slots: this.#slots, waiting: () => this.#waiting.size - this.#log.dropped },
    });
  }

  start(): void {
    const { source, plan, means, settle } = this.#assignment;
    try {
      this.#slots.open(plan.concurrency, { ...means, source, owner: this });
      this.#leaveBehind();
      if (plan.durationMs !== undefined) this.#timers.add(END, this.#startedAtMs + plan.durationMs);
      this.#log.listen({
        settled: (state, count) => {
          this.#tally.deliveries[state] += count;
          this.#finishIfDone();
        },
        disabled: this.#stop,
      });
      means.onStart?.(this.#report.progress, this.#report.latency);
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
      this.#slots.giveBack(slot);
      this.#finishIfDone();
    }
  }

  refused(error: HookcastError): void {
    this.#finish(() => this.#assignment.settle.reject(error));
  }

  #leaveBehind(): void {
    for (const delivery of deliveriesAfter(this.#assignment.plan, this.#deps.policy, this.#startedAtMs)) {
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
    for (let slot = this.#slots.takeFree(); slot !== undefined; slot = this.#slots.takeFree()) {
      if (this.#use(slot, this.#deps.clock.now())) continue;
      this.#slots.giveBack(slot);
      break;
    }
    this.#finishIfDone();
  }

  #takeDue(nowMs: number): void {
    for (let item = this.#timers.take(nowMs); item !== undefined; item = this.#timers.take(nowMs)) {
      if (item >= this.#firstPlace) this.#waiting.call(item - this.#firstPlace);
      else if (item >= FIRST_SLOT) this.#limits.check(this.#slots.at(item - FIRST_SLOT), nowMs);
      else if (item === NEXT_FIRST_ATTEMPT) this.#isNextAwaited = false;
      else if (item === END) this.#stopFeeding(nowMs);
      else this.#slots.cancelAttempts();
    }
  }

  /** A retry that is due, else a first attempt. False when there is neither. */
  #use(slot: Slot, nowMs: number): boolean {
    if (this.#isClosing || this.#isOver) return false;
    if (this.#assignment.plan.drain === false && this.#firstAttempts.isOver) return false;
    if (this.#log.takeCalled(this.#waiting, slot)) {
      slot.isForged = false;
      this.#tally.lateness.recordMs(nowMs - slot.dueMs);
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
    const result = this.#report.result();
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
    slot.postpone(nowMs, { delayMs: step.delaySeconds * 1000, timeScale: this.#assignment.plan.timeScale });
    this.#wait(slot);
  }

  /** This machine cannot make as many connections: the attempt is made over another one. */
  #retire(slot: Slot, code: string): void {
    this.#tally.retired(slot, code);
    const isAnyLeft = this.#slots.retire(slot);
    if (!slot.isForged) this.#waiting.call(this.#waiting.add(slot));
    if (isAnyLeft) this.#fill();
    else this.refused(new ExhaustedError(code));
  }

  #stopFeeding(nowMs: number): void {
    this.#firstAttempts.stop();
    const endMs = this.#startedAtMs + (this.#assignment.plan.durationMs ?? 0);
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
    if (this.#isOver || !this.#slots.isIdle) return;
    const isDrained = this.#assignment.plan.drain === false || this.#waiting.size === this.#log.dropped;
    if (!this.#isClosing && (!this.#firstAttempts.isOver || !isDrained)) return;
    const result = this.#report.result();
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
    this.#slots.close();
    settle();
  }
}
