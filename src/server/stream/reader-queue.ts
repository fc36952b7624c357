/**
 * What waits for one reader. It is no queue of the web stream's own, since that one keeps what it holds when it is
 * closed, for as long as its reader neither reads nor leaves.
 */
export class ReaderQueue {
  readonly readable: ReadableStream<Uint8Array>;
  readonly #encoder = new TextEncoder();
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  #waiting: Uint8Array[] = [];
  #bytes = 0;
  #isAsked = false;

  constructor(onLeave: () => void) {
    this.readable = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => {
          this.#isAsked = true;
          this.#give();
        },
        cancel: () => {
          this.#clear();
          onLeave();
        },
      },
      { highWaterMark: 0 },
    );
  }

  /** Not counting what the connection has taken. */
  get bytes(): number {
    return this.#bytes;
  }

  write(text: string): void {
    const chunk = this.#encoder.encode(text);
    this.#waiting.push(chunk);
    this.#bytes += chunk.length;
    if (this.#isAsked) this.#give();
  }

  /** After what waits. */
  end(): void {
    for (const chunk of this.#waiting) this.#controller.enqueue(chunk);
    this.cut();
  }

  /** What waits is dropped: the reader gets it when it comes back with the id of its last event. */
  cut(): void {
    this.#clear();
    this.#controller.close();
  }

  /** One by one: what the connection has taken is not counted here, and should be little. */
  #give(): void {
    const chunk = this.#waiting.shift();
    if (chunk === undefined) return;
    this.#isAsked = false;
    this.#bytes -= chunk.length;
    this.#controller.enqueue(chunk);
  }

  #clear(): void {
    this.#waiting = [];
    this.#bytes = 0;
  }
}
