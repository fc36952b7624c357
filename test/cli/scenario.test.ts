import { describe, expect, test } from 'vitest';
import { parseScript } from '../../src/receiver/reaction.ts';
import { startReceiver } from '../../src/receiver/start-receiver.ts';
import { Secret } from '../../src/signing/sign.ts';
import { lasting, runCli, session, stable, timeless } from '../helpers/run-cli.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const SECRET = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';
const env = { PERSONA_WEBHOOK_SECRET: SECRET };
const receiver = (script: string) =>
  startReceiver({ secrets: [new Secret(SECRET)], script: parseScript(script) });
const REPEATABLE = ['--seed', '7', '--at', '2026-01-31T12:00:00Z'];

describe('the list of scenarios', () => {
  test('shows name, events, duration and story of each', async () => {
    const run = await runCli(['scenario']);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toMatchInlineSnapshot(`
      "scenario                        events  lasts    what happens
      quickstart                      4       5m 30s   the four events of Persona's Quickstart: created, started, completed, approved
      inquiry-approved                21      5m 30s   a person passes the checks of ID and selfie, a workflow approves
      inquiry-declined                21      20m      a person passes the checks, a reviewer declines all the same
      inquiry-failed                  12      4m 1s    the check of the ID fails, and with it the inquiry
      inquiry-expired                 5       1d       a person opens the inquiry and never comes back; it expires after 24 hours
      inquiry-reviewed-then-approved  22      50m 30s  a workflow marks the inquiry for review, a reviewer approves it later
      watchlist-match                 5       20h 57m  a report that was clean finds a match the next night, a reviewer dismisses it
      redaction                       5       1h 3m    the personal data of an approved inquiry and of its account is removed
      case                            9       5h       a case is opened, assigned, resolved, reopened and resolved again
      transaction                     4       15m      a transaction is created, corrected, approved and labelled
      "
    `);
    expect(await runCli(['scenario', '--list'])).toEqual(run);
  });

  test('is one JSON object per scenario with --json', async () => {
    const rows = JSON.parse((await runCli(['scenario', '--list', '--json'])).stdout);
    expect(rows[0]).toEqual({
      name: 'quickstart',
      events: 4,
      durationMs: 330_480,
      description: "the four events of Persona's Quickstart: created, started, completed, approved",
    });
  });
});

