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
/** Takes an event, or a sign of life. */
type Read = (event: Numbered | undefined) => void;

/** Tells readers what happens, as server-sent events (https://html.spec.whatwg.org/#server-sent-events). */
export class EventStreams {
  /** Each with what ends it. */
  readonly #readers = new Map<Read, () => void>();
  #remembered: Numbered[] = [];
  #lastId = 0;
  #heartbeat: NodeJS.Timeout | undefined;

  tell(told: StreamEvent): void {
    this.#lastId += 1;
    const event = { ...told, id: this.#lastId };
    this.#remembered.push(event);
    if (this.#remembered.length > 2 * REMEMBERED) this.#remembered = this.#remembered.slice(-REMEMBERED);
    for (const read of this.#readers.keys()) read(event);
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
    for (const [read, end] of this.#readers) {
      this.#leave(read);
      end();
    }
  }

  #stream(options: StreamOptions): ReadableStream<Uint8Array> {
    const queue = new ReaderQueue(() => this.#leave(readIfKeptUp));
    const read: Read = (event) => {
      if (event === undefined) queue.write(': still here\n\n');
      else if (isWanted(event, options)) queue.write(textOf(event));
    };
    const readIfKeptUp: Read = (event) => {
      read(event);
      if (queue.bytes <= WAITING_BYTES_MAX) return;
      this.#leave(readIfKeptUp);
      queue.cut();
      options.onCut?.();
    };
    if (this.#readers.size === 0) this.#startHeartbeat();
    this.#readers.set(readIfKeptUp, () => queue.end());
    queue.write(': hookcast\n\n');
    // Who has seen more than happened here comes from a server before this one, and has seen nothing of it.
    const lastId = options.lastId > this.#lastId ? 0 : options.lastId;
    for (const event of this.#remembered) if (event.id > lastId) read(event);
    return queue.readable;
  }

  #leave(read: Read): void {
    this.#readers.delete(read);
    if (this.#readers.size === 0) clearInterval(this.#heartbeat);
  }

  #startHeartbeat(): void {
    this.#heartbeat = setInterval(() => {
      for (const read of this.#readers.keys()) read(undefined);
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
