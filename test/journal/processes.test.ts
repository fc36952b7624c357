import { existsSync, rmSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openJournalStore } from '../../src/journal/sqlite/journal-store.ts';
import { parseScript } from '../../src/receiver/reaction.ts';
import { startReceiver, type Receiver } from '../../src/receiver/start-receiver.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../src/signing/sign.ts';
import { runCli } from '../helpers/run-cli.ts';
import { spawnCli } from '../helpers/spawn-cli.ts';
import { temporaryFolder, type TemporaryFolder } from '../helpers/temporary-folder.ts';

/** Refuses the first so many requests. */
function refusing(count: number): Promise<Receiver> {
  const script = parseScript([...Array<string>(count).fill('500'), '200'].join(','));
  return startReceiver({ secrets: [new Secret(DEVELOPMENT_SECRET)], script });
}

/** Both deliveries have failed once more. */
const BOTH_WAIT = /next in[^]*next in/;

async function states(path: string): Promise<[id: string, state: string, attemptsMade: number][]> {
  const store = openJournalStore(path);
  const all: [string, string, number][] = [];
  for await (const { id, state, attemptsMade } of store.list()) all.push([id, state, attemptsMade]);
  await store.close();
  return all;
}

/** A first wait that takes a third of a second at SCALE, and five minutes otherwise; the second never ends here. */
const POLICY = {
  ...{ name: 'test', 'timeout-ms': 60_000 },
  ...{ 'accepted-statuses': [200], 'delays-seconds': [300, 3_000_000] },
};
const SCALE = ['--time-scale', '1000'];

/** The same policy for each `send`. */
async function sending(url: string, folder: TemporaryFolder, events = ['inquiry.approved']) {
  const policy = await folder.write('policy.json', JSON.stringify(POLICY));
  const journal = `${folder.path}/j.db`;
  return ['send', ...events, '--to', url, '--journal', journal, '--policy', policy];
}

/** A journal with one delivery that has failed once and waits. */
async function interrupted(url: string, folder: TemporaryFolder): Promise<void> {
  const over = new AbortController();
  const run = await runCli(await sending(url, folder), {
    interrupted: over.signal,
    onOutput: (stdout) => {
      if (stdout.includes('next in')) over.abort();
    },
  });
  expect(run.code).toBe(130);
}

describe('on SIGHUP', () => {
  test.each(['send', 'resume'])(
    '%s reads the webhook file again, and fails the deliveries of a webhook disabled there',
    async (command) => {
      await using folder = await temporaryFolder();
      await using receiver = await refusing(9);
      const path = `${folder.path}/j.db`;
      const webhook = { url: receiver.url, secret: DEVELOPMENT_SECRET };
      const write = (status: string) => folder.write('webhook.json', JSON.stringify({ ...webhook, status }));
      const file = await write('enabled');
      const events = ['inquiry.created', 'inquiry.approved'];
      const send = await sending(receiver.url, folder, [...events, '--webhook', file]);
      if (command === 'resume') {
        await using first = spawnCli(send);
        await first.until(BOTH_WAIT);
        first.kill('SIGINT');
        await first.ended;
      }
      await using run = spawnCli(command === 'send' ? send : ['resume', '--journal', path, ...SCALE]);
      await run.until(BOTH_WAIT);
      run.kill('SIGHUP');
      await write('disabled');
      run.kill('SIGHUP');
      const { code, stderr } = await run.ended;
      expect(stderr).toContain(`${file}: the webhook is disabled; its pending deliveries fail`);
      expect(code).toBe(1);
      const made = command === 'send' ? 1 : 2;
      expect(await states(path)).toEqual([
        ['d1', 'failed', made],
        ['d2', 'failed', made],
      ]);
    },
  );

  test('a file that cannot be read does not stop the run', async () => {
    await using folder = await temporaryFolder();
    await using receiver = await refusing(1);
    const path = `${folder.path}/j.db`;
    const file = await folder.write('webhook.json', JSON.stringify({ url: receiver.url }));
    await using run = spawnCli(['send', 'inquiry.approved', '--webhook', file, '--journal', path]);
    await run.until('next in');
    await folder.write('webhook.json', '{');
    run.kill('SIGHUP');
    await run.until('warning: read again on SIGHUP');
    expect(await run.ended).toMatchObject({ code: 0 });
  });
});

describe('while a resume holds the journal', () => {
  test.each([
    ['cancel', ['cancel', 'd1'], 'cancelled', 0],
    ['disable', ['disable'], 'failed', 1],
  ])('%s settles pending deliveries', async (_, command, state, code) => {
    await using folder = await temporaryFolder();
    await using receiver = await refusing(9);
    const path = `${folder.path}/j.db`;
    await interrupted(receiver.url, folder);
    await using run = spawnCli(['resume', '--journal', path, ...SCALE]);
    await run.until('next in');
    const asked = await runCli([...command, '--journal', path]);
    expect(asked).toMatchObject({ code: 0, stderr: '' });
    expect(asked.stdout).toContain('within a second');
    expect(await run.ended).toMatchObject({ code, signal: null });
    expect(await states(path)).toEqual([['d1', state, 2]]);
  });

  test('resend makes the running resume send the new delivery', async () => {
    await using folder = await temporaryFolder();
    await using receiver = await refusing(2);
    const path = `${folder.path}/j.db`;
    await interrupted(receiver.url, folder);
    await using run = spawnCli(['resume', '--journal', path, ...SCALE]);
    await run.until('next in');
    const asked = await runCli(['resend', 'd1', '--journal', path]);
    expect(asked.stdout).toContain(
      'queued to be sent again; a running "hookcast resume" sends it within a second',
    );
    await run.until('d2 inquiry.approved completed');
    run.kill('SIGINT');
    await run.ended;
    expect(await states(path)).toEqual([
      ['d1', 'pending', 2],
      ['d2', 'completed', 1],
    ]);
  });
});