describe('--dry-run', () => {
  const argv = ['scenario', 'inquiry-failed', '--dry-run', ...REPEATABLE];

  test('prints the time line and needs no receiver', async () => {
    const run = await runCli(argv);
    expect(run.stdout).toMatchInlineSnapshot(`
      "due      event                    id                            copy
      T+0s     inquiry.created          evt_XEC2shLsZqehxi9o2XFhKEa7  1
      T+1s     account.created          evt_1VzqSfaoaqcNQnCW7J4UoNFG  1
      T+42s    inquiry-session.started  evt_xfDkfkLunLW87iQs1vau74ci  1
      T+1m     inquiry.started          evt_AiJsDJFDvnWbRAkYAxhBUFQm  1
      T+1m 2s  document.created         evt_SmNw2rYMqaqDhiuF5xMHUQxm  1
      T+1m 4s  document.submitted       evt_689qyax6uw1ggb9G1sLVWnoW  1
      T+1m 4s  verification.created     evt_bDssrF64aDDS8r5ZqZWM8hyg  1
      T+1m 4s  verification.submitted   evt_24NxyyMv57TPbYwp2ZbAi1Lu  1
      T+1m 7s  document.processed       evt_ygSUWEwsQhNuN6JLdU3fkk6A  1
      T+1m 8s  verification.failed      evt_x7FPPpqzasHTwRGSrRiCwkBT  1
      T+4m     inquiry-session.expired  evt_2CwdiGfLQTw4Qn7h8EbmvQB3  1
      T+4m 1s  inquiry.failed           evt_RoMyqE83zedzvyJJKrkyyKC2  1
      "
    `);
    expect(run).toMatchObject({
      code: 0,
      stderr: 'repeat with: --seed 7 --at 2026-01-31T12:00:00.000Z\n',
    });
  });

  test('shows the order of shuffled and doubled events', async () => {
    const run = await runCli([...argv, '--shuffle', '--duplicates', '0.3', '--jitter', '2s']);
    expect(run.stdout).toMatchInlineSnapshot(`
      "due       event                    id                            copy
      T+0s      inquiry.created          evt_XEC2shLsZqehxi9o2XFhKEa7  1
      T+1s      verification.submitted   evt_24NxyyMv57TPbYwp2ZbAi1Lu  1
      T+41s     document.submitted       evt_689qyax6uw1ggb9G1sLVWnoW  1
      T+59s     verification.failed      evt_x7FPPpqzasHTwRGSrRiCwkBT  1
      T+1m 1s   verification.created     evt_bDssrF64aDDS8r5ZqZWM8hyg  1
      T+1m 3s   document.processed       evt_ygSUWEwsQhNuN6JLdU3fkk6A  1
      T+1m 4s   inquiry.started          evt_AiJsDJFDvnWbRAkYAxhBUFQm  1
      T+1m 4s   account.created          evt_1VzqSfaoaqcNQnCW7J4UoNFG  1
      T+1m 6s   inquiry.started          evt_AiJsDJFDvnWbRAkYAxhBUFQm  2
      T+1m 7s   inquiry-session.expired  evt_2CwdiGfLQTw4Qn7h8EbmvQB3  1
      T+1m 8s   inquiry-session.started  evt_xfDkfkLunLW87iQs1vau74ci  1
      T+1m 8s   account.created          evt_1VzqSfaoaqcNQnCW7J4UoNFG  2
      T+1m 17s  inquiry-session.started  evt_xfDkfkLunLW87iQs1vau74ci  2
      T+4m      inquiry.failed           evt_RoMyqE83zedzvyJJKrkyyKC2  1
      T+4m 1s   document.created         evt_SmNw2rYMqaqDhiuF5xMHUQxm  1
      T+4m 9s   inquiry.failed           evt_RoMyqE83zedzvyJJKrkyyKC2  2
      "
    `);
  });

  test('obeys --only and --until, and prints JSON with --json', async () => {
    const only = ['--only', 'verification.created,verification.failed', '--until', 'verification.failed'];
    const run = await runCli([...argv, ...only, '--json']);
    expect(run.stdout).toMatchInlineSnapshot(`
      "{"type":"planned","dueMs":0,"eventId":"evt_bDssrF64aDDS8r5ZqZWM8hyg","eventName":"verification.created","copy":1}
      {"type":"planned","dueMs":4592,"eventId":"evt_x7FPPpqzasHTwRGSrRiCwkBT","eventName":"verification.failed","copy":1}
      "
    `);
  });

  test('shows exactly what a run with the same seed sends', async () => {
    await using target = await receiver('200');
    const order = ['--shuffle', '--duplicates', '0.3', '--time-scale', 'instant'];
    const dry = await runCli([...argv, ...order]);
    await runCli(['scenario', 'inquiry-failed', ...REPEATABLE, ...order, '--to', target.url], { env });
    const ids = target.received.map(({ body }) => JSON.parse(body.toString()).data.id);
    expect(dry.stdout.match(/evt_\w+/g)).toEqual(ids);
  });
});

