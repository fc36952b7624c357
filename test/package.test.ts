import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { bundledFixtures } from '../src/fixture/files.ts';
import { loadFixture } from '../src/fixture/load.ts';
import { Secret } from '../src/signing/sign.ts';
import { startReceiver } from '../src/receiver/start-receiver.ts';
import { expectSame } from './helpers/expect-same.ts';
import { partOf } from './helpers/sample.ts';
import { SEED } from './helpers/seed.ts';

const run = promisify(execFile);
const bin = fileURLToPath(new URL('../bin/hookcast.js', import.meta.url));
const SECRET = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';

test('the build is there (npm test makes it first)', () => {
  expect(existsSync(new URL('../dist/library/index.js', import.meta.url))).toBe(true);
});

describe('the built command', () => {
  test('delivers, prints plain text without a terminal, and ends with the right exit code', async () => {
    await using receiver = await startReceiver({ secrets: [new Secret(SECRET)] });
    const argv = [bin, 'send', 'inquiry.approved', '--to', receiver.url, '--secret', SECRET];
    const { stdout } = await run(process.execPath, argv, {
      env: { ...process.env, FORCE_COLOR: '3', NO_COLOR: '1' },
    });
    expect(stdout).toContain('completed after 1 attempt\n');
    expect(stdout).not.toContain('\u001b');
    expect(receiver.received[0]?.verification.kind).toBe('valid');
  });

  test('reports a mistake on stderr with exit code 2', async () => {
    const failure = await run(process.execPath, [bin, 'send', 'nonsense']).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 2, stdout: '' });
  });
});

test('the build puts fixtures together to the byte', async () => {
  const built = bundledFixtures();
  const names = partOf(built.names, { part: SEED, of: 4 });
  const directory = fileURLToPath(new URL('../dist/fixtures', import.meta.url));
  const [sources, resolved] = await Promise.all(
    [undefined, directory].map((resolvedDirectory) =>
      Promise.all(names.map((name) => loadFixture(name, { ...built, resolvedDirectory }))),
    ),
  );
  expectSame(resolved, sources);
});
