import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readProject } from '../../src/cli/project/read.ts';
import { LANGUAGES } from '../../src/cli/init/languages.ts';
import { diskFiles } from '../../src/fixture/files.ts';
import { loadWebhook } from '../../src/webhook/load.ts';
import { runCli } from '../helpers/run-cli.ts';
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