describe('a run of a scenario', () => {
  test('prints a line per event and attempt, and a summary', async () => {
    await using target = await receiver('500,200');
    const argv = ['scenario', 'quickstart', '--to', target.url, '--time-scale', 'instant', ...REPEATABLE];
    const run = await runCli([...argv, '--duplicates', '0.5'], { env });
    expect(timeless(run.stdout)).toMatchInlineSnapshot(`
      "T+0s      inquiry.created  evt_XEC2shLsZqehxi9o2XFhKEa7  1 of 9 ✗ 500 Internal Server Error (N ms); next in 3s (0 ms of real time)
      T+9s      inquiry.created (copy 2)  evt_XEC2shLsZqehxi9o2XFhKEa7  ✓ 200 OK (N ms)
      T+3s      inquiry.created  evt_XEC2shLsZqehxi9o2XFhKEa7  2 of 9 ✓ 200 OK (N ms)
      T+1m      inquiry.started  evt_1VzqSfaoaqcNQnCW7J4UoNFG  ✓ 200 OK (N ms)
      T+2m 13s  inquiry.completed  evt_jvSSX8sPe6HP45LnG96NsDeJ  ✓ 200 OK (N ms)
      T+5m 30s  inquiry.approved  evt_ehLkRkGknzck1yNUk7MKMT6S  ✓ 200 OK (N ms)
      T+5m 31s  inquiry.approved (copy 2)  evt_ehLkRkGknzck1yNUk7MKMT6S  ✓ 200 OK (N ms)
      4 events, 6 deliveries: 6 completed
      "
    `);
    expect(run).toMatchObject({
      code: 0,
      stderr: 'repeat with: --seed 7 --at 2026-01-31T12:00:00.000Z\n',
    });
    expect(target.received.every(({ verification }) => verification.kind === 'valid')).toBe(true);
  });

  test('ends with exit code 1 when a delivery failed', async () => {
    await using target = await receiver('500');
    const argv = ['scenario', 'quickstart', '--to', target.url, '--time-scale', 'instant', ...REPEATABLE];
    const run = await runCli([...argv, '--only', 'inquiry.approved', '--policy', 'persona-2020'], { env });
    expect(run.code).toBe(1);
    expect(stable(run.stdout)).toMatchInlineSnapshot(`
      "T+TIME  inquiry.approved  evt_ID  1 of 5 ✗ 500 Internal Server Error (N ms); next in 3s (0 ms of real time)
      T+TIME  inquiry.approved  evt_ID  2 of 5 ✗ 500 Internal Server Error (N ms); next in 18s (0 ms of real time)
      T+TIME  inquiry.approved  evt_ID  3 of 5 ✗ 500 Internal Server Error (N ms); next in 1m 23s (0 ms of real time)
      T+TIME  inquiry.approved  evt_ID  4 of 5 ✗ 500 Internal Server Error (N ms); next in 4m 18s (0 ms of real time)
      T+TIME  inquiry.approved  evt_ID  5 of 5 ✗ 500 Internal Server Error (N ms)
                inquiry.approved  evt_ID  failed: none of 5 attempts was accepted, and Persona would not try again
      1 event, 1 delivery: 1 failed
      "
    `);
  });

  test('prints one object per attempt and delivery with --json, copies numbered', async () => {
    await using target = await receiver('200');
    const argv = ['scenario', 'quickstart', '--to', target.url, '--time-scale', 'instant', '--json'];
    const run = await runCli([...argv, '--only', 'inquiry.approved', '--duplicates', '1'], { env });
    const records = run.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records.map(({ type, copy }) => [type, copy])).toEqual([
      ['attempt', 1],
      ['delivery', 1],
      ['attempt', 2],
      ['delivery', 2],
    ]);
    expect(new Set(records.map(({ eventId }) => eventId)).size).toBe(1);
  });

  test('obeys --quiet and --reference-id, and says why an event is skipped', async () => {
    await using target = await receiver('200');
    await using folder = await temporaryFolder();
    const webhook = await folder.write('w.json', JSON.stringify({ 'enabled-events': ['inquiry.approved'] }));
    const argv = ['scenario', 'quickstart', '--to', target.url, '--time-scale', 'instant', ...REPEATABLE];
    const options = ['--webhook', webhook, '--reference-id', 'user-1'];
    const quiet = await runCli([...argv, ...options, '--quiet'], { env });
    expect(quiet).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(
      target.received.map(({ body }) => body.toString().split('"reference-id":"user-1"').length),
    ).toEqual([3]);
    const loud = await runCli([...argv, ...options], { env });
    expect(timeless(loud.stdout)).toMatchInlineSnapshot(`
      "          inquiry.created  evt_XEC2shLsZqehxi9o2XFhKEa7  skipped: nothing was sent (the webhook's enabled-events do not list inquiry.created)
                inquiry.started  evt_1VzqSfaoaqcNQnCW7J4UoNFG  skipped: nothing was sent (the webhook's enabled-events do not list inquiry.started)
                inquiry.completed  evt_jvSSX8sPe6HP45LnG96NsDeJ  skipped: nothing was sent (the webhook's enabled-events do not list inquiry.completed)
      T+5m 30s  inquiry.approved  evt_ehLkRkGknzck1yNUk7MKMT6S  ✓ 200 OK (N ms)
      4 events, 4 deliveries: 1 completed, 3 skipped
      "
    `);
  });

  test('may come from a file of your own', async () => {
    await using target = await receiver('200');
    await using folder = await temporaryFolder();
    const steps = [{ event: 'inquiry.created' }, { event: 'inquiry.expired', after: '7d' }];
    const file = await folder.write('mine.json', JSON.stringify({ description: 'x', steps }));
    const argv = ['scenario', file, '--to', target.url, '--time-scale', 'instant', ...REPEATABLE];
    const run = await runCli(argv, { env });
    expect(run.code).toBe(0);
    expect(timeless(run.stdout)).toMatchInlineSnapshot(`
      "T+0s      inquiry.created  evt_XEC2shLsZqehxi9o2XFhKEa7  ✓ 200 OK (N ms)
      T+7d      inquiry.expired  evt_1VzqSfaoaqcNQnCW7J4UoNFG  ✓ 200 OK (N ms)
      2 events, 2 deliveries: 2 completed
      "
    `);
  });

  test('says how long it takes in real time, and ends with exit code 130 at Ctrl-C', async () => {
    await using target = await receiver('200');
    const controller = new AbortController();
    const run = await runCli(['scenario', 'inquiry-expired', '--to', target.url, ...REPEATABLE], {
      env,
      interrupted: controller.signal,
      onOutput: (stdout) => {
        if (stdout.includes('200 OK')) controller.abort();
      },
    });
    expect(run.code).toBe(130);
    expect(timeless(run.stdout)).toMatchInlineSnapshot(`
      "T+0s      inquiry.created  evt_XEC2shLsZqehxi9o2XFhKEa7  ✓ 200 OK (N ms)
      5 events, 5 deliveries: 1 completed, 4 cancelled
      "
    `);
    expect(timeless(run.stderr)).toMatchInlineSnapshot(`
      "5 deliveries over 1d of real time; to shorten that: --time-scale 1h=1s, or instant
      repeat with: --seed 7 --at 2026-01-31T12:00:00.000Z
      "
    `);
    expect(target.received).toHaveLength(1);
  });

  test('counts down to the next event on a terminal', async () => {
    await using target = await receiver('200');
    const controller = new AbortController();
    const run = await runCli(['scenario', 'quickstart', '--to', target.url], {
      ...{ env, isTty: true, interrupted: controller.signal },
      onOutput: (stdout) => {
        if (stdout.includes('next attempt in') && stdout.includes('200 OK')) controller.abort();
      },
    });
    expect(run.stdout.split('\r\u001b[2K')).toContain('  [------------------------]  next attempt in 1m');
    expect(lasting(run.stdout)).toMatchInlineSnapshot(`
      "T+TIME  inquiry.created  evt_ID  ✓ 200 OK (N ms)
      4 events, 4 deliveries: 1 completed, 3 cancelled
      "
    `);
  });
});

