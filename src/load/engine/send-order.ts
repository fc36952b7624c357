import { Noise, noiseKey } from '../../event/noise.ts';

/** Which events are sent, in which order, and what is wrong with them. All of it follows from the seed. */
export interface SendOrderOptions {
  /** How many different events; Infinity where it does not end. */
  readonly count: number;
  readonly seed: number;
  /** Share of the genuine events that are delivered twice, 0 to 1. @default 0 */
  readonly duplicates?: number | undefined;
  /** Share of the events whose signature is wrong, 0 to 1. @default 0 */
  readonly forged?: number | undefined;
  /** The order is shuffled within windows of this many deliveries. @default 1: in order */
  readonly reorder?: number | undefined;
}

export interface PlannedDelivery {
  eventNumber: number;
  /** One of the two of an event that is delivered twice. */
  isTwin: boolean;
  isForged: boolean;
}

const [GENUINE, TWIN, FORGED] = [0, 1, 2] as const;

/** Hands out one delivery after the other; holds no more than one window of them. */
export class SendOrder {
  readonly #options: Required<{ [Name in keyof SendOrderOptions]: number }>;
  readonly #noise = new Noise();
  readonly #numbers: Float64Array;
  readonly #kinds: Uint8Array;
  #filled = 0;
  #taken = 0;
  #nextEvent = 0;
  /** An event whose second delivery is still to come. */
  #twice = -1;

  constructor({ count, seed, duplicates = 0, forged = 0, reorder = 1 }: SendOrderOptions) {
    this.#options = { count, seed, duplicates, forged, reorder };
    this.#noise.start(noiseKey(`${seed}/order`), 0);
    this.#numbers = new Float64Array(reorder);
    this.#kinds = new Uint8Array(reorder);
  }

  get isOver(): boolean {
    return this.#taken === this.#filled && this.#twice < 0 && this.#nextEvent >= this.#options.count;
  }

  /** Writes the next delivery into `into`; not to be called when it is over. */
  take(into: PlannedDelivery): void {
    if (this.#taken === this.#filled) this.#fill();
    const kind = this.#kinds[this.#taken];
    into.eventNumber = this.#numbers[this.#taken] ?? 0;
    into.isTwin = kind === TWIN;
    into.isForged = kind === FORGED;
    this.#taken += 1;
  }

  #fill(): void {
    this.#taken = 0;
    this.#filled = 0;
    while (this.#filled < this.#options.reorder && this.#addOne()) this.#filled += 1;
    if (this.#filled > 1) this.#shuffle();
  }

  #addOne(): boolean {
    if (this.#twice >= 0) {
      this.#put(this.#twice, TWIN);
      this.#twice = -1;
      return true;
    }
    const { count, forged, duplicates } = this.#options;
    if (this.#nextEvent >= count) return false;
    const isForged = forged > 0 && this.#chance() < forged;
    if (!isForged && duplicates > 0 && this.#chance() < duplicates) this.#twice = this.#nextEvent;
    this.#put(this.#nextEvent, isForged ? FORGED : this.#twice >= 0 ? TWIN : GENUINE);
    this.#nextEvent += 1;
    return true;
  }

  #put(eventNumber: number, kind: number): void {
    this.#numbers[this.#filled] = eventNumber;
    this.#kinds[this.#filled] = kind;
  }

  /** From 0 up to but not including 1. */
  #chance(): number {
    return this.#noise.next() / 4_294_967_296;
  }

  /** Fisher and Yates. */
  #shuffle(): void {
    for (let last = this.#filled - 1; last > 0; last -= 1) {
      const other = Math.floor(this.#chance() * (last + 1));
      const [number, kind] = [this.#numbers[last] ?? 0, this.#kinds[last] ?? 0];
      this.#numbers[last] = this.#numbers[other] ?? 0;
      this.#kinds[last] = this.#kinds[other] ?? 0;
      this.#numbers[other] = number;
      this.#kinds[other] = kind;
    }
  }
}
