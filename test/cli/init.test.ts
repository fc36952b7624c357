import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readProject } from '../../src/cli/project/read.ts';
import { LANGUAGES } from '../../src/cli/init/languages.ts';
import { parseOracleAnswer } from '../../src/conformance/oracles.ts';
import { diskFiles } from '../../src/fixture/files.ts';
import { loadWebhook } from '../../src/webhook/load.ts';
import { runCli } from '../helpers/run-cli.ts';
import { freePort } from '../helpers/free-port.ts';
import { partOf } from '../helpers/sample.ts';
import { SEED } from '../helpers/seed.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const init = (folder: string, argv: string[] = ['--yes'], answers?: string[]) =>
  runCli(['init', '--folder', folder, ...argv], answers === undefined ? {} : { answers });

test('init writes a project from the defaults, lists the files, and names the next command', async () => {
  await using folder = await temporaryFolder();
  await folder.write('requirements.txt', '');
  expect(await init(folder.path)).toEqual({
    code: 0,
    stderr: '',
    stdout: `wrote       hookcast.json
wrote       hookcast/webhook.json
wrote       hookcast/baseline.json
wrote       hookcast/oracle.py
wrote       .github/workflows/webhooks.yml

For the checks on duplicates and order, complete hookcast/oracle.py, and:
  python3 hookcast/oracle.py
  hookcast conform --oracle-url http://127.0.0.1:3001/

Next, with your receiver running and PERSONA_WEBHOOK_SECRET set: hookcast doctor
`,
  });
});

test('init overwrites no file', async () => {
  await using folder = await temporaryFolder();
  await folder.write('hookcast.json', 'mine');
  await folder.write('.gitlab-ci.yml', 'mine');
  const { stdout, stderr, code } = await init(folder.path);
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: 'no oracle: the language of the project is not known (see docs/conformance.md)\n',
  });
  expect(stdout.split('\n').slice(0, 5)).toEqual([
    'kept        hookcast.json (it exists already)',
    'wrote       hookcast/webhook.json',
    'wrote       hookcast/baseline.json',
    'wrote       hookcast/gitlab-ci.yml',
    'kept        .gitlab-ci.yml (it exists already)',
  ]);
  for (const name of ['hookcast.json', '.gitlab-ci.yml'])
    expect(await readFile(join(folder.path, name), 'utf8')).toBe('mine');
  expect((await init(folder.path)).stdout).not.toContain('wrote');
});

test('init asks on a terminal, and repeats a question after an answer that it cannot use', async () => {
  await using folder = await temporaryFolder();
  await folder.write('package.json', '{}');
  const answers = ['localhost:4000', 'http://localhost:4000/hooks', 'none'];
  const { stderr, code } = await init(folder.path, [], answers);
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: `Where does your receiver listen? (http://127.0.0.1:3000/webhooks) ${''}
A URL that starts with http:// or https://, please.
Where does your receiver listen? (http://127.0.0.1:3000/webhooks) ${''}
A workflow for github, gitlab or none? (github) ${''}
`,
  });
  expect((await readProject(join(folder.path, 'hookcast.json'))).values.to).toBe(
    'http://localhost:4000/hooks',
  );
  expect(await readdir(folder.path)).toEqual(['hookcast', 'hookcast.json', 'package.json']);
});

test('init asks for --yes when there is no terminal', async () => {
  await using folder = await temporaryFolder();
  expect(await init(folder.path, [])).toEqual({
    code: 2,
    stdout: '',
    stderr: 'error: init asks questions, and this is not a terminal; pass --yes to take the defaults\n',
  });
  expect(await readdir(folder.path)).toEqual([]);
});

test('init says which folder cannot be written into', async () => {
  await using folder = await temporaryFolder();
  await folder.write('hookcast', 'a file');
  const { code, stderr } = await init(folder.path);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: 'error: hookcast/webhook.json: a part of this path is a file, not a folder\n',
  });
});

describe.each(LANGUAGES)('a project in $name', ({ marks, oracle, start }) => {
  test.each(marks)('is recognised by %s, and gets files that hookcast can read', async (mark) => {
    await using folder = await temporaryFolder();
    await folder.write(mark, '');
    expect(await init(folder.path)).toMatchObject({ code: 0 });
    const { values } = await readProject(join(folder.path, 'hookcast.json'));
    expect(values.secret).toEqual({ env: 'PERSONA_WEBHOOK_SECRET' });
    expect((await loadWebhook(join(folder.path, 'hookcast/webhook.json'), diskFiles)).warnings).toEqual([]);
    expect(existsSync(join(folder.path, 'hookcast', oracle.file))).toBe(true);
    const workflow = await readFile(join(folder.path, '.github/workflows/webhooks.yml'), 'utf8');
    expect(/^ *start: (.*)$/m.exec(workflow)?.[1]).toBe(JSON.stringify(start));
  });
});

describe('the oracle that init writes', () => {
  type Start = (file: string, port: number) => readonly [string, ...string[]];
  const oracles: { mark: string; file: string; start: Start; program?: string }[] = [
    { mark: 'package.json', file: 'oracle.mjs', start: (file) => [process.execPath, file] },
    { mark: 'Gemfile', file: 'oracle.rb', start: (file) => ['ruby', file] },
    { mark: 'pyproject.toml', file: 'oracle.py', start: (file) => ['python3', file] },
    { mark: 'go.mod', file: 'oracle.go', program: 'go', start: builtByGo },
    { mark: 'pom.xml', file: 'Oracle.java', program: 'java', start: (file) => ['java', file] },
    {
      ...{ mark: 'composer.json', file: 'oracle.php', program: 'php' },
      start: (file, port) => ['php', '-S', `127.0.0.1:${port}`, file],
    },
  ];
  const has = ({ program }: { program?: string }) =>
    program === undefined || spawnSync('which', [program]).status === 0;
  test.each(partOf(oracles, { part: SEED, of: 3 }).filter(has))(
    'in $file answers as conform expects',
    { timeout: 90_000 },
    async ({ mark, file, start }) => {
      await using folder = await temporaryFolder();
      await folder.write(mark, '');
      await init(folder.path);
      const port = await freePort();
      const [program, ...argv] = start(join(folder.path, 'hookcast', file), port);
      const child = spawn(program, argv, {
        env: { ...process.env, ORACLE_PORT: String(port) },
        stdio: 'ignore',
      });
      const failed = once(child, 'exit').then(([code]) =>
        Promise.reject(new Error(`ended with ${String(code)}`)),
      );
      failed.catch(() => undefined);
      try {
        const text = await Promise.race([failed, answerOf(`http://127.0.0.1:${port}/`)]);
        expect(parseOracleAnswer(text, 'oracle').processed('evt_1')).toBe(0);
      } finally {
        child.kill('SIGKILL');
      }
    },
  );
});

/** `go run` would be the parent of what listens, and outlived by it. */
function builtByGo(file: string): [string] {
  const binary = `${file}.out`;
  const { status, stderr } = spawnSync('go', ['build', '-o', binary, file], {
    env: { ...process.env, GO111MODULE: 'off' },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return [binary];
}

/** Asks until the program listens. */
async function answerOf(url: string): Promise<string> {
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    if (response !== undefined) return response.text();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
