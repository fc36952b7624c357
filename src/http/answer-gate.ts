import { AnswerReader } from './http1/answer-reader.ts';
import { ClosedError } from './http1/malformed-answer.ts';

const NOTHING = Buffer.alloc(0);

/**
 * Reads an answer before undici does, with the reader of a load run, so that both judge it alike. undici refuses an
 * interim answer that was not asked for, and stops the process for seconds at a status below 100: its assertions are
 * explained from the source around them, which in a bundle is all of it.
 */
export class AnswerGate {
  readonly #reader = new AnswerReader();
  #held: Buffer = NOTHING;
  #dropped = 0;

  /** Gets ready for the next answer. */
  begin(): void {
    this.#reader.begin();
    this.#held = NOTHING;
    this.#dropped = 0;
  }

  /**
   * @returns what is to be read next: complete lines, from the head of the answer itself on
   * @throws {MalformedAnswerError}
   */
  pass(bytes: Buffer): Buffer {
    this.#reader.read(bytes);
    const { interimBytes, status, lineBytes } = this.#reader;
    const known = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    const own = known.subarray(interimBytes - this.#dropped);
    this.#dropped = interimBytes;
    const passed = status === 0 ? 0 : own.length - lineBytes;
    this.#held = own.subarray(passed);
    return own.subarray(0, passed);
  }

  /** The receiver has closed. @returns why that does not complete the answer */
  end(): ClosedError | undefined {
    return this.#reader.end() ? undefined : new ClosedError(this.#reader.hasBegun);
  }
}
