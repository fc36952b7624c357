import type { HistoryChange } from '../deliveries/history.ts';
import type { WebhookChange } from '../webhooks/registry.ts';
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

type AttemptChange = HistoryChange & { kind: 'attempt-began' | 'attempt-ended' };

type Told =
  | { readonly type: 'delivery'; readonly change: HistoryChange }
  | { readonly type: 'attempt'; readonly change: AttemptChange }
  | { readonly type: 'webhook'; readonly change: WebhookChange };

type StreamEvent = Told & { readonly id: number; readonly webhookId: string };

export interface StreamViews {
  readonly delivery: (change: HistoryChange) => unknown;
  readonly attempt: (change: AttemptChange) => unknown;
  readonly webhook: (change: WebhookChange) => unknown;
}

/** Tells readers what happens, as server-sent events (https://html.spec.whatwg.org/#server-sent-events). */
export class EventStreams {
  readonly #views: StreamViews;
  readonly #readers = new Set<(event: StreamEvent | undefined) => void>();
  readonly #closers = new Set<() => void>();
  #remembered: StreamEvent[] = [];
  #lastId = 0;
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(views: StreamViews) {
    this.#views = views;
  }

  delivery(change: HistoryChange): void {
    const webhookId = change.delivery.webhookId;
    if (change.kind === 'attempt-began' || change.kind === 'attempt-ended')
      this.#tell({ id: this.#nextId(), webhookId, type: 'attempt', change });
    this.#tell({ id: this.#nextId(), webhookId, type: 'delivery', change });
  }

  webhook(change: WebhookChange): void {
    this.#tell({ id: this.#nextId(), webhookId: change.webhook.id, type: 'webhook', change });
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
    const read = (event: StreamEvent | undefined) => {
      if (event === undefined) queue.write(': still here\n\n');
      else if (isWanted(event, options)) queue.write(this.#textOf(event));
    };
    const readIfKeptUp = (event: StreamEvent | undefined) => {
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

  #enter(read: (event: StreamEvent | undefined) => void, end: () => void): () => void {
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

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  #tell(event: StreamEvent): void {
    this.#remembered.push(event);
    if (this.#remembered.length > 2 * REMEMBERED) this.#remembered = this.#remembered.slice(-REMEMBERED);
    for (const read of this.#readers) read(event);
  }

  /** Without a reader it is shown later, to one that comes back, as it is by then. */
  #textOf(event: StreamEvent): string {
    return `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(this.#viewOf(event))}\n\n`;
  }

  #viewOf({ type, change }: Told): unknown {
    switch (type) {
      case 'delivery':
        return this.#views.delivery(change);
      case 'attempt':
        return this.#views.attempt(change);
      case 'webhook':
        return this.#views.webhook(change);
    }
  }
}

function isWanted({ type, webhookId }: StreamEvent, options: StreamOptions): boolean {
  const isOfType = options.types?.includes(type) ?? true;
  return isOfType && (options.webhookId === undefined || options.webhookId === webhookId);
}
