import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parseScript } from '../../src/receiver/reaction.ts';
import { startReceiver, type Receiver } from '../../src/receiver/start-receiver.ts';
import { Secret } from '../../src/signing/sign.ts';
import { httpServer } from '../helpers/servers.ts';
import { runCli } from '../helpers/run-cli.ts';
import { temporaryFolder, type TemporaryFolder } from '../helpers/temporary-folder.ts';

const SECRET = 'wbhsec_0a1b2c3d-very-secret';
const API_KEY = 'key-of-my-receiver';
const HIDDEN = [SECRET, API_KEY];

const refusingOnce = () => startReceiver({ secrets: [new Secret(SECRET)], script: parseScript('500,200') });

/** A delivery that failed once, and was interrupted. */
async function interrupted({ url }: Receiver, folder: TemporaryFolder, flags: readonly string[]) {
  const path = `${folder.path}/j.db`;
  const stop = new AbortController();
  const headers = ['--header', `X-Api-Key: ${API_KEY}`, '--header', 'X-Team: blue'];
  const argv = ['send', 'inquiry.approved', '--to', url, '--secret', SECRET, '--journal', path];
  const onOutput = (text: string) => {
    if (text.includes('next in')) stop.abort(new Error('interrupted'));
  };
  const options = { interrupted: stop.signal, onOutput };
  expect((await runCli([...argv, ...headers, ...flags], options)).code).toBe(130);
  return path;
}

/** What of the hidden is in any file beside the journal, or in it. */
async function found(folder: TemporaryFolder): Promise<string[]> {
  const files = await Promise.all(
    (await readdir(folder.path)).map((name) => readFile(`${folder.path}/${name}`)),
  );
  return HIDDEN.filter((hidden) => files.some((bytes) => bytes.includes(hidden)));
}

const RESUME = ['resume', '--time-scale', 'instant', '--journal'];

test('the journal holds secrets with --store-secrets, and resume needs none', async () => {
  await using folder = await temporaryFolder();
  await using receiver = await refusingOnce();
  const path = await interrupted(receiver, folder, ['--store-secrets']);
  expect(await found(folder)).toEqual(HIDDEN);
  expect(await runCli([...RESUME, path])).toMatchObject({ code: 0, stderr: '' });
  expect(receiver.received.map(({ verification }) => verification.kind)).toEqual(['valid', 'valid']);
  // What is looked at hides them still.
  const shown = await runCli(['delivery', 'd1', '--journal', path, '--json']);
  for (const hidden of HIDDEN) expect(shown.stdout).not.toContain(hidden);
});

test.each([
  [
    'nothing',
    [],
    'its secret came from a flag and is not kept in the journal; pass it again with --secret or --webhook',
  ],
  [
    'no header',
    ['--secret', SECRET],
    'the value of header X-Api-Key is not kept in the journal; pass it again with --header or --webhook',
  ],
])(
  'without --store-secrets no file holds them, and resume with %s says what is missing',
  async (_, flags, message) => {
    await using folder = await temporaryFolder();
    await using receiver = await refusingOnce();
    const path = await interrupted(receiver, folder, []);
    expect(await found(folder)).toEqual([]);
    const run = await runCli([...RESUME, path, ...flags]);
    expect(run.stderr).toContain(message);
    expect(run.code).toBe(2);
    expect(receiver.received).toHaveLength(1);
  },
);

test.each([
  ['the same', SECRET, API_KEY, [], 0],
  ['another secret', 'wbhsec_other', API_KEY, ['this secret is not the one'], 1],
  ['another header', SECRET, 'other', ['header X-Api-Key is not what the deliveries were begun with'], 0],
])('a resume with %s warns that they differ', async (_, secret, key, warnings, code) => {
  await using folder = await temporaryFolder();
  await using receiver = await refusingOnce();
  const path = await interrupted(receiver, folder, []);
  const given = ['--secret', secret, '--header', `X-Api-Key: ${key}`];
  const run = await runCli([...RESUME, path, ...given]);
  for (const warning of warnings) expect(run.stderr).toContain(warning);
  expect(run.stderr.split('\n').filter(Boolean)).toHaveLength(warnings.length);
  expect(run.code).toBe(code);
  expect(receiver.received[1]?.headers).toMatchObject({ 'x-api-key': key, 'x-team': 'blue' });
  expect(await found(folder)).toEqual([]);
});

test('credentials that a receiver echoes are neither stored nor shown', async () => {
  await using folder = await temporaryFolder();
  const token = 'token-of-my-receiver';
  await using receiver = await httpServer((request, response) => {
    response.setHeader('X-Seen', `${API_KEY} and ${SECRET}`).statusCode = 400;
    const text = JSON.stringify({ seen: [API_KEY, SECRET, `Bearer ${token}`, encodeURIComponent(SECRET)] });
    const bytes = Buffer.concat([Buffer.from([0xe9]), Buffer.from(text + token)]);
    request.resume().on('end', () => response.end(bytes));
  });
  const journal = ['--journal', `${folder.path}/j.db`];
  const signing = ['--secret', SECRET, '--header', `X-Api-Key: ${API_KEY}`];
  const headers = [...signing, '--header', `Authorization: Bearer ${token}`];
  const once = ['--time-scale', 'instant', '--verbose'];
  const argv = ['send', 'inquiry.approved', '--to', receiver.url.href, ...headers, ...once];
  const runs = [
    await runCli(argv),
    await runCli([...argv, ...journal]),
    await runCli(['resend', 'd1', ...headers, ...once, ...journal].filter((flag) => flag !== '--verbose')),
    await runCli(['delivery', 'd1', ...journal]),
    await runCli(['delivery', 'd1', '--json', ...journal]),
    await runCli(['delivery', 'd2', '--json', ...journal]),
    await runCli(['export', `${folder.path}/j.db`]),
  ];
  expect(runs.map(({ code }) => code)).toEqual([1, 1, 1, 0, 0, 0, 0]);
  for (const { stdout, stderr } of runs)
    for (const hidden of [...HIDDEN, token]) expect(stdout + stderr).not.toContain(hidden);
  expect(await found(folder)).toEqual([]);
  // All else that it said is there.
  expect(runs[4]?.stdout).toContain('[secret] and [secret]');
});
