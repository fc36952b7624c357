import { positionOf } from '../../delivery/position.ts';
import type { AttemptPosition } from '../../delivery/request.ts';
import type { TimeScale } from '../../delivery/time-scale.ts';
import type { HookcastError } from '../../errors.ts';
import type { DeliveryPolicy } from '../../persona/policies.ts';
import { Secret } from '../../signing/sign.ts';
import type { AttemptHeaders } from './attempt-headers.ts';
import { identify, type EventIdentity, type EventRenderer } from '../../render/event-source.ts';
import type { AlarmClock, AttemptResult } from '../ports.ts';
import type { SlotConnection, SlotListener, SlotSender } from '../../http/http1/slot-connection.ts';
import type { WaitingDelivery } from './pending-retries.ts';
import { wallTimes } from './wall-times.ts';

/** Of the right form, and nobody's. */
const FORGER = new Secret('wbhsec_ffffffff-0bad-4000-8000-00000000f00d');

/** What a slot tells the run that it belongs to. */
export interface SlotOwner {
  ended(slot: Slot, result: AttemptResult): void;
  refused(error: HookcastError): void;
}

export interface SlotSettings {
  readonly policy: DeliveryPolicy;
  /** Both are shared by all slots: what one makes with them is sent before another one makes anything. */
  readonly renderer: EventRenderer;
  readonly headers: AttemptHeaders;
  readonly sender: SlotSender;
  readonly owner: SlotOwner;
  readonly clock: Pick<AlarmClock, 'skewMs'>;
}

/** One connection and all that its attempts need, used for attempt after attempt: one at a time. */
export class Slot implements SlotListener, WaitingDelivery {
  eventNumber = 0;
  attempt = 0;
  happenedAtMs = 0;
  firstAtMs = 0;
  skippedMs = 0;
  dueMs = 0;
  journalId = 0;
  isForged = false;
  isSecond = false;
  /** When it left, and when it has to be over. */
  startedMs = 0;
  limitMs = 0;
  isBusy = false;
  /** False while its beginning is still being written down. */
  hasLeft = false;
  /** Is there something in the timer heap for this slot's limit? */
  hasAlarm = false;
  readonly number: number;
  /** How many requests were sent once more, since the receiver had closed the idle connection. */
  resent = 0;
  readonly #settings: SlotSettings;
  readonly #connection: SlotConnection;
  #position: AttemptPosition | undefined;

  constructor(number: number, settings: SlotSettings) {
    this.number = number;
    this.#settings = settings;
    this.#connection = settings.sender.open(this);
  }

  /** Renders, signs and sends what the fields say. */
  leave(nowMs: number): void {
    this.hasLeft = true;
    this.startedMs = nowMs;
    if (this.attempt === 1) this.firstAtMs = nowMs;
    this.limitMs = nowMs + this.#settings.policy.timeoutMs;
    const { policy, clock } = this.#settings;
    this.#position = positionOf(this.attempt, wallTimes(this, nowMs, clock), policy);
    this.#send();
  }

  /** Its attempt is over. */
  rest(): void {
    this.isBusy = false;
    this.hasLeft = false;
  }

  /** The next attempt is due after this simulated delay. */
  postpone(nowMs: number, { delayMs, timeScale }: { delayMs: number; timeScale: TimeScale }): void {
    const waitMs = delayMs / timeScale;
    this.attempt += 1;
    this.skippedMs += Math.max(0, delayMs - waitMs);
    this.dueMs = nowMs + waitMs;
  }

  /** Which event it has; valid until another slot does anything. */
  identify(): EventIdentity {
    return identify(this.#settings.renderer, this);
  }

  /** Its time is up, or the run is. */
  giveUp(kind: 'timed-out' | 'cancelled'): void {
    const phase = this.#connection.abandon();
    this.#settings.owner.ended(this, { kind, status: 0, code: kind === 'timed-out' ? phase : '' });
  }

  close(): void {
    this.#connection.close();
  }

  answered(status: number): void {
    const isAccepted = this.#settings.policy.acceptedStatuses.includes(status);
    this.#settings.owner.ended(this, { kind: isAccepted ? 'accepted' : 'rejected', status, code: '' });
  }

  failed(code: string): void {
    this.#settings.owner.ended(this, { kind: 'unreachable', status: 0, code });
  }

  refused(error: HookcastError): void {
    this.#settings.owner.refused(error);
  }

  lost(): void {
    this.resent += 1;
    this.#send();
  }

  #send(): void {
    const { headers, renderer } = this.#settings;
    if (this.#position === undefined) return;
    const { body } = renderer.render(this.eventNumber, this.happenedAtMs);
    headers.write(body, this.#position, this.isForged ? FORGER : undefined);
    this.#connection.send(headers.list, body);
  }
}
