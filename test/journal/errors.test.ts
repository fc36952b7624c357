import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openJournal } from '../../src/journal/sqlite/open-journal.ts';
import type { HttpSender } from '../../src/ports.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { runCli } from '../helpers/run-cli.ts';
import { answering, makeJournal, WEBHOOK } from '../helpers/journals.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

test('the journal is readable by its owner only, and holds no secret', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  await makeJournal(path);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const bytes = await readFile(path);
  for (const secret of ['wbhsec_very-secret', 'hidden']) expect(bytes.includes(secret)).toBe(false);
});

test.each([
  ['a missing file', () => Promise.resolve(), /there is no such file/, 2],
  [
    'a text file',
    (path: string) => writeFile(path, 'no journal at all '.repeat(100)),
    /not a hookcast journal/,
    2,
  ],
  [
    'a newer journal',
    async (path: string) => {
      await makeJournal(path, 1);
      const bytes = await readFile(path);
      bytes.writeUInt32BE(99, 60); // user_version
      await writeFile(path, bytes);
    },
    /written by a newer hookcast \(format 99/,
    2,
  ],
])('%s is refused with an error that says why', async (_, prepare, message, code) => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  await prepare(path);
  for (const command of ['deliveries', 'resume']) {
    const run = await runCli([command, '--journal', path]);
    expect(run.stderr).toMatch(message);
    expect(run.code).toBe(code);
  }
});

test('the error for an unknown delivery suggests the nearest one', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  await makeJournal(path, 1);
  const run = await runCli(['delivery', 'd2', '--journal', path]);
  expect(run.stderr).toContain(`unknown delivery 'd2'; did you mean d1?`);
  expect(run.code).toBe(2);
});

test('a second run is told which process holds the journal', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  await makeJournal(path, 1);
  const journal = openJournal(path);
  const run = await runCli(['resume', '--journal', path]);
  journal.close();
  expect(run.stderr).toContain(`process ${process.pid} is working on this journal`);
  expect(run.code).toBe(3);
});

// At once: meanwhile the other delivery would go on.
test.each([
  ['removed', (path: string) => rmSync(path), 'the file was removed'],
  [
    'replaced',
    (path: string) => {
      renameSync(path, `${path}.old`);
      writeFileSync(path, '');
    },
    'another file stands in its place',
  ],
])('nothing is sent when the journal was %s', async (_, act, reason) => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  const journal = openJournal(path);
  let sent = 0;
  const sender: HttpSender = {
    send: (...exchange) => {
      sent += 1;
      if (sent === 1) act(path);
      return answering(500).send(...exchange);
    },
  };
  const simulator = createSimulator({ webhook: WEBHOOK, journal, sender, timeScale: Infinity });
  const runs = await Promise.allSettled([1, 2].map(() => simulator.deliver('inquiry.approved')));
  journal.close();
  for (const run of runs)
    expect(run).toMatchObject({ status: 'rejected', reason: { code: 'JOURNAL_BROKEN' } });
  expect(String((runs[0] as PromiseRejectedResult).reason)).toContain(reason);
  expect(sent).toBeLessThanOrEqual(2); // Both may have left before the first outcome could not be written.
});
