import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile, mkdir, symlink } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/signing/sign.ts';
import { startReceiver } from '../../src/receiver/start-receiver.ts';
import { freePort } from '../helpers/free-port.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');
const script = `${root}/tools/action/run.mjs`;
const { conformArguments, hookcast, words } = (await import(script)) as {
  conformArguments: (input: (name: string) => string) => string[];
  hookcast: (folder: string, version: string) => string[];
  words: (text: string) => string[];
};
const SECRET = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';
const REPORTS = [
  ...['--report', 'html=hookcast-report/report.html', '--report', 'json=hookcast-report/report.json'],
  ...['--report', 'junit=hookcast-report/junit.xml'],
];

describe('action.yml', () => {
  const text = readFileSync(`${root}/action.yml`, 'utf8');

  test('hands every input to the script as a variable, and never into a shell', () => {
    const inputs = [...(/\ninputs:\n(.*?)\noutputs:/s.exec(text)?.[1] ?? '').matchAll(/^ {2}([\w-]+):$/gm)];
    const names = inputs.map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(10);
    const handed = [...text.matchAll(/INPUT_([A-Z_]+): \$\{\{ inputs\.([\w-]+) \}\}/g)].map(
      ([, variable, name]) => {
        expect(variable).toBe(name?.toUpperCase().replaceAll('-', '_'));
        return name;
      },
    );
    expect([...handed, 'artifact'].sort()).toEqual(names.sort());
    const commands = [...text.matchAll(/^ +run: (.*)$/gm)].map(([, command]) => command);
    expect(commands).toEqual(['node "$GITHUB_ACTION_PATH/tools/action/run.mjs"']);
  });
});

describe('the arguments of conform', () => {
  test.each<[Record<string, string>, string[]]>([
    [{ to: 'http://a/' }, ['--to', 'http://a/', ...REPORTS]],
    [{ to: 'a=http://a/\n  b=http://b/\n' }, ['--to', 'a=http://a/', '--to', 'b=http://b/', ...REPORTS]],
    [
      { to: 'http://a/', only: 'SIG-*, raw-body\nTIME', skip: 'SIG-08', profile: 'strict', strict: 'true' },
      ['--to', 'http://a/', '--only', 'SIG-*,raw-body,TIME', '--skip', 'SIG-08']
        .concat(['--profile', 'strict', '--strict'])
        .concat(REPORTS),
    ],
    [
      {
        to: 'http://a/',
        webhook: 'w.json',
        baseline: 'b.json',
        'oracle-url': 'http://o/',
        'wait-for': '30s',
      },
      ['--to', 'http://a/', '--webhook', 'w.json', '--baseline', 'b.json', '--oracle-url', 'http://o/']
        .concat(['--wait-for', '30s'])
        .concat(REPORTS),
    ],
    [{ to: 'http://a/$(touch x)`y`; z' }, ['--to', 'http://a/$(touch x)`y`; z', ...REPORTS]],
  ])('%j', (inputs, expected) => {
    expect(conformArguments((name) => inputs[name] ?? '')).toEqual(['conform', ...expected]);
  });

  test('need a receiver', () => {
    expect(() => conformArguments(() => '')).toThrow(
      'the input "to" is empty: give the URL of your receiver',
    );
  });
});

test.each([
  ['node server.js', ['node', 'server.js']],
  [
    `node  'my server.js' --name "a \\"b\\"" c\\ d ''`,
    ['node', 'my server.js', '--name', 'a "b"', 'c d', ''],
  ],
  ['  ', []],
])('words of %j', (text, expected) => expect(words(text)).toEqual(expected));

test('a quote without its end is named', () => {
  expect(() => words('node "server.js')).toThrow('the input "start" has a " without its end');
});

test('the version is never a command', () => {
  expect(hookcast(root, '0.1.0')).toEqual(['npx', '--yes', 'hookcast@0.1.0']);
  expect(() => hookcast(root, 'latest; rm')).toThrow('the input "version" is not a version: latest; rm');
});

describe('a run', () => {
  test("starts the receiver, uses the project's own hookcast, writes the reports and the exit code", async () => {
    await using folder = await project();
    await folder.write('server.mjs', serverScript());
    const port = await freePort();
    const run = await runAction(folder.path, {
      INPUT_TO: `http://127.0.0.1:${port}/`,
      INPUT_SECRET: SECRET,
      INPUT_START: `"${process.execPath}" server.mjs ${port}`,
      INPUT_WAIT_FOR: '20s',
      INPUT_ONLY: 'ACK-01,SIG-01',
      INPUT_REPORTS: 'reports',
    });
    expect({ code: run.code, output: run.output }).toEqual({ code: 1, output: 'exit-code=1\n' });
    expect(run.stdout).not.toContain(SECRET);
    const report = JSON.parse(await readFile(`${folder.path}/reports/report.json`, 'utf8')) as {
      receivers: { checks: { id: string; verdict: string }[] }[];
    };
    expect(report.receivers[0]?.checks.map(({ id }) => id)).toEqual(['ACK-01', 'SIG-01']);
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });

  test('passes with a right receiver', async () => {
    await using receiver = await startReceiver({ secrets: [new Secret(SECRET)] });
    await using folder = await project();
    const run = await runAction(folder.path, {
      INPUT_TO: receiver.url,
      INPUT_SECRET: SECRET,
      INPUT_ONLY: 'ACK-01',
    });
    expect({ code: run.code, output: run.output }).toEqual({ code: 0, output: 'exit-code=0\n' });
  });

  test('names a missing input', async () => {
    await using folder = await project();
    const run = await runAction(folder.path, {});
    expect(run.stdout).toBe(
      '::error title=hookcast::the input "to" is empty: give the URL of your receiver\n',
    );
    expect(run.code).toBe(2);
  });
});

/** A folder with hookcast in its node_modules. */
async function project() {
  const folder = await temporaryFolder();
  await mkdir(`${folder.path}/node_modules`);
  await symlink(root, `${folder.path}/node_modules/hookcast`);
  return folder;
}

/** A receiver that checks nothing. */
function serverScript(): string {
  return `import { createServer } from 'node:http';
createServer((request, response) => request.resume().on('end', () => response.end())).listen(+process.argv[2], '127.0.0.1');`;
}

async function runAction(cwd: string, inputs: Record<string, string>) {
  const { PATH } = process.env;
  const env = { PATH, HOME: cwd, GITHUB_OUTPUT: `${cwd}/output`, ...inputs };
  const { code, stdout } = await new Promise<{ code: number; stdout: string }>((resolve) => {
    const done = (error: Error | null, out: string) =>
      resolve({ code: error ? Number((error as { code?: number }).code) : 0, stdout: out });
    execFile(process.execPath, [script], { cwd, env }, done);
  });
  const output = await readFile(`${cwd}/output`, 'utf8').catch(() => '');
  return { code, stdout, output };
}
