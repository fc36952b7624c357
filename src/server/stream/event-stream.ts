import type { HistoryChange } from '../deliveries/history.ts';
import type { WebhookChange } from '../webhooks/registry.ts';

export const STREAMS_MAX = 20;
const HEARTBEAT_MS = 15_000;
/** For readers that come back after a break. */
const REMEMBERED = 500;
/** A reader that is this many events behind is let go. */
const BEHIND_MAX = 1_000;

export interface StreamOptions {
  /** @default all */
  readonly types?: readonly string[] | undefined;
  readonly webhookId?: string | undefined;
  /** Number of the last event that the reader has; NaN when it has none. */
  readonly lastId: number;
}

interface StreamEvent {
  readonly id: number;
  readonly type: 'delivery' | 'attempt' | 'webhook';
  readonly webhookId: string;
  readonly text: () => string;
}

export interface StreamViews {
  readonly delivery: (change: HistoryChange) => unknown;
  readonly attempt: (change: HistoryChange & { kind: 'attempt-began' | 'attempt-ended' }) => unknown;
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
    if (change.kind === 'attempt-began' || change.kind === 'attempt-ended') {
      this.#tell({ type: 'attempt', webhookId, view: () => this.#views.attempt(change) });
    }
    this.#tell({ type: 'delivery', webhookId, view: () => this.#views.delivery(change) });
  }

  webhook(change: WebhookChange): void {
    this.#tell({ type: 'webhook', webhookId: change.webhook.id, view: () => this.#views.webhook(change) });
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
    const encoder = new TextEncoder();
    let leave: () => void = () => undefined;
    return new ReadableStream({
      start: (controller) => {
        const write = (text: string) => controller.enqueue(encoder.encode(text));
        const read = (event: StreamEvent | undefined) => {
          // A reader that does not keep up is let go; it comes back with the id of its last event.
          if ((controller.desiredSize ?? 0) < -BEHIND_MAX) {
            leave();
            controller.close();
          } else if (event === undefined) write(': still here\n\n');
          else if (isWanted(event, options)) write(event.text());
        };
        leave = this.#enter(read, () => controller.close());
        write(': hookcast\n\n');
        for (const event of this.#remembered) if (event.id > options.lastId) read(event);
      },
      cancel: () => leave(),
    });
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

  #tell({ type, webhookId, view }: Pick<StreamEvent, 'type' | 'webhookId'> & { view: () => unknown }): void {
    this.#lastId += 1;
    const id = this.#lastId;
    // Without a reader it is shown later, to one that comes back, as it is by then.
    const text = () => `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(view())}\n\n`;
    const event: StreamEvent = { id, type, webhookId, text };
    this.#remembered.push(event);
    if (this.#remembered.length > 2 * REMEMBERED) this.#remembered = this.#remembered.slice(-REMEMBERED);
    for (const read of this.#readers) read(event);
  }
}

function isWanted({ type, webhookId }: StreamEvent, options: StreamOptions): boolean {
  const isOfType = options.types?.includes(type) ?? true;
  return isOfType && (options.webhookId === undefined || options.webhookId === webhookId);
}
