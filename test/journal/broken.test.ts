import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, linkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { openJournalStore } from '../../src/journal/sqlite/journal-store.ts';
import { openJournal } from '../../src/journal/sqlite/open-journal.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { runCli } from '../helpers/run-cli.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const LARGE = Buffer.alloc(60_000, 'x');

/** A receiver that answers 500 at length until it is `mended`, and calls `onRequest` before each answer. */
async function receiver(onRequest: (count: number) => void = () => undefined) {
  const seen: string[] = [];
  const state = { isMended: false };
  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await buffer(request).catch(() => Buffer.alloc(0));
    const id = /evt_\w{24}/.exec(body.toString())?.[0] ?? '';
    seen.push(`${id} ${String(request.headers['persona-webhook-attempts-made'])}`);
    onRequest(seen.length);
    response.statusCode = state.isMended ? 200 : 500;
    response.end(state.isMended ? 'ok' : LARGE);
  };
  const server = createServer((request, response) => void listener(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    seen,
    mend: () => (state.isMended = true),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Every attempt that the journal knows of, in the words of the receiver. */
async function written(path: string): Promise<string[]> {
  const store = openJournalStore(path);
  const all: string[] = [];
  for await (const { id } of store.list()) {
    const { eventId, attempts } = (await store.find(id))!;
    all.push(...attempts.map(({ attempt }) => `${eventId} ${attempt}`));
  }
  await store.close();
  return all;
}

/** Nothing arrived that is not written down: more rows than requests, of each attempt. */
function expectAllWritten(seen: readonly string[], rows: readonly string[]): void {
  const left = [...rows];
  for (const one of seen) {
    expect(left, 'a request that is not in the journal').toContain(one);
    left.splice(left.indexOf(one), 1);
  }
}

const FAST = ['--time-scale', '1000000'];
const COMMANDS: readonly (readonly [string, (path: string, url: string) => Promise<string[]>])[] = [
  [
    'send',
    (path, url) =>
      Promise.resolve([
        ...['send', 'inquiry.created', 'inquiry.completed', 'inquiry.approved', '--to', url],
        ...['--journal', path, ...FAST],
      ]),
  ],
  [
    'scenario',
    (path, url) =>
      Promise.resolve(['scenario', 'quickstart', '--to', url, '--journal', path, '--time-scale', '1000000']),
  ],
  [
    'resume',
    async (path, url) => {
      const journal = openJournal(path);
      const simulator = createSimulator({ webhook: { url }, journal });
      simulator.takeOn(
        await simulator.buildAll(['inquiry.created', 'inquiry.completed', 'inquiry.approved']),
      );
      await journal.commit();
      journal.close();
      return ['resume', '--journal', path, ...FAST];
    },
  ],
];

/** The hard link keeps what a removed file held. */
const LOSSES: readonly (readonly [string, (path: string) => void, string])[] = [
  ['removed', (path) => rmSync(path), 'the file was removed'],
  [
    'replaced',
    (path) => {
      renameSync(path, `${path}.old`);
      writeFileSync(path, 'another file');
    },
    'another file stands in its place',
  ],
];

describe.each(COMMANDS)('%s', (_, prepare) => {
  test.each(
    LOSSES.flatMap(([name, lose, reason]) => [1, 2, 5].map((nth) => [name, nth, lose, reason] as const)),
  )('stops when the journal is %s in request %i', async (_name, nth, lose, reason) => {
    await using folder = await temporaryFolder();
    const path = `${folder.path}/j.db`;
    await using target = await receiver((count) => {
      if (count !== nth) return;
      linkSync(path, `${path}.kept`);
      lose(path);
    });
    const run = await runCli(await prepare(path, target.url));
    expect(run.stderr.split('\n').filter((line) => line.includes('error:'))).toEqual([
      `error: ${path}: ${reason}; stopped before the next request, nothing left unwritten`,
    ]);
    expect(run.code).toBe(3);
    if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${path}.kept-wal`);
    expectAllWritten(target.seen, await written(`${path}.kept`));
  });

  test('stops when the journal is removed during a wait', async () => {
    await using folder = await temporaryFolder();
    const path = `${folder.path}/j.db`;
    await using target = await receiver();
    let isRemoved = false;
    const argv = (await prepare(path, target.url)).map((word) => (word === '1000000' ? '100' : word));
    const run = await runCli(argv, {
      onOutput: () => {
        if (!isRemoved) rmSync(path);
        isRemoved = true;
      },
    });
    expect(run.stderr).toContain(`error: ${path}: the file was removed;`);
    expect(run.code).toBe(3);
  });
});

const canMount = tryToMount();
const orSkipped = canMount ? '' : ' (skipped: no permission to mount a small disk)';

function tryToMount(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', '-o', 'size=1m', 'none', '/mnt'], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

/** A disk of its own, of one megabyte. */
async function smallDisk() {
  const folder = await temporaryFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', folder.path]);
  let mounts = 1;
  return {
    path: folder.path,
    /** Ends in a read-only view of itself. */
    protect: () => {
      execFileSync('mount', ['--bind', folder.path, folder.path]);
      mounts += 1;
      execFileSync('mount', ['-o', 'remount,bind,ro', folder.path]);
    },
    [Symbol.asyncDispose]: async () => {
      for (; mounts > 0; mounts -= 1) execFileSync('umount', ['-l', folder.path]);
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe.skipIf(!canMount)(`on a small disk${orSkipped}`, () => {
  test.each(COMMANDS)(
    '%s stops when the disk is full, and continues when there is room',
    async (_, prepare) => {
      await using disk = await smallDisk();
      const path = `${disk.path}/j.db`;
      await using target = await receiver();
      const argv = await prepare(path, target.url);
      writeFileSync(`${disk.path}/filler`, Buffer.alloc(400_000));
      const run = await runCli(argv);
      expect(run.stderr.split('\n').filter((line) => line.includes('error:'))).toEqual([
        `error: ${path}: the disk is full; stopped before the next request, nothing left unwritten`,
      ]);
      expect(run.code).toBe(3);
      rmSync(`${disk.path}/filler`);
      expect(target.seen.length).toBeGreaterThan(0);
      expectAllWritten(target.seen, await written(path));
      target.mend();
      const again = await runCli(['resume', '--journal', path, ...FAST]);
      expect(again.stderr).toBe('');
      expect(again.code).toBe(0);
      expectAllWritten(target.seen, await written(path));
    },
  );

  test.each([
    [
      'is full',
      (path: string) => writeFileSync(`${path}/filler`, Buffer.alloc(2_000_000)),
      'the disk is full',
    ],
    ['is read-only', undefined, 'no permission to write it'],
  ])('nothing is sent when it %s', async (_, fill, reason) => {
    await using disk = await smallDisk();
    await using target = await receiver();
    const path = `${disk.path}/j.db`;
    const [, prepare] = COMMANDS[2]!;
    const resume = await prepare(path, target.url);
    try {
      fill?.(disk.path);
    } catch {
      // As full as it can be.
    }
    if (fill === undefined) disk.protect();
    const send = ['send', 'inquiry.created', '--to', target.url, '--journal', `${disk.path}/new.db`];
    for (const argv of [resume, send]) {
      const run = await runCli(argv);
      expect(run.stderr).toMatch(new RegExp(`^error: .*: ${reason}; .*\n$`));
      expect(run.code).toBe(3);
    }
    expect(target.seen).toEqual([]);
    // Looking needs no room.
    const list = await runCli(['deliveries', '--journal', path]);
    expect(list.stdout.match(/pending/g)).toHaveLength(3);
  });
});
