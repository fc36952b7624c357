import { existsSync, readFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { startServer } from '../../src/server/start-server.ts';
import { version } from '../../src/text/version.ts';
import { apiClient } from '../helpers/api-client.ts';
import { httpServer } from '../helpers/servers.ts';
import { runCli, session, stable } from '../helpers/run-cli.ts';
import { spawnCli } from '../helpers/spawn-cli.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

/** Runs `hookcast serve` until `act` is done with the first line that it prints. */
async function serving(argv: readonly string[], act: (line: string) => Promise<void>) {
  const stop = new AbortController();
  let acting: Promise<void> | undefined;
  const run = await runCli(['serve', ...argv], {
    interrupted: stop.signal,
    onOutput: (stdout) => {
      if (!stdout.includes('\n')) return;
      acting ??= act(stdout.split('\n')[0] ?? '').finally(() => stop.abort(new Error('interrupted')));
    },
  });
  await acting;
  return run;
}

test('serve --json prints where it listens, then a record per attempt and delivery', async () => {
  await using receiver = await httpServer((_, response) => response.end());
  const flags = ['--port', '0', '--json', '--to', receiver.url.href];
  const run = await serving(flags, async (line) => {
    const { type, url, pid } = JSON.parse(line) as { type: string; url: string; pid: number };
    expect([type, pid]).toEqual(['listening', process.pid]);
    await fetch(`${url}/v1/deliveries?wait=settled`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"event": "inquiry.approved"}',
    });
  });
  const records = run.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(records.map(({ type, deliveryId, state }) => [type, deliveryId, state])).toEqual([
    ['listening', undefined, undefined],
    ['attempt', 'd1', undefined],
    ['delivery', 'd1', 'completed'],
  ]);
  expect(run.code).toBe(130);
});

test('serve says where it listens, where it sends to, and what to do next', async () => {
  const run = await serving(['--port', '0', '--to', 'http://127.0.0.1:9/hook'], () => Promise.resolve());
  expect(run.code).toBe(130);
  const shown = stable(`${run.stdout}${run.stderr}`).replace(/localhost:\d+/g, 'localhost:PORT');
  expect(shown).toMatchInlineSnapshot(`
    "listening on http://localhost:PORT/
      API: http://127.0.0.1:PORT/v1
      description: http://127.0.0.1:PORT/openapi.json
      Persona's API: http://127.0.0.1:PORT/api/v1
      as a base URL without a path: http://127.0.0.1:PORT
    signing with the development secret wbhsec_00000000-dead-4000-8000-00000000beef: give it to your receiver, or pass --secret
    "
  `);
});

test('serve says which program has the port when it is taken', async () => {
  await using server = await startServer({ port: 0 });
  const port = new URL(server.url).port;
  const own = await runCli(['serve', '--port', port]);
  expect([own.code, own.stderr]).toEqual([
    3,
    `error: port ${port} is taken by another hookcast serve (version ${version()}); choose another with --port, or 0 for a free one\n`,
  ]);
  await using other = await httpServer((_, response) => response.end());
  const foreign = await runCli(['serve', '--port', String(other.port)]);
  expect([foreign.code, foreign.stderr]).toEqual([
    3,
    `error: port ${other.port} is taken by another program; choose another with --port, or 0 for a free one\n`,
  ]);
});

test('serve makes a token when it listens beyond loopback', async () => {
  await serving(['--port', '0', '--host', '0.0.0.0', '--json'], async (line) => {
    const { url: local, token } = JSON.parse(line) as { url: string; token: string };
    // Not every system lets a client connect to 0.0.0.0.
    expect(local).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(`${local}/v1/webhooks`)).status).toBe(401);
    const authorization = `Bearer ${token}`;
    expect((await fetch(`${local}/v1/webhooks`, { headers: { authorization } })).status).toBe(200);
  });
});

