/** One delivery between two attempts. Its body is not kept: it is rendered again, from the same numbers. */
export interface WaitingDelivery {
  eventNumber: number;
  /** The next one; counts from 1. */
  attempt: number;
  /** When the event happened, milliseconds since 1970. */
  happenedAtMs: number;
  /** When the first attempt left, milliseconds since 1970. */
  firstAtMs: number;
  /** Simulated time that did not pass really, this wait included. */
  skippedMs: number;
  dueMs: number;
  /** Its number in the log; 0 where it has none. */
  journalId: number;
}

const FIRST_CAPACITY = 1024;
const NONE = 0xffff_ffff;

/** Deliveries that wait, in columns: 57 bytes each. A place is taken again as soon as it is free. */
export class PendingRetries {
  #eventNumber = new Float64Array(FIRST_CAPACITY);
  #attempt = new Uint8Array(FIRST_CAPACITY);
  #happenedAtMs = new Float64Array(FIRST_CAPACITY);
  #firstAtMs = new Float64Array(FIRST_CAPACITY);
  #skippedMs = new Float64Array(FIRST_CAPACITY);
  #dueMs = new Float64Array(FIRST_CAPACITY);
  #journalId = new Float64Array(FIRST_CAPACITY);
  /** Links the free places, and those of the deliveries that are called. */
  #next = new Uint32Array(FIRST_CAPACITY);
  #capacity = FIRST_CAPACITY;
  /** Places that were ever taken. */
  #used = 0;
  #firstFree = NONE;
  #firstCalled = NONE;
  #lastCalled = NONE;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get hasCalled(): boolean {
    return this.#firstCalled !== NONE;
  }

  /** @returns the place */
  add(delivery: Readonly<WaitingDelivery>): number {
    const place = this.#freePlace();
    this.#eventNumber[place] = delivery.eventNumber;
    this.#attempt[place] = delivery.attempt;
    this.#happenedAtMs[place] = delivery.happenedAtMs;
    this.#firstAtMs[place] = delivery.firstAtMs;
    this.#skippedMs[place] = delivery.skippedMs;
    this.#dueMs[place] = delivery.dueMs;
    this.#journalId[place] = delivery.journalId;
    this.#size += 1;
    return place;
  }

  /** Its time has come: it leaves as soon as a slot is free, after those that were called before. */
  call(place: number): void {
    this.#next[place] = NONE;
    if (this.#firstCalled === NONE) this.#firstCalled = place;
    else this.#next[this.#lastCalled] = place;
    this.#lastCalled = place;
  }

  /** Lets the first of the called ones go: its values are written into `into`. False when there is none. */
  takeCalled(into: WaitingDelivery): boolean {
    const place = this.#firstCalled;
    if (place === NONE) return false;
    this.#firstCalled = this.#next[place] ?? NONE;
    into.eventNumber = this.#eventNumber[place] ?? 0;
    into.attempt = this.#attempt[place] ?? 0;
    into.happenedAtMs = this.#happenedAtMs[place] ?? 0;
    into.firstAtMs = this.#firstAtMs[place] ?? 0;
    into.skippedMs = this.#skippedMs[place] ?? 0;
    into.dueMs = this.#dueMs[place] ?? 0;
    into.journalId = this.#journalId[place] ?? 0;
    this.#next[place] = this.#firstFree;
    this.#firstFree = place;
    this.#size -= 1;
    return true;
  }

  #freePlace(): number {
    const place = this.#firstFree;
    if (place !== NONE) {
      this.#firstFree = this.#next[place] ?? NONE;
      return place;
    }
    if (this.#used === this.#capacity) this.#grow();
    this.#used += 1;
    return this.#used - 1;
  }

  #grow(): void {
    this.#capacity *= 2;
    this.#eventNumber = wider(this.#eventNumber, this.#capacity);
    this.#happenedAtMs = wider(this.#happenedAtMs, this.#capacity);
    this.#firstAtMs = wider(this.#firstAtMs, this.#capacity);
    this.#skippedMs = wider(this.#skippedMs, this.#capacity);
    this.#dueMs = wider(this.#dueMs, this.#capacity);
    this.#journalId = wider(this.#journalId, this.#capacity);
    const [attempt, next] = [new Uint8Array(this.#capacity), new Uint32Array(this.#capacity)];
    attempt.set(this.#attempt);
    next.set(this.#next);
    this.#attempt = attempt;
    this.#next = next;
  }
}

function wider(column: Float64Array<ArrayBuffer>, capacity: number): Float64Array<ArrayBuffer> {
  const copy = new Float64Array(capacity);
  copy.set(column);
  return copy;
}
