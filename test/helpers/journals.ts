import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { StoredDelivery } from '../../src/journal/delivery-store.ts';
import { openJournalStore } from '../../src/journal/sqlite/journal-store.ts';
import { openJournal } from '../../src/journal/sqlite/open-journal.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import type { HttpSender } from '../../src/ports.ts';
import { httpServer, type TestServer } from './servers.ts';

export const WEBHOOK = {
  url: 'http://127.0.0.1:9/',
  secret: 'wbhsec_very-secret',
  'custom-http-headers': { 'X-Api-Key': 'hidden' },
};

export const answering = (status: number): HttpSender => ({
  send: () =>
    Promise.resolve({
      kind: 'response',
      response: { status, headers: {}, body: Buffer.from('ok'), truncated: false },
      timings: { totalMs: 1 },
    }),
});

/** Completed deliveries of whole bodies. */
export async function makeJournal(path: string, count = 3): Promise<void> {
  const journal = openJournal(path);
  const simulator = createSimulator({ webhook: WEBHOOK, journal, sender: answering(200), seed: 1 });
  for (let n = 0; n < count; n += 1) await simulator.deliver('inquiry.approved');
  journal.close();
}

/** A receiver that rejects the second request of all. */
export function rejectsSecond(): Promise<TestServer> {
  let requests = 0;
  return httpServer((request, response) => {
    request.resume();
    void once(request, 'end').then(() => {
      requests += 1;
      response.writeHead(requests === 2 ? 500 : 200).end();
    });
  });
}

/** d2 waits for its second attempt, all others are completed. */
export async function runLoad(path: string, { url, count }: { url: URL; count: number }): Promise<void> {
  const journal = openJournal(path, { durability: 'normal' });
  const simulator = createSimulator({ webhook: { url: url.href }, journal, seed: 1 });
  await simulator.emit({ mix: 'inquiry-session.*' }, { count, concurrency: 1, drain: false });
  journal.close();
}

/** With a digest of each body: to compare bodies byte by byte takes seconds. */
export async function allOf(path: string) {
  const store = openJournalStore(path);
  const found: (Omit<StoredDelivery, 'body'> & { sha256: string })[] = [];
  for await (const { id } of store.list()) {
    const { body, ...delivery } = (await store.find(id))!;
    found.push({ ...delivery, sha256: createHash('sha256').update(body).digest('hex') });
  }
  await store.close();
  return found;
}