test('serve refuses an origin and a port that cannot exist', async () => {
  const lines = [
    ['--cors-origin', 'http://a.example/path'],
    ['--cors-origin', 'a.example'],
    ['--cors-origin', 'null'],
    ['--cors-origin', 'ftp://a.example'],
    ['--allowed-host', 'http://a.example:80/'],
    ['--allowed-host', '*.example'],
    ['--policy', 'persona-2025'],
    ['--port', '65536'],
  ];
  expect(await session(lines.map((flags) => ['serve', ...flags]))).toMatchInlineSnapshot(`
    "$ hookcast serve --cors-origin http://a.example/path
    error: --cors-origin http://a.example/path: expected an origin such as http://localhost:5173; did you mean http://a.example?
    exit code 2
    $ hookcast serve --cors-origin a.example
    error: --cors-origin a.example: expected an origin such as http://localhost:5173
    exit code 2
    $ hookcast serve --cors-origin null
    error: --cors-origin null: expected an origin such as http://localhost:5173
    exit code 2
    $ hookcast serve --cors-origin ftp://a.example
    error: --cors-origin ftp://a.example: expected an origin such as http://localhost:5173
    exit code 2
    $ hookcast serve --allowed-host http://a.example:80/
    error: --allowed-host http://a.example:80/: expected a name such as hook.example, without scheme and port; did you mean a.example?
    exit code 2
    $ hookcast serve --allowed-host '*.example'
    error: --allowed-host *.example: expected a name such as hook.example, without scheme and port
    exit code 2
    $ hookcast serve --policy persona-2025
    error: unknown policy 'persona-2025'; did you mean persona-2020, persona-2022, persona-2026?
    Known: persona-2022, persona-2026, persona-2020; or a JSON file: ./my-policy.json
    exit code 2
    $ hookcast serve --port 65536
    error: --port 65536: expected a whole number from 0 to 65535
    (see: hookcast serve --help)
    exit code 2
    "
  `);
});

test('says which flags are about a webhook that is not there', async () => {
  const flags = ['--port', '0', '--json', '--time-scale', 'instant', '--block', 'name-*', '--seed', '7'];
  const stop = new AbortController();
  const run = await runCli(['serve', ...flags], { interrupted: stop.signal, onOutput: () => stop.abort() });
  expect(run.stderr).toBe(
    '--time-scale, --block: without effect, since they are about the webhook of --to; webhooks of the API have their own\n',
  );
});

test('health says what it expects of an address', async () => {
  const runs = [
    await runCli(['health', 'hookcast:4665']),
    await runCli(['health'], { env: { HOOKCAST_PORT: 'x' } }),
  ];
  expect(runs.map(({ code, stderr }) => [code, stderr])).toEqual([
    [
      2,
      'error: hookcast:4665: expected a URL such as http://127.0.0.1:4665; did you mean http://hookcast:4665?\n',
    ],
    [2, 'error: HOOKCAST_PORT x: expected a whole number from 0 to 65535\n'],
  ]);
});

test('health that is interrupted says nothing of the server', async () => {
  const interrupted = AbortSignal.abort();
  const run = await runCli(['health', 'http://127.0.0.1:9', '--wait', '20s'], { interrupted });
  expect(run).toEqual({ code: 130, stdout: '', stderr: '' });
});

test('health says whether a server answers', async () => {
  await using server = await startServer({ port: 0 });
  const up = await runCli(['health', server.url, '--wait', '5s']);
  expect(up).toEqual({
    code: 0,
    stdout: `hookcast ${version()} answers at ${server.url}\n`,
    stderr: '',
  });
  await using other = await httpServer((_, response) => response.end());
  const url = other.url.origin;
  expect(await runCli(['health', url])).toEqual({
    code: 3,
    stdout: '',
    stderr: `error: no hookcast serve answers at ${url}; start it with hookcast serve, or wait for it with --wait 30s\n`,
  });
});

