import { existsSync, rmSync, statSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { openJournalStore } from '../../src/journal/sqlite/journal-store.ts';
import { parseScript } from '../../src/receiver/reaction.ts';
import { startReceiver, type Receiver } from '../../src/receiver/start-receiver.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../src/signing/secret.ts';
import { runCli } from '../helpers/run-cli.ts';
import { spawnCli } from '../helpers/spawn-cli.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

/** Refuses the first so many requests. */
function refusing(count: number): Promise<Receiver> {
  const script = parseScript([...Array<string>(count).fill('500'), '200'].join(','));
  return startReceiver({ secrets: [new Secret(DEVELOPMENT_SECRET)], script });
}

async function states(path: string): Promise<[id: string, state: string, attemptsMade: number][]> {
  const store = openJournalStore(path);
  const all: [string, string, number][] = [];
  for await (const { id, state, attemptsMade } of store.list()) all.push([id, state, attemptsMade]);
  await store.close();
  return all;
}

/** The first wait is a third of a second, the second one seven. */
const SCALE = ['--time-scale', '10'];
/** The first wait is half a minute: time enough to do something in it. */
const SLOW = ['--time-scale', '0.1'];
const sending = (url: string, path: string, scale = SLOW) => [
  ...['send', 'inquiry.approved', '--to', url, '--journal', path, ...scale],
];

/** A journal with one delivery that has failed once and waits. */
async function interrupted(url: string, path: string): Promise<void> {
  const over = new AbortController();
  const run = await runCli(sending(url, path), {
    interrupted: over.signal,
    onOutput: (stdout) => {
      if (stdout.includes('next in')) over.abort();
    },
  });
  expect(run.code).toBe(130);
}

describe('on SIGHUP', () => {
  test.each(['send', 'resume'])(
    '%s reads the webhook file again, and what is disabled there fails',
    async (command) => {
      await using folder = await temporaryFolder();
      await using receiver = await refusing(9);
      const path = `${folder.path}/j.db`;
      const webhook = { url: receiver.url, secret: DEVELOPMENT_SECRET };
      const write = (status: string) => folder.write('webhook.json', JSON.stringify({ ...webhook, status }));
      const file = await write('enabled');
      const send = [
        'send',
        'inquiry.created',
        'inquiry.approved',
        '--webhook',
        file,
        '--journal',
        path,
        ...SCALE,
      ];
      if (command === 'resume') {
        await using first = spawnCli(send);
        await first.until('inquiry.approved  evt_');
        first.kill('SIGINT');
        await first.ended;
      }
      await using run = spawnCli(command === 'send' ? send : ['resume', '--journal', path, ...SCALE]);
      await run.until(command === 'send' ? 'inquiry.approved  evt_' : 'd2 inquiry.approved');
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

  test('a file that cannot be read stops nothing', async () => {
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
  ])('%s ends what waits', async (_, command, state, code) => {
    await using folder = await temporaryFolder();
    await using receiver = await refusing(9);
    const path = `${folder.path}/j.db`;
    await interrupted(receiver.url, path);
    await using run = spawnCli(['resume', '--journal', path, ...SCALE]);
    await run.until('next in');
    const asked = await runCli([...command, '--journal', path]);
    expect(asked).toMatchObject({ code: 0, stderr: '' });
    expect(asked.stdout).toContain('within a second');
    expect(await run.ended).toMatchObject({ code, signal: null });
    expect(await states(path)).toEqual([['d1', state, 2]]);
  });

  test('resend is sent by it', async () => {
    await using folder = await temporaryFolder();
    await using receiver = await refusing(2);
    const path = `${folder.path}/j.db`;
    await interrupted(receiver.url, path);
    await using run = spawnCli(['resume', '--journal', path, ...SCALE]);
    await run.until('next in');
    const asked = await runCli(['resend', 'd1', '--journal', path]);
    expect(asked.stdout).toContain('a running hookcast resume sends it within a second');
    await run.until('d2 inquiry.approved completed');
    run.kill('SIGINT');
    await run.ended;
    expect(await states(path)).toEqual([
      ['d1', 'pending', 2],
      ['d2', 'completed', 1],
    ]);
  });
});

test('a resend while send holds the journal is left for the next resume, and both say so', async () => {
  await using folder = await temporaryFolder();
  await using receiver = await refusing(1);
  const path = `${folder.path}/j.db`;
  await using run = spawnCli(sending(receiver.url, path));
  await run.until('next in');
  const asked = await runCli(['resend', 'd1', '--journal', path]);
  expect(asked.stdout).toContain(`else run hookcast resume --journal`);
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
])('without a run %s does it at once', async (_, command, said, after) => {
  await using folder = await temporaryFolder();
  await using receiver = await refusing(1);
  const path = `${folder.path}/j.db`;
  await interrupted(receiver.url, path);
  const run = await runCli([...command, '--journal', path]);
  expect(run.stdout).toContain(said);
  expect(run.code).toBe(0);
  expect(await states(path)).toEqual(after);
});

describe('one process at a time', () => {
  test('a second resume is refused with the pid of the first, and --wait waits for it', async () => {
    await using folder = await temporaryFolder();
    await using receiver = await refusing(2);
    const path = `${folder.path}/j.db`;
    await interrupted(receiver.url, path);
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

  test('--wait ends with Ctrl-C', async () => {
    await using folder = await temporaryFolder();
    await using receiver = await refusing(9);
    const path = `${folder.path}/j.db`;
    await using first = spawnCli(sending(receiver.url, path));
    await first.until('next in');
    await using waiting = spawnCli(['resume', '--journal', path, '--wait']);
    await waiting.until('waiting for process');
    waiting.kill('SIGINT');
    expect(await waiting.ended).toMatchObject({ code: 130, stdout: '' });
  });

  test('whoever is killed holds it no more', async () => {
    await using folder = await temporaryFolder();
    await using receiver = await refusing(1);
    const path = `${folder.path}/j.db`;
    await using first = spawnCli(sending(receiver.url, path));
    await first.until('next in');
    first.kill('SIGKILL');
    await first.ended;
    const run = await runCli(['resume', '--journal', path, '--time-scale', 'instant']);
    expect(run.stdout).toContain('1 completed');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(existsSync(`${path}-lock`)).toBe(false);
  });
});

test('a process ends when its journal is removed, and nothing keeps it up', async () => {
  await using folder = await temporaryFolder();
  await using receiver = await refusing(9);
  const path = `${folder.path}/j.db`;
  await using run = spawnCli(sending(receiver.url, path, []));
  await run.until('next in');
  rmSync(path);
  expect(await run.ended).toMatchObject({ code: 3, signal: null });
  expect(receiver.received).toHaveLength(1);
});

test('an attempt without an outcome is under way while a process holds the journal, and interrupted after that', async () => {
  await using folder = await temporaryFolder();
  await using receiver = await startReceiver({
    secrets: [new Secret(DEVELOPMENT_SECRET)],
    script: parseScript('hang'),
  });
  const path = `${folder.path}/j.db`;
  await using run = spawnCli(sending(receiver.url, path));
  await run.until('to http');
  const shows = async (command: string[]) => (await runCli([...command, '--journal', path])).stdout;
  await vi.waitUntil(async () => (await shows(['deliveries'])).includes('  under way  '), 15_000);
  expect(await shows(['delivery', 'd1'])).toContain('an attempt is under way');
  run.kill('SIGKILL');
  await run.ended;
  expect(await shows(['deliveries'])).toContain('  interrupted  ');
  expect(await shows(['delivery', 'd1'])).toContain(
    'interrupted in an attempt: hookcast resume makes it again',
  );
});
