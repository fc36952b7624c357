import { chmod, link, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { isHeld } from '../../src/journal/sqlite/lock.ts';
import { openJournal } from '../../src/journal/sqlite/open-journal.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

test.each([
  ['the file itself', (path: string) => Promise.resolve(path)],
  ['a symbolic link', async (path: string) => (await symlink(path, `${path}.link`), `${path}.link`)],
  ['a hard link', async (path: string) => (await link(path, `${path}.hard`), `${path}.hard`)],
  ['the file without its lock', async (path: string) => (await rm(`${path}-lock`), path)],
])('a journal is held by one process at a time, even through %s', async (_, otherWay) => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  const journal = openJournal(path);
  const other = await otherWay(path);
  expect(isHeld(other)).toBe(true);
  expect(() => openJournal(other)).toThrow('is working on this journal');
  journal.close();
  expect(isHeld(other)).toBe(false);
  openJournal(other).close();
});

test.each([
  ['a new file', () => Promise.resolve()],
  ['a dangling link', (path: string) => symlink(`${path}.target`, path)],
  [
    'a file with wide rights',
    async (path: string) => {
      openJournal(path).close();
      await chmod(path, 0o666);
    },
  ],
  [
    'an empty file with wide rights',
    async (path: string) => {
      await writeFile(path, '');
      await chmod(path, 0o666);
    },
  ],
])('%s is readable by its owner only', async (_, prepare) => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  await prepare(path);
  const umask = process.umask(0);
  try {
    openJournal(path).close();
  } finally {
    process.umask(umask);
  }
  expect(await modeOf(path)).toBe(0o600);
});

test('a file that is not a journal keeps its permissions', async () => {
  await using folder = await temporaryFolder();
  const path = await folder.write('notes.txt', 'a text of some length, and not a journal at all');
  await chmod(path, 0o644);
  expect(() => openJournal(path)).toThrow('not a hookcast journal');
  expect(await modeOf(path)).toBe(0o644);
});

test('a folder and an empty name are refused', async () => {
  await using folder = await temporaryFolder();
  expect(() => openJournal(folder.path)).toThrow('this is a folder or a device, not a journal; name a file');
  expect(() => openJournal('')).toThrow("the journal's file name is empty");
});
