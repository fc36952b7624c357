import { endOf, type Attempt } from '../delivery/attempt.ts';
import {
  deliver,
  type Delivery,
  type DeliveryContext,
  type DeliveryJob,
  type DeliveryLog,
} from '../delivery/deliver.ts';
import { skippedTimeOf } from '../delivery/position.ts';
import type { NextStep, DeliveryState } from '../delivery/schedule.ts';
import type { MovableClock } from '../delivery/movable-clock.ts';
import { anySignal } from '../delivery/shared-signal.ts';
import type { Clock } from '../ports.ts';
import { followClock } from './follow-clock.ts';
import type { Journal, JournalChange, NewDelivery } from './journal.ts';
import { credentialsOf, maskAnswer } from './mask-answer.ts';

interface Live {
  readonly stop: AbortController;
  /** Given from outside: cancelled, or failed since its webhook was disabled. */
  state?: DeliveryState;
}

/** What is written down of a delivery beside its event, bytes and webhook. */
export type MoreOfDelivery = Pick<NewDelivery, 'resendOf' | 'extras'>;

interface TakingOn extends MoreOfDelivery {
  readonly nowMs: number;
  /** Simulated, until the first attempt. */
  readonly delayMs: number;
  readonly timeScale: number;
}

type Taken = Omit<NewDelivery, 'eventId' | 'eventName' | 'webhook' | 'body'>;

/** Delivers to one webhook, and writes everything down before it happens. */
export class JournalledWebhook {
  readonly journal: Journal;
  /** Its number in the journal. */
  readonly webhook: number;
  readonly #live = new Map<number, Live>();
  /** Settled from outside before they began. */
  readonly #settled = new Map<number, DeliveryState>();
  /** Taken on, and not over. */
  readonly #open = new Set<number>();
  /** Absent while nothing is open: a journal outlives many simulators. */
  #unsubscribe: (() => void) | undefined;

  constructor(journal: Journal, webhook: number) {
    this.journal = journal;
    this.webhook = webhook;
  }

  /** Keeps the times of what this run takes on right when its clock is paused, moved or rescaled. */
  follow(simulatedClock: MovableClock, clock: Clock): void {
    followClock(this.journal, simulatedClock, { clock, deliveries: () => [...this.#open] });
  }

  /** Takes a delivery on, so that it is not lost if its turn never comes. It is on disk after the next commit. */
  takeOn(job: DeliveryJob, { nowMs, delayMs, timeScale, ...more }: TakingOn): number {
    const wait = delayMs === 0 ? {} : { wait: { delayMs, sinceMs: nowMs, timeScale } };
    const id = this.#add(job, { createdAtMs: nowMs, dueAtMs: nowMs + delayMs / timeScale, ...wait, ...more });
    this.#open.add(id);
    this.#unsubscribe ??= this.journal.onChange((change) => this.#adapt(change), {
      owner: this,
      holds: (held) => this.#open.has(held),
    });
    return id;
  }

  /** Writes down that nothing will be sent. */
  skip(job: DeliveryJob, nowMs: number, more: MoreOfDelivery = {}): number {
    return this.#add(job, { createdAtMs: nowMs, dueAtMs: nowMs, skipped: true, ...more });
  }

  /** @throws {JournalBrokenError} when the journal can no longer be written */
  async deliver(id: number, job: DeliveryJob, context: DeliveryContext): Promise<Delivery> {
    const live: Live = { stop: new AbortController() };
    const settled = this.#settled.get(id);
    if (settled !== undefined) this.#stop(live, settled);
    this.#live.set(id, live);
    const signal = anySignal(live.stop.signal, this.journal.broken, context.signal);
    try {
      const delivery = await deliver(job, { ...context, signal, log: this.#logOf(id, job, context) });
      this.journal.broken.throwIfAborted();
      return live.state === undefined ? delivery : { ...delivery, state: live.state };
    } finally {
      this.#live.delete(id);
      this.#close(id);
    }
  }

  /**
   * Settles what is pending as failed, as Persona does when a webhook is disabled, except what another simulator of
   * the webhook is sending.
   */
  disable(): void {
    this.journal.carryOut({ kind: 'disable', webhooks: [this.webhook], by: this });
  }

  #add({ eventId, eventName, body }: DeliveryJob, taken: Taken): number {
    return this.journal.addDelivery({ eventId, eventName, body, webhook: this.webhook, ...taken });
  }

  #close(id: number): void {
    this.#settled.delete(id);
    this.#open.delete(id);
    if (this.#open.size > 0) return;
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  #adapt(change: JournalChange): void {
    if (change.kind === 'added') return;
    for (const id of change.deliveries.filter((changed) => this.#open.has(changed))) {
      const live = this.#live.get(id);
      if (live === undefined) this.#settled.set(id, change.state);
      else this.#stop(live, change.state);
    }
  }

  #stop(live: Live, state: DeliveryState): void {
    live.state = state;
    live.stop.abort(new Error(state));
  }

  /** If the user interrupts, the delivery stays pending and nothing is reported. */
  #logOf(id: number, { endpoint }: DeliveryJob, { clock, simulatedClock }: DeliveryContext): DeliveryLog {
    const { journal } = this;
    const credentials = credentialsOf(endpoint);
    let firstAttemptAtMs: number | undefined;
    return {
      attemptBegins: (position, request) => {
        firstAttemptAtMs ??= position.nowMs;
        const skipped = skippedTimeOf(position, firstAttemptAtMs);
        journal.attemptBegins({ delivery: id, position, request, ...skipped });
        return journal.commit();
      },
      attemptEnded: (ended, step) => {
        const attempt = { ...ended, outcome: maskAnswer(ended.outcome, credentials) };
        recordEnd(journal, { id, attempt, step, nowMs: clock.now(), timeScale: simulatedClock.scale });
        return journal.commit();
      },
    };
  }
}

/** An attempt's outcome, and what follows from it. */
export function recordEnd(
  journal: Journal,
  end: { id: number; attempt: Attempt; step: NextStep; nowMs: number; timeScale: number },
): void {
  const { id, attempt, step, nowMs, timeScale } = end;
  if (attempt.outcome.kind === 'cancelled') return; // Unknown: it is made again under the same number.
  if (step.kind === 'wait') {
    journal.attemptEnded(id, attempt, { delayMs: step.delaySeconds * 1000, sinceMs: nowMs, timeScale });
    return;
  }
  journal.attemptSettled(id, attempt, { state: step.state, atMs: endOf(attempt) });
}
