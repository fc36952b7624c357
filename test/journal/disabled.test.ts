import { expect, test } from 'vitest';
import { openJournalStore } from '../../src/journal/sqlite/journal-store.ts';
import { openJournal } from '../../src/journal/sqlite/open-journal.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { httpServer } from '../helpers/servers.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

test.each([
  ['with a journal', true],
  ['without', false],
])('an event that comes after its webhook was disabled is not sent, and fails: %s', async (_, isKept) => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  let requests = 0;
  await using hook = await httpServer((_request, response) => {
    requests += 1;
    response.end();
  });
  const journal = isKept ? openJournal(path) : undefined;
  const webhook = { url: hook.url.href };
  const simulator = createSimulator({ webhook, seed: 1, ...(journal && { journal }) });
  simulator.disable();
  const { state, attempts } = await simulator.deliver('inquiry.approved');
  journal?.close();
  expect({ state, attempts, requests }).toEqual({ state: 'failed', attempts: [], requests: 0 });
  if (journal === undefined) return;
  const store = openJournalStore(path);
  const states: string[] = [];
  for await (const kept of store.list()) states.push(kept.state);
  await store.close();
  expect(states).toEqual(['failed']);
});

/** Refuses everything until it is told to accept. */
async function refusingReceiver() {
  let [status, requests] = [500, 0];
  let onRequest: () => void = () => undefined;
  const hook = await httpServer((request, response) => {
    request.resume();
    response.writeHead(status).end();
    requests += 1;
    onRequest();
  });
  /** Resolves after as many requests. */
  const refused = (count: number) =>
    new Promise<void>((resolve) => {
      onRequest = () => requests >= count && resolve();
      onRequest();
    });
  return { ...hook, url: hook.url.href, refused, accept: () => (status = 200) };
}

async function statesIn(path: string): Promise<string[]> {
  const store = openJournalStore(path);
  const states: string[] = [];
  for await (const { state } of store.list()) states.push(state);
  await store.close();
  return states.toSorted();
}

test('disabling a simulator does not affect the deliveries of another one for the same webhook', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  await using hook = await refusingReceiver();
  const journal = openJournal(path);
  const both = [1, 2].map((seed) => createSimulator({ webhook: { url: hook.url }, seed, journal }));
  const [disabled, other] = both as [(typeof both)[0], (typeof both)[0]];
  for (const { clock } of both) clock.pause();
  const deliveries = both.map((simulator) => simulator.deliver('inquiry.approved'));
  // Both wait for their second attempt.
  for (const { clock } of both) await clock.advance(0);
  hook.accept();
  disabled.disable();
  await other.clock.next();
  const settled = await Promise.all(deliveries);
  journal.close();
  expect(settled.map(({ state, attempts }) => [state, attempts.length])).toEqual([
    ['failed', 1],
    ['completed', 2],
  ]);
  expect(await statesIn(path)).toEqual(['completed', 'failed']);
});

test('disabling a simulator does not affect the load run of another one for the same webhook', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  await using hook = await refusingReceiver();
  const journal = openJournal(path);
  const simulator = (seed: number) =>
    createSimulator({ webhook: { url: hook.url }, seed, journal, timeScale: 30 });
  const [disabled, other] = [simulator(1), simulator(2)];
  const run = other.emit({ mix: 'inquiry.approved' }, { count: 5, concurrency: 5 });
  await hook.refused(5);
  disabled.disable();
  hook.accept();
  const result = await run;
  journal.close();
  expect(result.deliveries).toMatchObject({ completed: 5, failed: 0, waiting: 0 });
  expect(await statesIn(path)).toEqual(Array<string>(5).fill('completed'));
});

test('disabling a simulator fails the deliveries that no other one sends', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  const journal = openJournal(path);
  const make = () => createSimulator({ webhook: { url: 'http://127.0.0.1:9/' }, journal });
  const [first, second] = [make(), make()];
  const interrupt = AbortSignal.abort(new Error('interrupted'));
  await first.deliver('inquiry.approved', { signal: interrupt });
  expect(journal.pendingCount()).toBe(1);
  second.disable();
  journal.close();
  expect(await statesIn(path)).toEqual(['failed']);
});
