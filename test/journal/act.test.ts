import { expect, test } from 'vitest';
import { openJournalStore } from '../../src/journal/sqlite/journal-store.ts';
import { openJournal } from '../../src/journal/sqlite/open-journal.ts';
import type { HttpSender } from '../../src/ports.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { runCli } from '../helpers/run-cli.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const refusing: HttpSender = {
  send: () =>
    Promise.resolve({
      kind: 'response',
      response: { status: 500, headers: {}, body: Buffer.alloc(0), truncated: false },
      timings: { totalMs: 1 },
    }),
};

test.each([
  ['cancel', ['cancel', 'd1'], 'cancelled'],
  ['disable', ['disable'], 'failed'],
])('%s reaches a run that holds the journal', async (_, command, state) => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  const journal = openJournal(path);
  const simulator = createSimulator({ webhook: { url: 'http://127.0.0.1:9/' }, journal, sender: refusing });
  let tried: () => void = () => undefined;
  const firstAttempt = new Promise<void>((resolve) => (tried = resolve));
  const delivery = simulator.deliver('inquiry.approved', { onAttempt: () => tried() });
  await firstAttempt;
  const run = await runCli([...command, '--journal', path]);
  expect(run.stdout).toContain('within a second');
  expect((await delivery).state).toBe(state);
  journal.close();
  const store = openJournalStore(path);
  expect(await store.find('d1')).toMatchObject({ state, attemptsMade: 1 });
});
