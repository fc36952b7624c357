import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { Secret, sign } from '../../src/signing/sign.ts';
import { parseScript } from '../../src/receiver/reaction.ts';
import { startReceiver } from '../../src/receiver/start-receiver.ts';
import { lasting, runCli, session, stable } from '../helpers/run-cli.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const SECRET = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';
const env = { PERSONA_WEBHOOK_SECRET: SECRET };
const receiver = (script: string) =>
  startReceiver({ secrets: [new Secret(SECRET)], script: parseScript(script) });

describe('send', () => {
  test('prints a line per attempt, the waits between them, and the end state', async () => {
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

  test('ends with exit code 1 when no attempt was accepted', async () => {
    await using target = await receiver('500');
    const run = await runCli(['send', 'inquiry.approved', '--to', target.url, '--time-scale', 'instant'], {
      env,
    });
    expect(run.code).toBe(1);
    expect(stable(run.stdout)).toMatchInlineSnapshot(`
      "inquiry.approved  evt_ID
        to http://127.0.0.1:PORT/
        1 of 9  T+TIME  ✗ 500 Internal Server Error (N ms)
                next in 3s (0 ms of real time)
        2 of 9  T+TIME  ✗ 500 Internal Server Error (N ms)
                next in 1m 6s (0 ms of real time)
        3 of 9  T+TIME  ✗ 500 Internal Server Error (N ms)
                next in 12m 11s (0 ms of real time)
        4 of 9  T+TIME  ✗ 500 Internal Server Error (N ms)
                next in 1h 8m (0 ms of real time)
        5 of 9  T+TIME  ✗ 500 Internal Server Error (N ms)
                next in 4h 20m (0 ms of real time)
        6 of 9  T+TIME  ✗ 500 Internal Server Error (N ms)
                next in 12h 57m (0 ms of real time)
        7 of 9  T+TIME  ✗ 500 Internal Server Error (N ms)
                next in 1d 8h (0 ms of real time)
        8 of 9  T+TIME  ✗ 500 Internal Server Error (N ms)
                next in 3d (0 ms of real time)
        9 of 9  T+TIME  ✗ 500 Internal Server Error (N ms)
      failed: none of 9 attempts was accepted, and Persona would not try again
      "
    `);
    expect(stable(run.stderr)).toMatchInlineSnapshot(`
      "repeat with: --seed N --at TIME
      "
    `);
    expect(target.received).toHaveLength(9);
  });

  test('prints one object per attempt and delivery with --json, and nothing else', async () => {
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

  test('sends several events in their order, all about one inquiry', async () => {
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

  test('sends the next event while an earlier one is retried', async () => {
    await using target = await receiver('500,200');
    const argv = ['send', 'inquiry.created', 'inquiry.approved', '--to', target.url, '--time-scale', '3'];
    const run = await runCli(argv, { env });
    expect(run.code).toBe(0);
    const names = target.received.map(({ body }) => JSON.parse(body.toString()).data.attributes.name);
    expect(names).toEqual(['inquiry.created', 'inquiry.approved', 'inquiry.created']);
  });

  test('obeys the webhook file, over which flags win', async () => {
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
    expect(stable(run.stdout)).toMatchInlineSnapshot(`
      "inquiry.approved  evt_ID  ✓ 200 OK (N ms)
      inquiry.failed  evt_ID  skipped: nothing was sent (the webhook's enabled-events do not list inquiry.failed)
      "
    `);
    expect(stable(run.stderr)).toMatchInlineSnapshot(`
      "warning: blocklist entry 'no-such-key' matches nothing in what is sent; a typo?
      repeat with: --seed N --at TIME
      "
    `);
    expect(target.received).toHaveLength(1);
    expect(target.received[0]?.headers['x-api-key']).toBe('k');
    const body = target.received[0]?.body.toString() ?? '';
    expect(body).not.toMatch(/"name-first"|"birthdate"/);
    expect(body).toContain('"address-city"');
  });

  test('signs with two secrets, the newer one first', async () => {
    await using target = await receiver('200');
    const fresh = 'wbhsec_00000000-1111-2222-3333-444444444444';
    await runCli(['send', 'inquiry.approved', '--to', target.url, '--secret', fresh, '--secret', SECRET]);
    const header = String(target.received[0]?.headers['persona-signature']);
    const t = Number(/^t=(\d+)/.exec(header)?.[1]);
    const body = target.received[0]?.body ?? Buffer.alloc(0);
    expect(header).toBe(sign(body, [new Secret(fresh), new Secret(SECRET)], t));
  });

  test('names the development secret when no secret is given', async () => {
    await using target = await startReceiver({ secrets: [] });
    const run = await runCli([
      'send',
      'inquiry.approved',
      '--to',
      target.url,
      '--time-scale',
      'instant',
      '--json',
    ]);
    expect(run.stderr.split('\n')[0]).toBe(
      'signing with the development secret wbhsec_00000000-dead-4000-8000-00000000beef: give it to your receiver, or pass --secret',
    );
  });

  test('stops at Ctrl-C with what was done, and exit code 130', async () => {
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
    expect(stable(run.stdout)).toMatchInlineSnapshot(`
      "inquiry.approved  evt_ID
        to http://127.0.0.1:PORT/
        1 of 9  T+TIME  ✗ 500 Internal Server Error (N ms)
                next in 3s
      cancelled after 1 attempt
      "
    `);
    expect(target.received).toHaveLength(1);
  });

  test('counts down to the next attempt on a terminal', async () => {
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
    const frames = run.stdout.split('\r\u001b[2K');
    expect(frames).toContain('  [------------------------]  next attempt in 1d (2h 24m of real time)');
    expect(lasting(run.stdout)).toMatchInlineSnapshot(`
      "inquiry.approved  evt_ID
        to http://127.0.0.1:PORT/
        1 of 2  T+TIME  ✗ 500 Internal Server Error (N ms)
      cancelled after 1 attempt
      "
    `);
  });

  test('wipes the countdown before the line of the next attempt', async () => {
    await using target = await receiver('500,200');
    const argv = ['send', 'inquiry.approved', '--to', target.url];
    const run = await runCli([...argv, '--time-scale', '10', '--policy', 'persona-2020'], {
      env,
      isTty: true,
    });
    // How many frames there are follows from how fast the machine is.
    expect(run.stdout.split('\r\u001b[2K').some((frame) => frame.startsWith('  ['))).toBe(true);
    expect(lasting(run.stdout)).toMatchInlineSnapshot(`
      "inquiry.approved  evt_ID
        to http://127.0.0.1:PORT/
        1 of 5  T+TIME  ✗ 500 Internal Server Error (N ms)
        2 of 5  T+TIME  ✓ 200 OK (N ms)
      completed after 2 attempts
      "
    `);
  });

  test('reports a mistake in a sentence, with exit code 2', async () => {
    const to = ['--to', 'http://localhost/'];
    const lines = [
      ['send', 'inquiry.aproved', ...to],
      ['send', 'inquiry.approved'],
      ['send', 'inquiry.approved', '--to', 'localhost:3000'],
      ['send', 'inquiry.approved', '--to', 'http://8.8.8.8/'],
      ['send', 'inquiry.approved', ...to, '--block', 'a b'],
      ['send', 'inquiry.approved', ...to, '--time-scale', '0'],
      ['send', 'inquiry.approved', ...to, '--policy', 'persona-2023'],
      ['send', 'inquiry.approved', ...to, '--policy', './none.json'],
      ['send', 'inquiry.approved', ...to, '--set', 'statsu=x'],
      ['send', 'inquiry.approved', ...to, '--header', 'x'],
      ['send', 'inquiry.approved', ...to, '--ca', 'none.pem'],
      ['send', 'inquiry.approved', ...to, '--seed', 'x'],
      ['send', 'inquiry.approved', ...to, '--at', 'soon'],
      ['send', 'inquiry.approved', '--api-version', '2019-01-01'],
      ['send', 'inquiry.approved', '--inflection', 'pascal'],
      ['send'],
      ['sned'],
      ['send', '--too', 'x'],
    ];
    expect(stable(await session(lines, { env }))).toMatchInlineSnapshot(`
      "$ hookcast send inquiry.aproved --to http://localhost/
      error: unknown event 'inquiry.aproved'; did you mean inquiry.approved?
      All names: hookcast events
      exit code 2
      $ hookcast send inquiry.approved
      error: no receiver given: pass --to http://localhost:3000/webhooks (or set HOOKCAST_URL)
      exit code 2
      $ hookcast send inquiry.approved --to localhost:3000
      error: localhost:3000: expected a URL that starts with http:// or https://; did you mean http://localhost:3000?
      exit code 2
      $ hookcast send inquiry.approved --to http://8.8.8.8/
      inquiry.approved  evt_ID
        to http://8.8.8.8/
      error: 8.8.8.8 is not on this machine or a private network; if the receiver is yours, pass --allow-remote
      exit code 2
      $ hookcast send inquiry.approved --to http://localhost/ --block 'a b'
      error: blocklist entry 'a b', position 2: white space in an entry
      exit code 2
      $ hookcast send inquiry.approved --to http://localhost/ --time-scale 0
      error: --time-scale 0: expected a number above 0, 'instant', or two durations such as 1h=1s
      exit code 2
      $ hookcast send inquiry.approved --to http://localhost/ --policy persona-2023
      error: unknown policy 'persona-2023'; did you mean persona-2020, persona-2022, persona-2026?
      Known: persona-2022, persona-2026, persona-2020; or a JSON file: ./my-policy.json
      exit code 2
      $ hookcast send inquiry.approved --to http://localhost/ --policy ./none.json
      error: ./none.json: there is no such file
      exit code 2
      $ hookcast send inquiry.approved --to http://localhost/ --set statsu=x
      error: --set statsu: the path matches nothing; nearest: status. A new attribute is added with --add
      exit code 2
      $ hookcast send inquiry.approved --to http://localhost/ --header x
      error: --header: expected 'name: value', with a colon
      (see: hookcast send --help)
      exit code 2
      $ hookcast send inquiry.approved --to http://localhost/ --ca none.pem
      error: none.pem: there is no such file
      exit code 2
      $ hookcast send inquiry.approved --to http://localhost/ --seed x
      error: --seed x: expected a whole number from 0 to 4294967295
      (see: hookcast send --help)
      exit code 2
      $ hookcast send inquiry.approved --to http://localhost/ --at soon
      error: --at soon: expected a time like TIME, or unix seconds
      (see: hookcast send --help)
      exit code 2
      $ hookcast send inquiry.approved --api-version 2019-01-01
      error: --api-version 2019-01-01: expected one of 2020-05-18, 2021-02-21, 2021-05-14, 2021-07-05, 2021-08-18, 2022-09-01, 2023-01-05, 2025-10-27, 2025-12-08; did you mean 2022-09-01?
      (see: hookcast send --help)
      exit code 2
      $ hookcast send inquiry.approved --inflection pascal
      error: --inflection pascal: expected one of kebab, camel, snake
      (see: hookcast send --help)
      exit code 2
      $ hookcast send
      error: missing required argument 'event'
      (see: hookcast send --help)
      exit code 2
      $ hookcast sned
      error: unknown command 'sned'
      (Did you mean send?)
      (see: hookcast --help)
      exit code 2
      $ hookcast send --too x
      error: unknown option '--too'
      (Did you mean --to?)
      (see: hookcast send --help)
      exit code 2
      "
    `);
  });

  test('takes the URL and the secret from the environment', async () => {
    await using target = await receiver('200');
    const run = await runCli(['send', 'inquiry.approved'], { env: { ...env, HOOKCAST_URL: target.url } });
    expect(run.code).toBe(0);
    expect(target.received[0]?.verification.kind).toBe('valid');
  });
});

describe('of several webhooks', () => {
  test('each that enables an event gets it in its own form, signed with its own secret', async () => {
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
    expect(stable(run.stdout)).toMatchInlineSnapshot(`
      "inquiry.created → 127.0.0.1:PORT/  evt_ID  skipped: nothing was sent (the webhook's enabled-events do not list inquiry.created)
      inquiry.created → 127.0.0.1:PORT/  evt_ID  ✓ 200 OK (N ms)
      inquiry.approved → 127.0.0.1:PORT/  evt_ID  ✓ 200 OK (N ms)
      inquiry.approved → 127.0.0.1:PORT/  evt_ID  ✓ 200 OK (N ms)
      "
    `);
  });

  test('none can share one --to with the others', async () => {
    const argv = ['send', 'inquiry.created', '--to', 'http://localhost/', '--webhook', 'a', '--webhook', 'b'];
    expect(await runCli(argv)).toMatchObject({
      code: 2,
      stderr: 'error: --to names one receiver; with several --webhook each file has its own url\n',
    });
  });
});
