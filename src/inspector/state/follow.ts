import { signal } from '@preact/signals';
import type { Summary, Webhook } from '../api/records.ts';
import { ApiError, messageOf, NO_ANSWER } from '../api/client.ts';
import { recording } from '../api/recording.ts';
import { readStream } from '../api/stream.ts';
import { isLoaded, loadDeliveries, put } from './deliveries.ts';
import { tell } from './notice.ts';
import { clockWebhook, dropWebhook, loadClock, loadWebhooks, putWebhook } from './webhooks.ts';

/** `closed`: the server wants a token that this page does not have. */
export type Connection =
  { readonly kind: 'opening' | 'live' | 'closed' } | { readonly kind: 'lost'; readonly message: string };

export const connection = signal<Connection>({ kind: 'opening' });

const CLOCK_MS = 5_000;

/** Loads what there is, and keeps it up to date. */
export function followServer(): void {
  if (recording !== undefined) {
    void loadAll();
    return;
  }
  readStream('/v1/stream?types=delivery,webhook', {
    open: () => {
      connection.value = { kind: 'live' };
      void loadAll();
    },
    event: ({ type, data }) => {
      if (type === 'delivery') put([data as Summary]);
      else if (type === 'webhook') changeWebhook(data as Webhook | { id: string; isGone: true });
    },
    closed: (error) => {
      connection.value = lostBy(error);
      // There may be an answer where there is no stream: only twenty are open at a time.
      if (!isLoaded.peek()) void loadAll();
    },
  });
  setInterval(() => void refreshClock(), CLOCK_MS);
}

function lostBy(error: unknown): Connection {
  if (error instanceof ApiError && error.problem.status === 401) return { kind: 'closed' };
  return { kind: 'lost', message: error === undefined ? NO_ANSWER : messageOf(error) };
}

async function loadAll(): Promise<void> {
  try {
    await Promise.all([loadWebhooks(), loadDeliveries()]);
  } catch (error) {
    // Without a connection the page says so in a place of its own.
    if (connection.peek().kind === 'live') tell(messageOf(error), 'error');
  }
}

function changeWebhook(webhook: Webhook | { id: string; isGone: true }): void {
  if (!('isGone' in webhook)) {
    putWebhook(webhook);
    return;
  }
  dropWebhook(webhook.id);
  // After a reset its deliveries are gone as well.
  void loadAll();
}

/** Somebody else may have moved it: a test, say. */
async function refreshClock(): Promise<void> {
  const { id } = clockWebhook.peek() ?? {};
  if (id === undefined || document.hidden || connection.peek().kind !== 'live') return;
  try {
    await loadClock(id);
  } catch {
    // The stream tells when the server is gone.
  }
}
