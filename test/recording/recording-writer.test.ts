import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openRecording } from '../../src/recording/write/recording-writer.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const LINE = '{"type":"recording"}';

test('appends whole lines in order, to a file that only its owner can read', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/r.ndjson`;
  for (const round of [1, 2]) {
    const writer = await openRecording(path);
    await Promise.all([writer.append(LINE), writer.append(`{"type":"recording","round":${round}}`)]);
    await writer.close();
  }
  const text = await readFile(path, 'utf8');
  expect(text.split('\n').map((line) => line.slice(19))).toEqual([
    '}',
    ',"round":1}',
    '}',
    ',"round":2}',
    '',
  ]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test.each([
  ['another file', 'hello\n', 'a file of that name exists and is not a recording; choose another'],
  [
    'a line that is cut',
    `${LINE}\n{"ty`,
    'its last line is cut off; remove that line, or record into another file',
  ],
])('%s is left alone', async (_, content, message) => {
  await using folder = await temporaryFolder();
  const path = await folder.write('r.ndjson', content);
  await expect(openRecording(path)).rejects.toThrow(message);
  expect(await readFile(path, 'utf8')).toBe(content);
});

test('a folder that is not there', async () => {
  await using folder = await temporaryFolder();
  await expect(openRecording(`${folder.path}/none/r`)).rejects.toThrow(
    'the folder to write it into does not exist',
  );
});

test.skipIf(!existsSync('/dev/full'))('a full disk is a HookcastError, each time', async () => {
  const writer = await openRecording('/dev/full');
  await expect(writer.append(LINE)).rejects.toThrow('/dev/full: the disk is full');
  await expect(writer.append(LINE)).rejects.toThrow('/dev/full: the disk is full');
  await writer.close();
});