describe.skipIf(process.platform === 'win32')('the inspector', () => {
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';

  /** A stand-in for the desktop's opener, and what it was given. */
  async function fakeOpener() {
    const folder = await temporaryFolder();
    const bin = await folder.write(opener, '#!/bin/sh\nprintf %s "$1" > "$0.seen"\n');
    await chmod(bin, 0o755);
    const seen = () => (existsSync(`${bin}.seen`) ? readFileSync(`${bin}.seen`, 'utf8') : '');
    const env = { PATH: `${folder.path}:/usr/bin:/bin` };
    return { env, seen, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
  }

  test('is opened by --open, which says where it is when no program can open it', async () => {
    await using browser = await fakeOpener();
    const { env, seen } = browser;
    const flags = ['serve', '--port', '0', '--open'];
    const stop = new AbortController();
    const running = runCli(flags, { env, interrupted: stop.signal });
    await expect.poll(seen, { timeout: 10_000 }).toMatch(/^http:\/\/localhost:\d+\/$/);
    stop.abort(new Error('interrupted'));
    await running;
    await using bare = spawnCli(flags, { PATH: '' });
    await bare.until('open it yourself');
    bare.kill('SIGINT');
    const told = (await bare.ended).stderr.replaceAll(/localhost:\d+/g, 'localhost:PORT');
    expect(told.replace(opener, 'OPENER')).toMatchInlineSnapshot(`
      "no webhook yet: pass --to <url>, or create one with POST /v1/webhooks
      warning: http://localhost:PORT/ cannot be opened (OPENER is not installed): open it yourself
      "
    `);
  });

  test('is opened by the key o on a terminal, and ended by q', async () => {
    await using browser = await fakeOpener();
    const { env, seen } = browser;
    let press: (key: string) => void = () => undefined;
    let isGivenBack = false;
    const keyboard = {
      listen: (onKey: (key: string) => void) => {
        press = onKey;
        return () => (isGivenBack = true);
      },
    };
    const running = runCli(['serve', '--port', '0'], { env, keyboard });
    await expect.poll(() => (press('o'), seen()), { timeout: 10_000 }).toMatch(/^http:\/\/localhost:\d+\/$/);
    press('q');
    expect((await running).code).toBe(130);
    expect(isGivenBack).toBe(true);
  });

  test('of send --ui shows the deliveries of send until Ctrl-C', async () => {
    await using browser = await fakeOpener();
    const { env, seen } = browser;
    let status = 500;
    await using receiver = await httpServer((_, response) => response.writeHead(status).end());
    const stop = new AbortController();
    const lines: string[] = [];
    const argv = ['send', 'inquiry.approved', 'inquiry.declined', '--to', receiver.url.href, '--ui'];
    const running = runCli(argv, {
      env,
      interrupted: stop.signal,
      onOutput: (text) => void lines.splice(0, lines.length, ...text.split('\n')),
    });
    await expect.poll(seen, { timeout: 10_000 }).not.toBe('');
    const url = seen().replace('localhost', '127.0.0.1').replace(/\/$/, '');
    const call = apiClient(url);
    const states = async () =>
      (await call('GET', '/v1/deliveries')).json.deliveries.map((one: any) => [one.eventName, one.state]);
    await expect.poll(states).toEqual([
      ['inquiry.declined', 'pending'],
      ['inquiry.approved', 'pending'],
    ]);
    status = 200;
    for (const id of ['d1', 'd2']) await call('POST', `/v1/deliveries/${id}/next`);
    await expect.poll(() => lines.filter((line) => line.includes('✓')).length).toBe(2);
    expect((await call('POST', '/v1/deliveries/d1/resend?wait=settled')).json.state).toBe('completed');
    stop.abort(new Error('interrupted'));
    const run = await running;
    expect(run.code).toBe(130);
    expect(stable(run.stderr.replace(seen(), 'URL'))).toMatchInlineSnapshot(`
      "signing with the development secret wbhsec_00000000-dead-4000-8000-00000000beef: give it to your receiver, or pass --secret
      inspector: URL
      all deliveries are settled; the inspector stays until Ctrl-C
      "
    `);
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  test('of send --ui cannot be combined with a queue or a journal', async () => {
    const send = ['send', 'inquiry.approved', '--to', 'http://127.0.0.1:9/', '--ui'];
    const lines = [
      ['--redis', 'redis://127.0.0.1:1'],
      ['--journal', 'x.db'],
    ];
    expect(await session(lines.map((flags) => [...send, ...flags]))).toMatchInlineSnapshot(`
      "$ hookcast send inquiry.approved --to http://127.0.0.1:9/ --ui --redis redis://127.0.0.1:1
      error: --ui and --redis: a run that is shown is kept in memory; use hookcast serve --journal to keep it
      exit code 2
      $ hookcast send inquiry.approved --to http://127.0.0.1:9/ --ui --journal x.db
      error: --ui and a journal (--journal, HOOKCAST_JOURNAL): a run that is shown is kept in memory; use hookcast serve --journal to keep it
      exit code 2
      "
    `);
  });
});
