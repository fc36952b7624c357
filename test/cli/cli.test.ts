import { createHmac } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/signing/secret.ts';
import { parseScript } from '../../src/receiver/reaction.ts';
import { startReceiver } from '../../src/receiver/start-receiver.ts';
import { sign } from '../../src/signing/sign.ts';
import { WRONG_FORMS } from '../../src/signing/wrong-forms.ts';
import { runCli, stable } from '../helpers/run-cli.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const SECRET = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';
const env = { PERSONA_WEBHOOK_SECRET: SECRET };
const receiver = (script: string) =>
  startReceiver({ secrets: [new Secret(SECRET)], script: parseScript(script) });

describe('send', () => {
  test('a line per attempt, the waits between, and the end', async () => {
    await using target = await receiver('500,redirect,reset,200');
    const run = await runCli(
      ['send', 'inquiry.approved', '--to', target.url, '--time-scale', 'instant', '--seed', '1'],
      { env },
    );
    expect(run.code).toBe(0);
    expect(stable(run.stdout)).toMatchInlineSnapshot(`
      "inquiry.approved  evt_ID
        to http://127.0.0.1:PORT/
        1 of 9  T+TIME  ✗ 500 Internal Server Error (N ms)
                next in 3s (0 ms of real time)
        2 of 9  T+TIME  ✗ 301 Moved Permanently: redirect to /moved, not followed (N ms)
                next in 1m 6s (0 ms of real time)
        3 of 9  T+TIME  ✗ connection reset before a complete answer (N ms)
                next in 12m 11s (0 ms of real time)
        4 of 9  T+TIME  ✓ 200 OK (N ms)
      completed after 4 attempts
      "
    `);
    expect(run.stderr).toBe('');
  });

  test('exit code 1 when none of the attempts was accepted', async () => {
    await using target = await receiver('500');
    const run = await runCli(['send', 'inquiry.approved', '--to', target.url, '--time-scale', 'instant'], {
      env,
    });
    expect(run.code).toBe(1);
    expect(run.stdout).toContain('failed: none of 9 attempts was accepted, and Persona would not try again');
    expect(run.stderr).toMatch(/^repeat with: --seed \d+ --at \d{4}-\d\d-\d\dT[\d:.]+Z\n$/);
    expect(target.received).toHaveLength(9);
  });

  test('--json: nothing but one object per attempt and delivery', async () => {
    await using target = await receiver('500');
    const run = await runCli(
      ['send', 'inquiry.approved', '--to', target.url, '--time-scale', '100000000', '--json'],
      { env },
    );
    const records = run.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records.map(({ type }) => type)).toEqual([...Array<string>(9).fill('attempt'), 'delivery']);
    expect(records.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, undefined]);
    expect(records.map(({ attemptsLeft }) => attemptsLeft)).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0, undefined]);
    expect(records.map(({ nextDelayMs }) => nextDelayMs)).toEqual([
      3_000,
      66_000,
      731_000,
      4_098_000,
      15_627_000,
      46_658_000,
      117_651_000,
      262_146_000,
      null,
      undefined,
    ]);
    expect(records.at(-1)).toMatchObject({
      type: 'delivery',
      state: 'failed',
      attempts: 9,
      eventName: 'inquiry.approved',
    });
    const made = target.received.map(({ headers }) => headers['persona-webhook-attempts-made']);
    expect(made).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(target.received.every(({ verification }) => verification.kind === 'valid')).toBe(true);
    expect(target.received.every(({ body }) => body.equals(target.received[0]!.body))).toBe(true);
  });

  test('several events: first attempts in their order, about one inquiry', async () => {
    await using target = await receiver('200');
    const names = ['inquiry.created', 'inquiry.completed', 'inquiry.approved'];
    const run = await runCli(['send', ...names, '--to', target.url, '--reference-id', 'user-1'], { env });
    expect(run.code).toBe(0);
    const events = target.received.map(({ body }) => JSON.parse(body.toString()).data.attributes);
    expect(events.map(({ name }) => name)).toEqual(names);
    expect(new Set(events.map(({ payload }) => payload.data.id)).size).toBe(1);
    expect(events.map(({ payload }) => payload.data.attributes['reference-id'])).toEqual([
      'user-1',
      'user-1',
      'user-1',
    ]);
  });

  test('a failing event does not hold up the next', async () => {
    await using target = await receiver('500,200');
    const argv = ['send', 'inquiry.created', 'inquiry.approved', '--to', target.url, '--time-scale', '20'];
    const run = await runCli(argv, { env });
    expect(run.code).toBe(0);
    const names = target.received.map(({ body }) => JSON.parse(body.toString()).data.attributes.name);
    expect(names).toEqual(['inquiry.created', 'inquiry.approved', 'inquiry.created']);
  });

  test('the webhook file with its secrets, blocklist and enabled events; flags win', async () => {
    await using target = await receiver('200');
    await using folder = await temporaryFolder();
    const attributes = {
      url: 'http://127.0.0.1:1/',
      secrets: [{ value: SECRET, 'expires-at': null }],
      'enabled-events': ['inquiry.approved'],
      'api-attributes-blocklist': ['name-*', 'no-such-key'],
      'custom-http-headers': { 'X-Api-Key': 'k' },
    };
    const file = await folder.write(
      'webhook.json',
      JSON.stringify({ data: { type: 'webhook', attributes } }),
    );
    const argv = [
      'send',
      'inquiry.approved',
      'inquiry.failed',
      '--webhook',
      file,
      '--to',
      target.url,
      '--block',
      'birthdate',
    ];
    const run = await runCli(argv);
    expect(run.code).toBe(1);
    expect(run.stdout).toContain(
      "skipped: nothing was sent (the webhook's enabled-events do not list inquiry.failed)",
    );
    expect(run.stderr).toContain(
      "warning: blocklist entry 'no-such-key' matches nothing in what is sent; a typo?",
    );
    expect(target.received).toHaveLength(1);
    expect(target.received[0]?.headers['x-api-key']).toBe('k');
    const body = target.received[0]?.body.toString() ?? '';
    expect(body).not.toMatch(/"name-first"|"birthdate"/);
    expect(body).toContain('"address-city"');
  });

  test('two secrets: two signatures, the new one first', async () => {
    await using target = await receiver('200');
    const fresh = 'wbhsec_00000000-1111-2222-3333-444444444444';
    await runCli(['send', 'inquiry.approved', '--to', target.url, '--secret', fresh, '--secret', SECRET]);
    const header = String(target.received[0]?.headers['persona-signature']);
    const t = Number(/^t=(\d+)/.exec(header)?.[1]);
    const body = target.received[0]?.body ?? Buffer.alloc(0);
    expect(header).toBe(sign(body, [new Secret(fresh), new Secret(SECRET)], t));
  });

  test('without a secret the development secret is named, in one line', async () => {
    await using target = await startReceiver({ secrets: [] });
    const run = await runCli([
      'send',
      'inquiry.approved',
      '--to',
      target.url,
      '--time-scale',
      'instant',
      '--quiet',
    ]);
    expect(run.stdout).toBe('');
    expect(run.stderr).toBe(
      'no secret given: development secret wbhsec_00000000-dead-4000-8000-00000000beef\n',
    );
  });

  test('Ctrl-C stops it, says what was done, exit code 130', async () => {
    await using target = await receiver('500');
    const controller = new AbortController();
    const run = await runCli(['send', 'inquiry.approved', '--to', target.url], {
      env,
      interrupted: controller.signal,
      onOutput: (stdout) => {
        if (stdout.includes('next in')) controller.abort();
      },
    });
    expect(run.code).toBe(130);
    expect(run.stdout).toContain('cancelled after 1 attempt');
    expect(target.received).toHaveLength(1);
  });

  test('on a terminal the waits are a live countdown', async () => {
    await using target = await receiver('500');
    await using folder = await temporaryFolder();
    // Long enough for the first line to be the same on a machine that is busy for seconds.
    const policy = {
      name: 'daily',
      'timeout-ms': 5_000,
      'accepted-statuses': [200],
      'delays-seconds': [86_430],
    };
    const path = `${folder.path}/daily.json`;
    await writeFile(path, JSON.stringify(policy));
    const controller = new AbortController();
    const argv = ['send', 'inquiry.approved', '--to', target.url, '--time-scale', '10', '--policy', path];
    const run = await runCli(argv, {
      ...{ env, isTty: true, interrupted: controller.signal },
      onOutput: (stdout) => {
        if (stdout.includes('next attempt in')) controller.abort();
      },
    });
    expect(run.stdout).toContain('[------------------------]  next attempt in 1d (2h 24m of real time)');
  });

  test('on a terminal the countdown makes room for the next attempt', async () => {
    await using target = await receiver('500,200');
    const argv = ['send', 'inquiry.approved', '--to', target.url];
    const run = await runCli([...argv, '--time-scale', '10', '--policy', 'persona-2020'], {
      env,
      isTty: true,
    });
    expect(run.stdout).toMatch(/\r\u001b\[2K {2}\[/);
    expect(run.stdout).toMatch(/\r\u001b\[2K {2}2 of 5/);
  });

  test.each([
    [
      ['send', 'inquiry.aproved', '--to', 'http://localhost/'],
      "error: unknown event 'inquiry.aproved'; did you mean inquiry.approved?\n",
    ],
    [
      ['send', 'inquiry.approved'],
      'error: no receiver given: say --to http://localhost:3000/webhooks (or set HOOKCAST_URL)\n',
    ],
    [['send', 'inquiry.approved', '--to', 'localhost:3000'], 'did you mean http://localhost:3000?\n'],
    [
      ['send', 'inquiry.approved', '--to', 'http://8.8.8.8/'],
      'error: 8.8.8.8 is not on this machine or a private network.',
    ],
    [
      ['send', 'inquiry.approved', '--to', 'http://localhost/', '--block', 'a b'],
      "error: blocklist entry 'a b', position 2: white space in an entry\n",
    ],
    [
      ['send', 'inquiry.approved', '--to', 'http://localhost/', '--time-scale', '0'],
      'error: --time-scale 0: expected a number above 0',
    ],
    [
      ['send', 'inquiry.approved', '--to', 'http://localhost/', '--policy', 'persona-2023'],
      "error: unknown policy 'persona-2023'; did you mean persona-2020",
    ],
    [
      ['send', 'inquiry.approved', '--to', 'http://localhost/', '--policy', './none.json'],
      'error: ./none.json: there is no such file\n',
    ],
    [
      ['send', 'inquiry.approved', '--to', 'http://localhost/', '--set', 'statsu=x'],
      'error: --set statsu: the path matches nothing; nearest: status',
    ],
    [
      ['send', 'inquiry.approved', '--to', 'http://localhost/', '--header', 'x'],
      "error: --header 'x': expected 'name: value'\n",
    ],
    [
      ['send', 'inquiry.approved', '--to', 'http://localhost/', '--ca', 'none.pem'],
      'error: none.pem: there is no such file\n',
    ],
    [
      ['send', 'inquiry.approved', '--to', 'http://localhost/', '--seed', 'x'],
      "error: option '--seed <number>' argument 'x' is invalid.",
    ],
    [
      ['send', 'inquiry.approved', '--to', 'http://localhost/', '--at', 'soon'],
      "error: option '--at <time>' argument 'soon' is invalid.",
    ],
    [
      ['send', 'inquiry.approved', '--api-version', '2019-01-01'],
      'Allowed choices are 2020-05-18, 2021-02-21',
    ],
    [['send', 'inquiry.approved', '--inflection', 'pascal'], 'Allowed choices are kebab, camel, snake'],
    [['send'], "error: missing required argument 'event'"],
    [['sned'], "error: unknown command 'sned'"],
    [['send', '--too', 'x'], "error: unknown option '--too'"],
  ])("%j is the user's mistake: a sentence, exit code 2, no stack", async (argv, message) => {
    const run = await runCli(argv, { env });
    expect(run.stderr).toContain(message);
    expect(run.stderr).not.toMatch(/\n\s+at /);
    expect(run).toMatchObject({ code: 2, stdout: expect.not.stringContaining('attempt') });
  });

  test('the URL and the secret may come from the environment', async () => {
    await using target = await receiver('200');
    const run = await runCli(['send', 'inquiry.approved'], { env: { ...env, HOOKCAST_URL: target.url } });
    expect(run.code).toBe(0);
    expect(target.received[0]?.verification.kind).toBe('valid');
  });
});

describe('show', () => {
  const argv = ['show', 'inquiry.expired', '--seed', '1', '--at', '2026-01-31T12:00:00Z', '--secret', SECRET];

  test('prints the request and a curl line; the body is what --body prints', async () => {
    const [full, body] = [await runCli(argv), await runCli([...argv, '--body'])];
    const [head, text, curl] = full.stdout.split('\n\n');
    expect(text).toBe(body.stdout);
    expect(head).toMatchInlineSnapshot(`
      "POST /webhooks HTTP/1.1
      Host: localhost:3000
      Content-Type: application/json; charset=utf-8
      Content-Length: 6946
      User-Agent: hookcast
      Persona-Signature: t=1769860800,v1=1c94698b6197e46606a236f925a9491facc355b3d665f8bae77c5a18e52a5b59
      Persona-Webhook-Attempts-Made: 1
      Persona-Webhook-Attempts-Left: 8
      Persona-Webhook-First-Attempted-At: 1769860800"
    `);
    expect(curl).toContain(
      "curl 'http://localhost:3000/webhooks' \\\n  -H 'Content-Type: application/json; charset=utf-8'",
    );
    expect(full.stderr).toBe('repeat with: --seed 1 --at 2026-01-31T12:00:00.000Z\n');
    const t = 1_769_860_800;
    expect(head).toContain(`Persona-Signature: ${sign(Buffer.from(body.stdout), [new Secret(SECRET)], t)}`);
  });

  test('--pretty is for people', async () => {
    const run = await runCli([...argv, '--pretty', '--block', '/*/attributes/*']);
    expect(run.stdout).toContain('{\n  "data": {\n    "type": "event",');
    expect(run.stdout).toContain('"attributes": {}');
  });
});

describe('explain', () => {
  test('would deliver: names the entry that removes each attribute', async () => {
    const argv = [
      'explain',
      'inquiry.created',
      '--block',
      'name-*',
      '--block',
      '!name-last',
      '--block',
      'typo',
    ];
    const run = await runCli([...argv, '--to', 'http://localhost/'], { env });
    expect(run.code).toBe(0);
    expect(run.stdout).toMatchInlineSnapshot(`
      "inquiry.created to http://localhost/
      would deliver

      3 attributes are removed:
        data.attributes.fields.name-first  by name-*
        data.attributes.fields.name-middle  by name-*
        included[2].attributes.name-display  by name-*
      "
    `);
    expect(run.stderr).toBe("warning: blocklist entry 'typo' matches nothing here; a typo?\n");
  });

  test('would skip, not enabled: names the clause that decides', async () => {
    await using folder = await temporaryFolder();
    const webhook = {
      secret: SECRET,
      'enabled-events': ['inquiry.approved'],
      'payload-filter': { data: { attributes: { status: { $or: ['declined', 'failed'] } } } },
    };
    const file = await folder.write('webhook.json', JSON.stringify(webhook));
    const skip = await runCli(['explain', 'inquiry.approved', '--webhook', file]);
    expect(skip.stdout).toContain(
      'would skip: the payload-filter asks for data.attributes.status = {"$or":["declined","failed"]}, but it is "approved"\n',
    );
    const off = await runCli(['explain', 'inquiry.failed', '--webhook', file, '--json']);
    expect(JSON.parse(off.stdout)).toMatchObject({
      event: 'inquiry.failed',
      verdict: { kind: 'not-enabled', reason: "the webhook's enabled-events do not list inquiry.failed" },
    });
  });
});

describe('several webhooks', () => {
  test('one event goes to all that enable it, each in its own form with its own secret', async () => {
    const other = 'wbhsec_00000000-1111-2222-3333-444444444444';
    await using camel = await startReceiver({ secrets: [new Secret(SECRET)] });
    await using snake = await startReceiver({ secrets: [new Secret(other)] });
    await using folder = await temporaryFolder();
    const webhooks = [
      { url: camel.url, secret: SECRET, 'api-key-inflection': 'camel', 'enabled-events': ['*'] },
      {
        url: snake.url,
        secret: other,
        'api-key-inflection': 'snake',
        'enabled-events': ['inquiry.approved'],
      },
    ];
    const files = await Promise.all(
      webhooks.map((webhook, index) => folder.write(`${index}.json`, JSON.stringify(webhook))),
    );
    const flags = files.flatMap((file) => ['--webhook', file]);
    const run = await runCli(['send', 'inquiry.created', 'inquiry.approved', ...flags]);
    expect(run.code).toBe(0);
    expect(camel.received.map(({ verification }) => verification.kind)).toEqual(['valid', 'valid']);
    expect(snake.received.map(({ verification }) => verification.kind)).toEqual(['valid']);
    const [first, second] = [
      camel.received[1]?.body.toString() ?? '',
      snake.received[0]?.body.toString() ?? '',
    ];
    expect(first).toContain('"createdAt"');
    expect(second).toContain('"created_at"');
    expect(JSON.parse(first).data.id).toBe(JSON.parse(second).data.id);
    expect(run.stdout).toMatch(/inquiry\.created → 127\.0\.0\.1:\d+\/  evt_\w+ {2}skipped: nothing was sent/);
  });

  test('one --to cannot be for all of them', async () => {
    const argv = ['send', 'inquiry.created', '--to', 'http://localhost/', '--webhook', 'a', '--webhook', 'b'];
    expect(await runCli(argv)).toMatchObject({
      code: 2,
      stderr: 'error: --to names one receiver; with several --webhook each file has its own url\n',
    });
  });
});

test('schedule: the table, with its source', async () => {
  const run = await runCli(['schedule', '--policy', 'persona-2026']);
  expect(run.stdout).toMatchInlineSnapshot(`
    "persona-2026: 5 s per attempt, accepted: 200, 201, 202, 204
    source: Persona, Webhooks and Webhook Best Practices (2026-02)

    attempt  delay     after the first
    1        -         T+0s
    2        3 s       T+3s
    3        64 s      T+1m 7s
    4        729 s     T+13m 16s
    5        4096 s    T+1h 21m
    6        15625 s   T+5h 41m
    7        46656 s   T+18h 39m
    8        117649 s  T+2d 3h
    "
  `);
});

describe('sign and verify', () => {
  test('what sign prints, verify accepts', async () => {
    await using folder = await temporaryFolder();
    const body = await folder.write('body.json', '{"n":100.0}');
    const signed = await runCli(['sign', body, '--at', '1764686826'], { env });
    expect(signed.stdout).toBe(
      'Persona-Signature: t=1764686826,v1=1ab0bbf656aa7d68244f27e3a3085d33ad95a2f4085e59290f0a600c5be57dc5\n',
    );
    const verified = await runCli(['verify', body, '--signature', signed.stdout.trim(), '--ignore-time'], {
      env,
    });
    expect(verified).toEqual({ code: 0, stdout: 'valid: signed at 2025-12-02T14:47:06Z\n', stderr: '' });
  });

  test('verify judges the age of t', async () => {
    await using folder = await temporaryFolder();
    const body = await folder.write('body.json', '{}');
    const header = sign(Buffer.from('{}'), [new Secret(SECRET)], 1_764_686_826);
    const verifyAt = (at: string) => runCli(['verify', body, '--signature', header, '--at', at], { env });
    expect((await verifyAt('1764686926')).code).toBe(0);
    expect(await verifyAt('1764690426')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('t is 1h old'),
    });
    expect(await verifyAt('1764680000')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('in the future'),
    });
  });

  test('verify says which part disagrees', async () => {
    await using folder = await temporaryFolder();
    const path = await folder.write('body.json', '{"n":100.0}');
    const input = { body: await readFile(path), secret: SECRET, t: '1764686826' };
    const wrong = WRONG_FORMS.find(({ id }) => id === 're-serialised')?.compute(input) ?? '';
    const run = await runCli(['verify', path, '--signature', `t=1764686826,v1=${wrong}`], { env });
    expect(run).toEqual({
      code: 1,
      stdout:
        'mismatch: no set of the header was made from these bytes with this secret\n' +
        "this is an HMAC of the body parsed and printed again as JSON.stringify, Go's json.Marshal or PHP's json_encode does (verify the bytes that arrived, before parsing)\n",
      stderr: '',
    });
  });

  test('verify names milliseconds, whatever the age', async () => {
    await using folder = await temporaryFolder();
    const path = await folder.write('body.json', '{}');
    const header = sign(Buffer.from('{}'), [new Secret(SECRET)], 1_764_686_826_000);
    for (const flags of [[], ['--ignore-time']]) {
      expect(await runCli(['verify', path, '--signature', header, ...flags], { env })).toEqual({
        code: 1,
        stdout: "not valid: the signature is right, but t is in milliseconds; Persona's t is in seconds\n",
        stderr: '',
      });
    }
  });

  test('verify tries the path of a receiver', async () => {
    await using folder = await temporaryFolder();
    const path = await folder.write('body.json', '{}');
    const v1 = createHmac('sha256', SECRET).update('1764686826./hook.{}').digest('hex');
    const argv = ['verify', path, '--signature', `t=1764686826,v1=${v1}`, '--to', 'http://localhost/hook'];
    expect((await runCli(argv, { env })).stdout).toContain(
      'this is an HMAC of `<t>.<path>.<body>` (the path is not signed: `<t>.<body>`)\n',
    );
  });

  test('verify explains a malformed header, and a missing file', async () => {
    await using folder = await temporaryFolder();
    const path = await folder.write('body.json', '{}');
    expect(await runCli(['verify', path, '--signature', 'v1=abc'], { env })).toMatchObject({
      code: 1,
      stdout: "malformed: 'v1=abc' has no 't='; a set looks like t=1764686826,v1=<64 hex digits>\n",
    });
    expect(await runCli(['verify', 'none.json', '--signature', 'x'], { env })).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: none.json: there is no such file\n',
    });
  });
});

