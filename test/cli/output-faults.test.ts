import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/signing/sign.ts';
import { parseScript } from '../../src/receiver/reaction.ts';
import { startReceiver } from '../../src/receiver/start-receiver.ts';
import { openJournalStore } from '../../src/journal/sqlite/journal-store.ts';
import { shown } from '../helpers/run-cli.ts';
import { BIN } from '../helpers/spawn-cli.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const SECRET = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';
const HOOKCAST = `'${process.execPath}' '${BIN}'`;
const receiver = (script: string) =>
  startReceiver({ secrets: [new Secret(SECRET)], script: parseScript(script) });

/** Runs a line of the shell, bash's `pipefail` and `PIPESTATUS` included. */
async function shell(line: string) {
  const child = spawn('bash', ['-c', line], {
    env: { ...process.env, PERSONA_WEBHOOK_SECRET: SECRET, HOOKCAST_JOURNAL: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code, signal, stdout, stderr };
}

const has = (command: string) => {
  try {
    execFileSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

describe.skipIf(!existsSync('/dev/full'))('a full disk', () => {
  test('under stdout is reported in one line, with exit code 3', async () => {
    const run = await shell(`${HOOKCAST} show inquiry.approved --seed 1 > /dev/full`);
    expect(run).toEqual({
      ...{ code: 3, signal: null, stdout: '' },
      stderr: expect.stringMatching(/^repeat with: .*\nerror: output cannot be written: the disk is full\n$/),
    });
  });

  test('under stdout leaves the journal whole, and says what is pending', async () => {
    await using target = await receiver('500');
    await using folder = await temporaryFolder();
    const journal = `${folder.path}/j.db`;
    const run = await shell(
      `${HOOKCAST} send inquiry.approved --to ${target.url} --journal ${journal} > /dev/full`,
    );
    expect(shown({ ...run, code: run.code ?? -1 }, { [folder.path]: 'FOLDER' })).toMatchInlineSnapshot(`
      "error: output cannot be written: the disk is full
      1 delivery is pending; continue with: hookcast resume --journal 'FOLDER/j.db'
      exit code 3
      "
    `);
    const store = openJournalStore(journal);
    const states = [];
    for await (const { state } of store.list()) states.push(state);
    await store.close();
    expect(states).toEqual(['pending']);
  });

  test('under stderr does not stop the run, which ends with exit code 3', async () => {
    await using target = await receiver('200');
    // An entry that matches nothing is warned of, on stderr.
    const send = `${HOOKCAST} send inquiry.approved --to ${target.url} --block no-such-attribute`;
    const run = await shell(`${send} 2> /dev/full`);
    expect(run).toMatchObject({
      code: 3,
      stderr: '',
      stdout: expect.stringContaining('completed after 1 attempt'),
    });
  });

  test('under a report ends the run with exit code 3', async () => {
    await using target = await receiver('200');
    await using folder = await temporaryFolder();
    const link = `${folder.path}/full.json`;
    const run = await shell(
      `ln -s /dev/full ${link}; ${HOOKCAST} load --to ${target.url} --count 1 --quiet --report ${link}`,
    );
    expect(run).toMatchObject({ code: 3, stdout: '', stderr: `error: ${link}: the disk is full\n` });
  });
});

describe('a reader that closes its end of a pipe early', () => {
  test('does not change the exit code of a failed run', async () => {
    await using target = await receiver('500');
    const send = `${HOOKCAST} send inquiry.approved --to ${target.url} --time-scale instant`;
    const run = await shell(`${send} | head -1 > /dev/null; exit \${PIPESTATUS[0]}`);
    expect(run).toMatchObject({ code: 1, signal: null });
    expect(target.received).toHaveLength(9);
  });

  test('ends a list without an error', async () => {
    const run = await shell(`${HOOKCAST} events --all --json | head -1; exit \${PIPESTATUS[0]}`);
    expect(run).toEqual({ code: 0, signal: null, stdout: '[\n', stderr: '' });
  });

  test('on stderr does not stop the run', async () => {
    await using target = await receiver('200');
    const run = await shell(`${HOOKCAST} send inquiry.approved --to ${target.url} 2> >(true)`);
    expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('completed after 1 attempt') });
  });

  test('may close both streams without an error', async () => {
    expect(await shell(`${HOOKCAST} schedule >&- 2>&- <&-`)).toMatchObject({
      code: 0,
      stdout: '',
      stderr: '',
    });
  });
});

/** Runs hookcast on a terminal of its own, closes the terminal when `text` is on it, and prints how hookcast ended. */
const ON_TERMINAL = `
import os, pty, sys, time
text, argv = sys.argv[1].encode(), sys.argv[2:]
pid, master = pty.fork()
if pid == 0:
    os.execv(argv[0], argv)
seen = b''
while text not in seen:
    seen += os.read(master, 65536)
os.close(master)
_, status = os.waitpid(pid, 0)
print('signal', os.WTERMSIG(status)) if os.WIFSIGNALED(status) else print('exit', os.WEXITSTATUS(status))
`;

describe.skipIf(!has('python3'))('a terminal that is closed', () => {
  test.each([
    ['with a webhook file, which reads it again at SIGHUP,', true],
    ['without a webhook file', false],
  ])('ends a run %s by SIGHUP and leaves the journal whole', async (_, hasFile) => {
    await using target = await receiver('500,200');
    await using folder = await temporaryFolder();
    const file = await folder.write('w.json', JSON.stringify({ url: target.url, secret: SECRET }));
    const journal = `${folder.path}/j.db`;
    const flags = hasFile ? ['--webhook', file] : ['--to', target.url];
    const argv = [process.execPath, BIN, 'send', 'inquiry.approved', ...flags, '--journal', journal];
    const child = spawn('python3', ['-c', ON_TERMINAL, '1 of 9', ...argv], {
      env: { ...process.env, PERSONA_WEBHOOK_SECRET: SECRET },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (out += text));
    await once(child, 'close');
    expect(out).toBe('signal 1\n');
    const store = openJournalStore(journal);
    const found = [];
    for await (const { state } of store.list()) found.push(state);
    await store.close();
    expect(['pending', 'completed']).toContain(found[0]);
  });
});