test('a resend while send holds the journal waits for the next resume, and both commands say so', async () => {
  await using folder = await temporaryFolder();
  await using receiver = await refusing(1);
  const path = `${folder.path}/j.db`;
  await using run = spawnCli(await sending(receiver.url, folder));
  await run.until('next in');
  const asked = await runCli(['resend', 'd1', '--journal', path]);
  expect(asked.stdout).toContain('otherwise run hookcast resume --journal');
  run.kill('SIGINT');
  const { stderr, code } = await run.ended;
  expect(stderr).toMatch(/pending; continue with: hookcast resume/);
  expect(code).toBe(130);
  expect((await runCli(['resume', '--journal', path, ...SCALE])).code).toBe(0);
  expect(await states(path)).toEqual([
    ['d1', 'completed', 2],
    ['d2', 'completed', 1],
  ]);
  const [first, , third] = receiver.received.map(({ body }) => body.toString());
  expect(third).toBe(first);
});

test.each([
  ['cancel', ['cancel', 'd1'], 'd1 cancelled', [['d1', 'cancelled', 1]]],
  ['disable', ['disable'], 'disabled: 1 pending delivery failed', [['d1', 'failed', 1]]],
  [
    'resend',
    ['resend', 'd1'],
    'd2 inquiry.approved completed',
    [
      ['d1', 'pending', 1],
      ['d2', 'completed', 1],
    ],
  ],
])('%s acts at once when no run holds the journal', async (_, command, said, after) => {
  await using folder = await temporaryFolder();
  await using receiver = await refusing(1);
  const path = `${folder.path}/j.db`;
  await interrupted(receiver.url, folder);
  const run = await runCli([...command, '--journal', path]);
  expect(run.stdout).toContain(said);
  expect(run.code).toBe(0);
  expect(await states(path)).toEqual(after);
});

describe('a journal that is held by a process', () => {
  test('refuses a second resume with the pid of the first, unless --wait is given', async () => {
    await using folder = await temporaryFolder();
    await using receiver = await refusing(2);
    const path = `${folder.path}/j.db`;
    await interrupted(receiver.url, folder);
    await using first = spawnCli(['resume', '--journal', path, ...SCALE]);
    await first.until('next in');
    const second = await runCli(['resume', '--journal', path]);
    expect(second).toEqual({
      code: 3,
      stdout: '',
      stderr: `error: ${path}: process ${first.pid} is working on this journal; end it first, or wait with --wait\n`,
    });
    await using waiting = spawnCli(['resume', '--journal', path, '--wait', '--time-scale', 'instant']);
    await waiting.until(`waiting for process ${first.pid}`);
    first.kill('SIGINT');
    expect((await first.ended).code).toBe(130);
    expect((await waiting.ended).stdout).toContain('1 completed');
    expect(await states(path)).toEqual([['d1', 'completed', 3]]);
  });

  test('is not waited for after Ctrl-C', async () => {
    await using folder = await temporaryFolder();
    await using receiver = await refusing(9);
    const path = `${folder.path}/j.db`;
    await using first = spawnCli(await sending(receiver.url, folder));
    await first.until('next in');
    await using waiting = spawnCli(['resume', '--journal', path, '--wait']);
    await waiting.until('waiting for process');
    waiting.kill('SIGINT');
    expect(await waiting.ended).toMatchObject({ code: 130, stdout: '' });
  });

  test('is released when the process is killed', async () => {
    await using folder = await temporaryFolder();
    await using receiver = await refusing(1);
    const path = `${folder.path}/j.db`;
    await using first = spawnCli(await sending(receiver.url, folder));
    await first.until('next in');
    first.kill('SIGKILL');
    await first.ended;
    const run = await runCli(['resume', '--journal', path, '--time-scale', 'instant']);
    expect(run.stdout).toContain('1 completed');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(existsSync(`${path}-lock`)).toBe(false);
  });
});

test('a process ends when its journal is removed', async () => {
  await using folder = await temporaryFolder();
  await using receiver = await refusing(9);
  const path = `${folder.path}/j.db`;
  // It notices at its next attempt, in five seconds.
  await using run = spawnCli([...(await sending(receiver.url, folder)), '--time-scale', '60']);
  await run.until('next in');
  rmSync(path);
  expect(await run.ended).toMatchObject({ code: 3, signal: null });
  expect(receiver.received).toHaveLength(1);
});

test('an attempt without an outcome is shown as under way while a process holds the journal, then as interrupted', async () => {
  await using folder = await temporaryFolder();
  await using receiver = await startReceiver({
    secrets: [new Secret(DEVELOPMENT_SECRET)],
    script: parseScript('hang'),
  });
  const path = `${folder.path}/j.db`;
  await using run = spawnCli(await sending(receiver.url, folder));
  await run.until('to http');
  const shows = async (command: string[]) => (await runCli([...command, '--journal', path])).stdout;
  await expect.poll(() => shows(['deliveries'])).toContain('  under way  ');
  expect(await shows(['delivery', 'd1'])).toContain('an attempt is under way');
  run.kill('SIGKILL');
  await run.ended;
  expect(await shows(['deliveries'])).toContain('  interrupted  ');
  expect(await shows(['delivery', 'd1'])).toContain(
    'interrupted in an attempt: hookcast resume makes it again',
  );
});
