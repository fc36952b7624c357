import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { expect, test, vi } from 'vitest';
import { EventStreams, WAITING_BYTES_MAX } from '../../src/server/stream/event-stream.ts';
import { ReaderQueue } from '../../src/server/stream/reader-queue.ts';
import { httpServer } from '../helpers/servers.ts';

const TEXT = 'x'.repeat(64 * 1_024);
const EVENT = { type: 'webhook', webhookId: 'whk_1', view: () => TEXT } as const;
/** 19 MB: more than the buffers of a connection on loopback and the bound together; all of it is remembered. */
const EVENTS = 300;

async function open(url: URL, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const [response] = (await once(get(url, { headers, agent: false }), 'response')) as [IncomingMessage];
  return response.setEncoding('utf8');
}

/** Ids of the events that arrive whole until the stream ends, or until there are `count`. */
async function idsOf(response: IncomingMessage, count = Infinity): Promise<number[]> {
  const ids: number[] = [];
  let rest = '';
  for await (const chunk of response) {
    const events = (rest + String(chunk)).split('\n\n');
    rest = events.pop()!;
    for (const event of events) if (event.startsWith('id: ')) ids.push(Number(/\d+/.exec(event)));
    if (ids.length >= count) break;
  }
  return ids;
}

/** Reads on until the event is complete. */
async function arrival(response: IncomingMessage, id: number): Promise<void> {
  let text = '';
  while (!(text.includes(`id: ${id}\n`) && text.endsWith('\n\n'))) {
    const chunk = response.read() as string | null;
    if (chunk === null) await once(response, 'readable');
    else text += chunk;
  }
}

const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

test('a stream that nobody reads ends; others go on, and it comes back to what it missed', async () => {
  using written = vi.spyOn(ReaderQueue.prototype, 'write');
  const streams = new EventStreams();
  const listener = getRequestListener(
    ({ headers }) => streams.open({ lastId: Number(headers.get('last-event-id') ?? 'NaN') })!,
    { overrideGlobalObjects: false },
  );
  await using server = await httpServer((request, response) => void listener(request, response));
  const [idle, busy] = await Promise.all([open(server.url), open(server.url)]);
  const queues = [...new Set(written.mock.contexts as ReaderQueue[])];
  for (let id = 1; id <= EVENTS; id += 1) {
    streams.tell(EVENT);
    for (const { bytes } of queues) expect(bytes).toBeLessThanOrEqual(WAITING_BYTES_MAX);
    await arrival(busy, id);
  }
  expect(queues.map(({ bytes }) => bytes)).toEqual([0, 0]);
  const got = await idsOf(idle);
  expect(got).toEqual(from(1, got.length));
  expect(got.length).toBeLessThan(EVENTS);
  const again = await open(server.url, { 'last-event-id': String(got.length) });
  expect(await idsOf(again, EVENTS - got.length)).toEqual(from(got.length + 1, EVENTS));
  busy.destroy();
});
