import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { runCli } from '../helpers/run-cli.ts';
import { BIN } from '../helpers/spawn-cli.ts';
import { httpServer } from '../helpers/servers.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

/** The built command with stdout in a pipe. */
function piped(argv: readonly string[], env: Record<string, string>, input?: string) {
  return spawnSync(process.execPath, [BIN, ...argv], {
    // Vitest sets what colours its own output.
    env: { ...process.env, FORCE_COLOR: undefined, NO_COLOR: undefined, ...env },
    encoding: 'utf8',
    ...(input === undefined ? {} : { input }),
  });
}

describe('colours in a pipe', () => {
  test.each([
    ['none', {}, false],
    ['FORCE_COLOR=1', { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR=0', { FORCE_COLOR: '0' }, false],
    ['NO_COLOR=1 and FORCE_COLOR=1', { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ] as [string, Record<string, string>, boolean][])('%s', (_, env, isColoured) => {
    const { stdout, status } = piped(['events', 'inquiry.approved'], env);
    expect(status).toBe(0);
    expect(stdout.includes('\u001b[')).toBe(isColoured);
  });
});

describe('- as a file is standard input', () => {
  const BODY = '{"n":100.0}\r\n';

  test('for sign and verify, to the byte', async () => {
    await using folder = await temporaryFolder();
    const file = await folder.write('body.json', BODY);
    const fromFile = await runCli(['sign', file, '--at', '1764686826']);
    const fromInput = await runCli(['sign', '-', '--at', '1764686826'], { input: BODY });
    expect(fromInput.stdout).toBe(fromFile.stdout);
    const check = ['verify', '-', '--ignore-time', '--signature', fromFile.stdout.trim()];
    expect(await runCli(check, { input: BODY })).toMatchObject({ code: 0 });
    expect(await runCli(check, { input: BODY.trimEnd() })).toMatchObject({ code: 1 });
  });

  test('of the process', () => {
    const signed = piped(['sign', '-', '--at', '1764686826'], {}, BODY);
    expect(signed.status, signed.stderr).toBe(0);
    const verified = piped(['verify', '-', '--ignore-time', '--signature', signed.stdout.trim()], {}, BODY);
    expect(verified.stdout).toMatch(/^valid/);
  });
});

describe('milliseconds where seconds belong', () => {
  const MS = '1764686826000';

  test('in the t of a signature: the signature is right, and that is said', async () => {
    const { createHmac } = await import('node:crypto');
    const secret = 'wbhsec_a';
    const v1 = createHmac('sha256', secret).update(`${MS}.{}`).digest('hex');
    for (const flags of [[], ['--ignore-time']]) {
      const argv = ['verify', '-', '--secret', secret, '--signature', `t=${MS},v1=${v1}`, ...flags];
      const run = await runCli(argv, { input: '{}' });
      expect(run.code).toBe(1);
      expect(run.stdout).toBe(
        "not valid: the signature is right, but t is in milliseconds; Persona's t is in seconds\n",
      );
    }
  });

  test('in --at: refused, with the likely mistake', async () => {
    const run = await runCli(['sign', '-', '--at', MS], { input: '{}' });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('these are milliseconds?');
  });

  test.each([
    ['1', '1 character,'],
    ['12', '2 characters,'],
  ])('a v1 of %j is counted', async (v1, words) => {
    const run = await runCli(['verify', '-', '--signature', `t=1,v1=${v1}`], { input: '{}' });
    expect(run.stdout).toContain(words);
  });
});

describe('a body that is not UTF-8', () => {
  const LATIN1 = Buffer.from(
    '{"data":{"type":"event","id":"evt_1","attributes":{"name":"inquiry.approved","payload":{"n":"Zo\xeb"}}}}',
    'latin1',
  );
  const DOUBT = 'the byte 0xeb at line 1, column 96 is not UTF-8, and Persona sends UTF-8';

  test('is verified and replayed to the byte, with a warning', async () => {
    await using folder = await temporaryFolder();
    const file = await folder.write('event.json', LATIN1);
    const verified = await runCli(['verify', file, '--signature', 't=1,v1=a', '--secret', 'wbhsec_a']);
    expect(verified.stderr).toContain(`event.json: ${DOUBT}; are these the bytes that arrived?\n`);
    const bodies: Buffer[] = [];
    await using receiver = await httpServer((request, response) => {
      request.on('data', (chunk: Buffer) => bodies.push(chunk)).on('end', () => response.end());
    });
    const replayed = await runCli(['replay', file, '--to', receiver.url.href, '--time-scale', 'instant']);
    expect(replayed).toMatchObject({ code: 0 });
    expect(replayed.stderr).toContain(`event.json: ${DOUBT}; it is replayed as it is\n`);
    expect(Buffer.concat(bodies)).toEqual(LATIN1);
  });
});
