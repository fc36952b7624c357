import { expect, test } from 'vitest';
import { openJournalStore } from '../../src/journal/sqlite/journal-store.ts';
import { openJournal } from '../../src/journal/sqlite/sqlite-journal.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { httpServer } from '../helpers/servers.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

test.each([
  ['with a journal', true],
  ['without', false],
])('an event after its webhook was disabled is not sent, and fails: %s', async (_, isKept) => {
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
