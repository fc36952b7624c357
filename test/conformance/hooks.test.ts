import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandHook } from '../../src/conformance/hooks.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

test('a hook runs its command in the shell', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'out');
  await commandHook('restart', `printf ran > '${file}'`)();
  expect(await readFile(file, 'utf8')).toBe('ran');
});

test('a hook may leave a receiver running that holds its output', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'pid');
  await commandHook('restart', `sleep 300 & printf $! > '${file}'`, { timeoutMs: 60_000 })();
  process.kill(Number(await readFile(file, 'utf8')));
});

test.each([
  ['exit 4', undefined, "the hook restart: 'exit 4' ended with exit code 4"],
  ['echo no; echo port taken >&2; exit 1', undefined, 'ended with exit code 1 (port taken)'],
  ['exec sleep 30', 20, "the hook restart: 'exec sleep 30' did not end within 20 ms"],
])('a hook that fails (%s) says why', async (command, timeoutMs, message) => {
  const error: unknown = await commandHook(
    'restart',
    command,
    timeoutMs === undefined ? {} : { timeoutMs },
  )().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'HOOK', hook: 'restart', message: expect.stringContaining(message) });
});