test('the help of scenario ends with examples', async () => {
  const { stdout } = await runCli(['scenario', '--help']);
  expect(stdout.split('Examples:')[1]).toMatchInlineSnapshot(`
    "
      $ hookcast scenario
      $ hookcast scenario quickstart --to http://localhost:3000/webhooks
      $ hookcast scenario inquiry-approved --to http://localhost:3000/webhooks \\
          --time-scale instant
      $ hookcast scenario inquiry-approved --shuffle --duplicates 0.2 --seed 7 \\
          --dry-run
      $ hookcast scenario watchlist-match --to http://localhost:3000/webhooks \\
          --time-scale 1h=1s
      $ hookcast scenario ./my-scenario.json --until inquiry.completed \\
          --reference-id user-1

    The gaps between events are those of real life, divided by --time-scale, as are
    the waits for retries.

    Exit codes: 0 all delivered, 1 a delivery failed, 2 wrong usage or a fault in a
    file, 3 the journal broke, 130 interrupted.

    Keys, on a terminal: space pauses and resumes, n sends the next retry or event
    now, + and - change the time scale, ? lists the keys, q stops as Ctrl-C does.

    Docs: docs/scenarios.md

    "
  `);
});

describe('a mistake', () => {
  test('is reported in a sentence, with exit code 2', async () => {
    const to = ['--to', 'http://localhost/'];
    const lines = [
      ['inquiry-aproved', ...to],
      ['nothing-like-it', ...to],
      ['./none.json', ...to],
      ['quickstart'],
      ['quickstart', ...to, '--duplicates', '2'],
      ['quickstart', ...to, '--duplicates', 'x'],
      ['quickstart', ...to, '--jitter', '5'],
      ['quickstart', ...to, '--concurrency', '0'],
      ['quickstart', ...to, '--concurrency', '1.5'],
      ['quickstart', ...to, '--until', 'inquiry.failed'],
      ['quickstart', ...to, '--only', 'case.created'],
      ['quickstart', ...to, '--only', ''],
      ['quickstart', ...to, '--only', 'inquiry.approved', '--until', 'inquiry.started'],
      ['transaction', ...to, '--reference-id'],
      ['quickstart', ...to, '--shufle'],
    ];
    expect(await session(lines.map((argv) => ['scenario', ...argv]))).toMatchInlineSnapshot(`
      "$ hookcast scenario inquiry-aproved --to http://localhost/
      error: unknown scenario 'inquiry-aproved'; did you mean inquiry-approved?
      Known: quickstart, inquiry-approved, inquiry-declined, inquiry-failed, inquiry-expired, inquiry-reviewed-then-approved, watchlist-match, redaction, case, transaction; or a JSON file: ./my-scenario.json
      exit code 2
      $ hookcast scenario nothing-like-it --to http://localhost/
      error: unknown scenario 'nothing-like-it'
      Known: quickstart, inquiry-approved, inquiry-declined, inquiry-failed, inquiry-expired, inquiry-reviewed-then-approved, watchlist-match, redaction, case, transaction; or a JSON file: ./my-scenario.json
      exit code 2
      $ hookcast scenario ./none.json --to http://localhost/
      error: ./none.json: there is no such file
      exit code 2
      $ hookcast scenario quickstart
      error: no receiver given: pass --to http://localhost:3000/webhooks (or set HOOKCAST_URL)
      exit code 2
      $ hookcast scenario quickstart --to http://localhost/ --duplicates 2
      error: --duplicates 2: expected a number from 0 to 1, such as 0.05
      (see: hookcast scenario --help)
      exit code 2
      $ hookcast scenario quickstart --to http://localhost/ --duplicates x
      error: --duplicates x: expected a number from 0 to 1, such as 0.05
      (see: hookcast scenario --help)
      exit code 2
      $ hookcast scenario quickstart --to http://localhost/ --jitter 5
      error: --jitter 5: expected a duration, such as 500ms, 30s, 5m or 2h
      (see: hookcast scenario --help)
      exit code 2
      $ hookcast scenario quickstart --to http://localhost/ --concurrency 0
      error: --concurrency 0: expected a whole number from 1 to 10000000
      (see: hookcast scenario --help)
      exit code 2
      $ hookcast scenario quickstart --to http://localhost/ --concurrency 1.5
      error: --concurrency 1.5: expected a whole number from 1 to 10000000
      (see: hookcast scenario --help)
      exit code 2
      $ hookcast scenario quickstart --to http://localhost/ --until inquiry.failed
      error: --until inquiry.failed: not in quickstart; did you mean inquiry.started, inquiry.created?
      Its events: inquiry.created, inquiry.started, inquiry.completed, inquiry.approved
      exit code 2
      $ hookcast scenario quickstart --to http://localhost/ --only case.created
      error: --only case.created: not in quickstart
      Its events: inquiry.created, inquiry.started, inquiry.completed, inquiry.approved
      exit code 2
      $ hookcast scenario quickstart --to http://localhost/ --only ''
      error: --only is empty
      (see: hookcast scenario --help)
      exit code 2
      $ hookcast scenario quickstart --to http://localhost/ --only inquiry.approved --until inquiry.started
      error: nothing to send: in quickstart, inquiry.approved comes after inquiry.started; leave out --only or --until
      exit code 2
      $ hookcast scenario transaction --to http://localhost/ --reference-id
      error: option '--reference-id <text>' argument missing
      (see: hookcast scenario --help)
      exit code 2
      $ hookcast scenario quickstart --to http://localhost/ --shufle
      error: unknown option '--shufle'
      (Did you mean --shuffle?)
      (see: hookcast scenario --help)
      exit code 2
      "
    `);
  });

  test('in a scenario file is reported with file, position and what was expected', async () => {
    await using folder = await temporaryFolder();
    const steps = [{ event: 'inquiry.created' }, { event: 'inquiry.aproved' }];
    const file = await folder.write('mine.json', JSON.stringify({ description: 'x', steps }));
    const run = await runCli(['scenario', file, '--dry-run']);
    expect(run).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: ${file}: at steps[1].event: expected the name of an event, found "inquiry.aproved" (did you mean inquiry.approved?)\n`,
    });
  });
});
