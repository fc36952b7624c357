/** What follows from the head of an answer. */
export interface HeadFacts {
  readonly status: number;
  readonly isLast: boolean;
  readonly keepAliveMs: number | undefined;
  /** Of the body; absent where the head does not say. */
  readonly length: number | undefined;
  readonly isEncoded: boolean;
  readonly isChunked: boolean;
}

/** Longer ones are not worth it. */
const ROOM_BYTES = 2_048;

/**
 * The last head that came, shared by all connections to a receiver: nearly all answers to a load have the same, for a
 * second at least, and what is the same to the byte need not be read again.
 */
export class KnownHead {
  readonly #bytes = Buffer.allocUnsafeSlow(ROOM_BYTES);
  #length = 0;
  facts: HeadFacts | undefined;

  /** @returns its length when `bytes` begin with it, else 0 */
  match(bytes: Buffer): number {
    const length = this.#length;
    if (bytes.length < length) return 0;
    for (let at = 0; at < length; at += 1) if (bytes[at] !== this.#bytes[at]) return 0;
    return length;
  }

  remember(bytes: Buffer, end: number, facts: HeadFacts): void {
    if (end > ROOM_BYTES) return;
    bytes.copy(this.#bytes, 0, 0, end);
    this.#length = end;
    this.facts = facts;
  }
}