describe('listen', () => {
  /** Runs `listen` until the requests have been made. */
  async function listening(argv: readonly string[], visit: (url: string) => Promise<void>) {
    const controller = new AbortController();
    let started = false;
    return runCli(['listen', '--port', '0', ...argv], {
      env,
      interrupted: controller.signal,
      onOutput: (stdout) => {
        const url = /listening on (\S+)/.exec(stdout)?.[1];
        if (url === undefined || started) return;
        started = true;
        void visit(url).finally(() => {
          controller.abort();
        });
      },
    });
  }

  test('prints each request, its signature and the answer', async () => {
    const run = await listening(['--respond', '500,200'], async (url) => {
      await runCli(['send', 'inquiry.approved', '--to', `${url}/hook`, '--time-scale', 'instant'], { env });
    });
    expect(run.code).toBe(130);
    expect(stable(run.stdout).replace(/\d{5} bytes/g, 'N bytes')).toMatchInlineSnapshot(`
      "listening on http://127.0.0.1:PORT (any path); Ctrl-C ends it
      POST /hook  inquiry.approved  evt_ID  attempt 1, 8 left  N bytes
        ✓ signature valid
        answer: 500
      POST /hook  inquiry.approved  evt_ID  attempt 2, 7 left  N bytes
        ✓ signature valid
        answer: 200
      "
    `);
  });

  test('explains a signature that does not match, and shows nothing raw', async () => {
    const run = await listening([], async (url) => {
      const body = Buffer.from('{"data":{"attributes":{"name":"\\u001b[2J"}}}');
      const v1 = WRONG_FORMS[0]?.compute({ body, secret: SECRET, t: '1' }) ?? '';
      await fetch(url, { method: 'POST', body, headers: { 'Persona-Signature': `t=1,v1=${v1}` } });
      await fetch(url, { method: 'POST', body: 'no json' });
    });
    expect(run.stdout).toContain('POST /  \\u001b[2J');
    expect(run.stdout).toContain(
      '✗ signature does not match: this is an HMAC of the body without the timestamp',
    );
    expect(run.stdout).toContain('✗ no Persona-Signature header');
    expect(run.stdout).toContain('answer: 401');
    expect(run.stdout).not.toContain('\u001b');
  });

  test('a taken port is a sentence and exit code 3', async () => {
    await using taken = await startReceiver({ secrets: [] });
    const { port } = new URL(taken.url);
    expect(await runCli(['listen', '--port', port], { env })).toMatchObject({
      code: 3,
      stderr: `error: 127.0.0.1:${port}: port ${port} is taken by another program; choose another with --port\n`,
    });
  });
});

