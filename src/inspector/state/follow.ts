import { signal } from '@preact/signals';
import type { Summary, Webhook } from '../api/records.ts';
import { messageOf } from '../api/client.ts';
import { recording } from '../api/recording.ts';
import { readStream } from '../api/stream.ts';
import { loadDeliveries, put } from './deliveries.ts';
import { tell } from './notice.ts';
import { clockWebhook, dropWebhook, loadClock, loadWebhooks, putWebhook } from './webhooks.ts';

export const isLive = signal(false);

const CLOCK_MS = 5_000;

/** Loads what there is, and keeps it up to date. */
export function followServer(): void {
  if (recording !== undefined) {
    void loadAll();
    return;
  }
  readStream('/v1/stream?types=delivery,webhook', {
    open: () => {
      isLive.value = true;
      void loadAll();
    },
    event: ({ type, data }) => {
      if (type === 'delivery') put([data as Summary]);
      else if (type === 'webhook') changeWebhook(data as Webhook | { id: string; isGone: true });
    },
    closed: () => {
      isLive.value = false;
    },
  });
  void loadAll();
  setInterval(() => void refreshClock(), CLOCK_MS);
}

async function loadAll(): Promise<void> {
  try {
    await Promise.all([loadWebhooks(), loadDeliveries()]);
  } catch (error) {
    tell(messageOf(error), 'error');
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
  if (id === undefined || document.hidden || !isLive.peek()) return;
  try {
    await loadClock(id);
  } catch {
    // The stream tells when the server is gone.
  }
}
