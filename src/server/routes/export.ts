import * as z from 'zod';
import type { DeliveryStore, StoredAttempt, StoredDelivery } from '../../journal/delivery-store.ts';
import { recordingLine } from '../../recording/ndjson.ts';
import { recordingsOf } from '../../recording/read/store.ts';
import { withoutCredentials, type Recording } from '../../recording/recording.ts';
import { harText } from '../../recording/write/har.ts';
import { route } from '../api/route.ts';
import type { KeptAttempt, KeptDelivery } from '../deliveries/kept-delivery.ts';
import { attemptsMade } from '../views/delivery-view.ts';
import { version } from '../../text/version.ts';
import type { ServerState } from '../server-state.ts';
import { recordingPage } from '../recording-page.ts';
import { deliveryFilterShape, filterOf } from './delivery-filter.ts';

const MEDIA_TYPES = {
  har: 'application/json',
  ndjson: 'application/x-ndjson',
  html: 'text/html; charset=utf-8',
} as const;

export const EXPORT_ROUTES = [
  route({
    ...{ method: 'GET', path: '/v1/export', name: 'exportDeliveries' },
    summary: 'All attempts as recordings, to be replayed or handed round; credentials are hidden',
    query: z.object({ format: z.enum(['har', 'ndjson', 'html']).optional(), ...deliveryFilterShape }),
    answers: {
      200: { description: 'HAR 1.2, one recording per line, or a page that shows them.', mediaType: '*/*' },
    },
    handle: ({ query: { format = 'ndjson', ...filter } }, state) => {
      const deliveries = state.history.list(filterOf(filter, state), { limit: Number.POSITIVE_INFINITY });
      const text = textOf(format, deliveries, state);
      return new Response(ReadableStream.from(encoded(text)), {
        headers: {
          'content-type': MEDIA_TYPES[format],
          'content-disposition': `attachment; filename="hookcast.${format}"`,
        },
      });
    },
  }),
];

/** @param deliveries - the newest first */
function textOf(
  format: keyof typeof MEDIA_TYPES,
  deliveries: readonly KeptDelivery[],
  state: ServerState,
): AsyncIterable<string> {
  const recordings = visible(recordingsOf(storeOf(deliveries.toReversed())));
  switch (format) {
    case 'har':
      return harText(recordings, { version: version() });
    case 'ndjson':
      return lines(recordings);
    case 'html':
      return page(deliveries, state);
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- the other formats are written piece by piece
async function* page(deliveries: readonly KeptDelivery[], state: ServerState): AsyncGenerator<string> {
  yield recordingPage(deliveries, state);
}

async function* visible(recordings: AsyncIterable<Recording>): AsyncGenerator<Recording> {
  for await (const recording of recordings) yield withoutCredentials(recording);
}

async function* lines(recordings: AsyncIterable<Recording>): AsyncGenerator<string> {
  for await (const recording of recordings) yield `${recordingLine(recording)}\n`;
}

async function* encoded(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const text of texts) yield encoder.encode(text);
}

/** The history as what recordings are read from. */
function storeOf(deliveries: readonly KeptDelivery[]): DeliveryStore {
  const byId = new Map(deliveries.map((delivery) => [delivery.id, delivery]));
  return {
    // eslint-disable-next-line @typescript-eslint/require-await -- the interface is for stores on disk
    list: async function* () {
      for (const delivery of byId.values()) yield stored(delivery);
    },
    find: (id) => {
      const found = byId.get(id);
      return Promise.resolve(found && stored(found));
    },
    close: () => Promise.resolve(),
  };
}

function stored(delivery: KeptDelivery): StoredDelivery {
  const { id, eventId, eventName, url, state, createdAtMs, attemptsTotal, body, attempts } = delivery;
  return {
    ...{ id, eventId, eventName, url, state, createdAtMs, attemptsTotal, body },
    attemptsMade: attemptsMade(delivery),
    attempts: attempts.map(storedAttempt),
  };
}

function storedAttempt({ url, headers, ...kept }: KeptAttempt): StoredAttempt {
  const { attempt, startedAtMs, simulatedAtMs, outcome, timings } = kept;
  const when = { attempt, startedAtMs, simulatedAtMs };
  return { ...when, url: url.href, requestHeaders: headers, outcome, timings };
}