describe('help', () => {
  test('of the program', async () => {
    const run = await runCli(['--help']);
    expect(run.code).toBe(0);
    expect(run.stdout).toMatchInlineSnapshot(`
      "Usage: hookcast [options] [command]

      A stand-in for Persona's webhook sender: its events, signatures, five-second
      limit and retries, against your receiver.

      Options:
        -V, --version   output the version number
        -h, --help      display help for command

      Commands:
        demo            watch a delivery fail in four ways and succeed; needs nothing,
                        ends by itself
        send            deliver events to your receiver as Persona would, retries
                        included
        scenario        send a whole story of events that belong together, in order,
                        shuffled or twice
        load            deliver events in volume, at a rate, with duplicates,
                        forgeries or after an outage
        record          keep what a real sender sends, and pass it on untouched to
                        your receiver
        replay          send recorded requests again, byte for byte, signed anew
        export          write recorded requests as NDJSON or HAR
        resume          go on with the deliveries of a journal where they stood
        deliveries      list the deliveries of a journal or a queue
        delivery        show a delivery: its attempts, what was sent and what came
                        back
        resend          send a delivery of a journal once more: the same event, the
                        same bytes
        cancel          give up a pending delivery of a journal
        disable         disable a webhook of a journal: its pending deliveries fail
        worker          make the deliveries that wait in a Redis queue; run as many as
                        you like
        conform         test a receiver, check by check; for CI
        doctor          find out what stands between here and your receiver, and how
                        to mend it
        show            print exactly what would be sent; send nothing
        explain         say whether a webhook would get an event, and what removes
                        each attribute
        events          list the events: what triggers them, and which have a fixture
        fixtures        make fixtures out of your own copy of Persona's OpenAPI
                        specification
        schedule        print the retry schedule
        addresses       print the addresses that Persona's webhooks come from
        listen          run the reference receiver: it verifies, prints, and
                        misbehaves on request
        sign            print the signature header for a body
        verify          check a signature header, and say what is wrong with it
        help [command]  explain a command

      Start with: hookcast demo

      "
    `);
  });

  test.each(['demo', 'send', 'show', 'events', 'schedule', 'listen', 'sign', 'verify'])(
    'of %s ends with examples and fits 80 columns',
    async (name) => {
      const run = await runCli([name, '--help']);
      expect(run.code).toBe(0);
      expect(run.stdout).toContain('Examples:\n  $ hookcast ');
      expect((await runCli(['help', name])).stdout).toBe(run.stdout);
    },
  );

  test('--version is the version of the package', async () => {
    const manifest = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
    expect((await runCli(['--version'])).stdout).toBe(`${manifest.version}\n`);
  });
});
