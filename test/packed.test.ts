import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { nodeSqlite } from '../src/journal/sqlite/driver/node-sqlite.ts';
import { startReceiver } from '../src/receiver/start-receiver.ts';
import { Secret } from '../src/signing/sign.ts';
import { temporaryFolder } from './helpers/temporary-folder.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const SECRET = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';

test('the packed command runs with nothing else installed', async () => {
  await using receiver = await startReceiver({ secrets: [new Secret(SECRET)] });
  await using folder = await temporaryFolder();
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder.path];
  const [{ filename }] = JSON.parse((await run('npm', pack, { cwd: root })).stdout) as [{ filename: string }];
  await run('tar', ['-xzf', filename], { cwd: folder.path });
  const packed = join(folder.path, 'package', 'bin', 'hookcast.js');
  const send = [packed, 'send', 'inquiry.approved', '--to', receiver.url, '--secret', SECRET];
  expect((await run(process.execPath, send)).stdout).toContain('completed after 1 attempt\n');
  expect((await run(process.execPath, [packed, 'schedule'])).stdout).toContain('persona-2022');
  const journal = `${folder.path}/j.db`;
  const kept = run(process.execPath, [...send, '--journal', journal]);
  // Where Node has an SQLite of its own nothing is missing.
  if (nodeSqlite() !== undefined) expect((await kept).stdout).toContain('completed after 1 attempt\n');
  else await expect(kept).rejects.toMatchObject({ code: 2, stderr: WITHOUT_SQLITE });
  expect(existsSync(journal)).toBe(nodeSqlite() !== undefined);
});

const WITHOUT_SQLITE = `error: a journal needs SQLite, which Node ${process.versions.node} does not have: use Node 22.16 or later, or npm install libsql\n`;

test('the package holds what it needs and nothing else', async () => {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root });
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  const folders = new Set(files.map(({ path }) => path.split('/')[0]));
  expect([...folders].sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'bin',
    'dist',
    'docs', // For `conform --explain`, and what the sandbox's 501 names.
    'fixtures',
    'package.json',
  ]);
  const paths = files.map(({ path }) => path);
  expect(paths.filter((path) => /^dist\/(cli\/|\.)|^docs\/(?!checks\/|coverage\.md$)/.test(path))).toEqual(
    [],
  );
  expect(paths).toEqual(
    expect.arrayContaining([
      'dist/library/index.js',
      'dist/index.d.ts',
      'dist/command/start.cjs',
      'dist/THIRD-PARTY-LICENCES.txt',
      'dist/fixtures/inquiry.approved.json',
      'bin/package.json',
      'docs/coverage.md',
      'bin/hookcast.js',
      'fixtures/inquiry.approved.json',
    ]),
  );
});
