import { ReaderQueue } from './reader-queue.ts';

export const STREAMS_MAX = 20;
const HEARTBEAT_MS = 15_000;
/** For readers that come back after a break. */
const REMEMBERED = 500;
/** A reader that does not keep up is let go when more than this waits for it. */
export const WAITING_BYTES_MAX = 1_000_000;

export interface StreamOptions {
  /** @default all */
  readonly types?: readonly string[] | undefined;
  readonly webhookId?: string | undefined;
  /** Number of the last event that the reader has; NaN when it has none. */
  readonly lastId: number;
  /** Told when the reader is let go: what was sent may never be taken. */
  readonly onCut?: (() => void) | undefined;
}

export interface StreamEvent {
  readonly type: 'delivery' | 'attempt' | 'webhook';
  readonly webhookId: string;
  /** Shows it as it is by then: without a reader it is remembered for one that comes back. */
  readonly view: () => unknown;
}

type Numbered = StreamEvent & { readonly id: number };

/** Tells readers what happens, as server-sent events (https://html.spec.whatwg.org/#server-sent-events). */
export class EventStreams {
  readonly #readers = new Set<(event: Numbered | undefined) => void>();
  readonly #closers = new Set<() => void>();
  #remembered: Numbered[] = [];
  #lastId = 0;
  #heartbeat: NodeJS.Timeout | undefined;

  tell(told: StreamEvent): void {
    this.#lastId += 1;
    const event = { ...told, id: this.#lastId };
    this.#remembered.push(event);
    if (this.#remembered.length > 2 * REMEMBERED) this.#remembered = this.#remembered.slice(-REMEMBERED);
    for (const read of this.#readers) read(event);
  }

  /** A response that goes on until its reader leaves; undefined when there are too many. */
  open(options: StreamOptions): Response | undefined {
    if (this.#readers.size >= STREAMS_MAX) return undefined;
    return new Response(this.#stream(options), {
      headers: {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      },
    });
  }

  close(): void {
    for (const close of this.#closers) close();
  }

  #stream(options: StreamOptions): ReadableStream<Uint8Array> {
    const queue = new ReaderQueue(() => leave());
    const read = (event: Numbered | undefined) => {
      if (event === undefined) queue.write(': still here\n\n');
      else if (isWanted(event, options)) queue.write(textOf(event));
    };
    const readIfKeptUp = (event: Numbered | undefined) => {
      read(event);
      if (queue.bytes <= WAITING_BYTES_MAX) return;
      leave();
      queue.cut();
      options.onCut?.();
    };
    const leave = this.#enter(readIfKeptUp, () => queue.end());
    queue.write(': hookcast\n\n');
    for (const event of this.#remembered) if (event.id > options.lastId) read(event);
    return queue.readable;
  }

  #enter(read: (event: Numbered | undefined) => void, end: () => void): () => void {
    const leave = () => {
      this.#readers.delete(read);
      this.#closers.delete(close);
      if (this.#readers.size === 0) clearInterval(this.#heartbeat);
    };
    const close = () => {
      leave();
      end();
    };
    this.#closers.add(close);
    if (this.#readers.size === 0) this.#startHeartbeat();
    this.#readers.add(read);
    return leave;
  }

  #startHeartbeat(): void {
    this.#heartbeat = setInterval(() => {
      for (const read of this.#readers) read(undefined);
    }, HEARTBEAT_MS);
    this.#heartbeat.unref();
  }
}

function textOf({ id, type, view }: Numbered): string {
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(view())}\n\n`;
}

function isWanted({ type, webhookId }: StreamEvent, options: StreamOptions): boolean {
  const isOfType = options.types?.includes(type) ?? true;
  return isOfType && (options.webhookId === undefined || options.webhookId === webhookId);
}
