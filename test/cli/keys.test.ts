import { describe, expect, test, vi } from 'vitest';
import { countdownText, liveLine } from '../../src/cli/views/countdown.ts';
import type { Keyboard } from '../../src/cli/io.ts';
import { fasterThan, pressKey, slowerThan } from '../../src/cli/terminal/keys.ts';
import { MovableClock } from '../../src/delivery/movable-clock.ts';
import { Secret } from '../../src/signing/sign.ts';
import { parseScript } from '../../src/receiver/reaction.ts';
import { startReceiver } from '../../src/receiver/start-receiver.ts';
import { lasting, runCli } from '../helpers/run-cli.ts';
import { manualClock, settled } from '../helpers/virtual-clock.ts';

const INSTANT = Number.POSITIVE_INFINITY;
const secret = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';
const env = { PERSONA_WEBHOOK_SECRET: secret };

/** Clocks that move together, and what else keys did. */
function steered(count = 1) {
  const real = manualClock();
  const clocks = Array.from({ length: count }, () => new MovableClock(real, 1));
  const done: string[] = [];
  const press = (keys: string) => {
    for (const key of keys) {
      pressKey(key, {
        clocks,
        interrupt: () => done.push('interrupt'),
        help: () => done.push('help'),
      });
    }
  };
  const sleep = (index: number, ms: number) =>
    void clocks[index]?.during(async () => {
      await clocks[index]?.sleep(ms);
      done.push(`${index} after ${ms}`);
    });
  return { real, clocks, done, press, sleep };
}

describe('a key', () => {
  test('space pauses all clocks and resumes them', () => {
    const { clocks, press } = steered(2);
    press(' ');
    expect(clocks.map(({ isPaused }) => isPaused)).toEqual([true, true]);
    press(' ');
    expect(clocks.map(({ isPaused }) => isPaused)).toEqual([false, false]);
  });

  test('+, = and - change the scale of all clocks', () => {
    const { clocks, press } = steered(2);
    press('+=+-');
    expect(clocks.map(({ scale }) => scale)).toEqual([5, 5]);
    press('---');
    expect(clocks.map(({ scale }) => scale)).toEqual([1, 1]);
  });

  test('n sends what is due first and moves all clocks by the same time', async () => {
    const { clocks, done, press, sleep } = steered(3);
    press('n ');
    sleep(0, 5_000);
    sleep(1, 3_000);
    press('n');
    await settled();
    expect(done).toEqual(['1 after 3000']);
    expect(clocks.map(({ movedMs }) => movedMs)).toEqual([3_000, 3_000, 3_000]);
    expect(clocks[0]?.leftMs).toBe(2_000);
    press('N');
    await settled();
    expect(done).toEqual(['1 after 3000', '0 after 5000']);
    expect(clocks.map(({ movedMs }) => movedMs)).toEqual([5_000, 5_000, 5_000]);
  });

  test('q interrupts, ? and h show the keys, and any other key does nothing', () => {
    const { done, press } = steered();
    press('q?hx\r1');
    expect(done).toEqual(['interrupt', 'help', 'help']);
  });
});

describe('the time scales that + and - choose', () => {
  test('lead from real time to no waits, and back', () => {
    const up = [1];
    while (up.at(-1) !== INSTANT) up.push(fasterThan(up.at(-1)!));
    expect(up).toEqual([
      ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000],
      ...[10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, INSTANT],
    ]);
    const down = [INSTANT];
    while (down.at(-1) !== 1) down.push(slowerThan(down.at(-1)!));
    expect(down).toEqual(up.toReversed());
  });

  test.each([
    [3_600, 2_000, 5_000],
    [0.3, 0.3, 0.5],
    [1.5, 1, 2],
    [7_000_000, 5_000_000, INSTANT],
    [1, 1, 2],
  ])('next to %d are %d and %d', (scale, slower, faster) => {
    expect([slowerThan(scale), fasterThan(scale)]).toEqual([slower, faster]);
  });
});

describe('the live line', () => {
  const state = { delayMs: 66_000, leftMs: 33_000, scale: 1, isPaused: false, waiting: 1 };
  const room = 79;
  const hinted = (line: string) => `${line.padEnd(room - 6)}? keys`;

  test.each([
    [{}, hinted('  [######------]  next attempt in 33s')],
    [{ scale: 10 }, hinted('  [######------]  next attempt in 33s (3.3 s at 10x)')],
    [{ isPaused: true }, hinted('  [######------]  paused 33s before the next attempt')],
    [
      { isPaused: true, scale: 1_234.5 },
      hinted('  [######------]  paused 33s before the next attempt (1230x)'),
    ],
    [
      { isPaused: true, scale: INSTANT, waiting: 3 },
      '  [######------]  paused 33s before the next attempt (instant), 3 deliveries waiting',
    ],
    [{ scale: INSTANT }, hinted('  [############]  attempt under way')],
    [{ leftMs: 0 }, hinted('  [############]  attempt under way')],
  ])('shows %o when keys are read', (change, line) => {
    const shown = liveLine({ ...state, ...change, canBeSteered: true }, room);
    expect(shown).toBe(line.slice(0, room));
  });

  test('has a longer bar and no scale when no keys are read', () => {
    expect(liveLine({ ...state, scale: 10, canBeSteered: false }, room)).toBe(
      '  [############------------]  next attempt in 33s (3.3 s of real time)',
    );
    expect(countdownText({ ...state, waiting: 2 })).toBe(
      '[############------------]  next attempt in 33s, 2 deliveries waiting',
    );
  });

  test.each([20, 40, 60, 79, 200])('never has more than %d characters', (columns) => {
    const longest = { ...state, delayMs: 262_146_000, leftMs: 259_199_000, scale: 3_600.5, waiting: 100 };
    for (const canBeSteered of [true, false]) {
      for (const isPaused of [true, false]) {
        expect(liveLine({ ...longest, isPaused, canBeSteered }, columns).length).toBeLessThanOrEqual(columns);
      }
    }
  });
});

/** Presses keys when the output first holds a text. */
function typist(...steps: [text: string, key: string][]) {
  let onKey: ((key: string) => void) | undefined;
  let listeners = 0;
  let seenTo = 0;
  const keyboard: Keyboard = {
    listen: (listener) => {
      [onKey, listeners] = [listener, listeners + 1];
      return () => {
        listeners -= 1;
      };
    },
  };
  const onOutput = (stdout: string) => {
    const [text, key] = steps[0] ?? [];
    if (text === undefined || key === undefined || !stdout.slice(seenTo).includes(text)) return;
    steps.shift();
    seenTo = stdout.length;
    setImmediate(() => onKey?.(key));
  };
  return { keyboard, onOutput, listening: () => listeners, left: () => steps.length };
}

describe('on a terminal', () => {
  const receiver = (script: string) =>
    startReceiver({ secrets: [new Secret(secret)], script: parseScript(script) });

  test('keys pause send, send the next attempt, show the keys and change the scale', async () => {
    await using target = await receiver('500,500,500,200');
    const hands = typist(
      ['next attempt in 3s', ' '],
      ['paused 3s before', 'n'],
      ['paused 1m 6s before', '?'],
      ['keys: space', '+'],
      ['(2x)', 'n'],
      ['paused 12m 11s before the next attempt (2x)', 'n'],
    );
    const run = await runCli(['send', 'inquiry.approved', '--to', target.url], {
      ...{ env, isTty: true, keyboard: hands.keyboard, onOutput: hands.onOutput },
    });
    expect([run.code, hands.left(), hands.listening()]).toEqual([0, 0, 0]);
    expect(lasting(run.stdout)).toMatchInlineSnapshot(`
      "inquiry.approved  evt_ID
        to http://127.0.0.1:PORT/
        1 of 9  T+TIME  ✗ 500 Internal Server Error (N ms)
        2 of 9  T+TIME  ✗ 500 Internal Server Error (N ms)
      keys: space pause/resume, n next now, + faster, - slower, q stop, ? this
        3 of 9  T+TIME  ✗ 500 Internal Server Error (N ms)
        4 of 9  T+TIME  ✓ 200 OK (N ms)
      completed after 4 attempts
      "
    `);
    expect(target.received).toHaveLength(4);
  });

  test('q stops send as Ctrl-C does', async () => {
    await using target = await receiver('500');
    const hands = typist(['next attempt in 3s', 'q']);
    const run = await runCli(['send', 'inquiry.approved', '--to', target.url], {
      ...{ env, isTty: true, keyboard: hands.keyboard, onOutput: hands.onOutput },
    });
    expect([run.code, hands.listening(), target.received.length]).toEqual([130, 0, 1]);
    expect(lasting(run.stdout)).toMatchInlineSnapshot(`
      "inquiry.approved  evt_ID
        to http://127.0.0.1:PORT/
        1 of 9  T+TIME  ✗ 500 Internal Server Error (N ms)
      cancelled after 1 attempt
      "
    `);
  });

  test('n sends the next event of a scenario', async () => {
    await using target = await receiver('200');
    const hands = typist(
      ['next attempt in 1m', ' '],
      ['paused 1m', 'n'],
      ['paused 1m 12s', 'n'],
      ['paused 3m', 'n'],
    );
    const run = await runCli(['scenario', 'quickstart', '--to', target.url], {
      ...{ env, isTty: true, keyboard: hands.keyboard, onOutput: hands.onOutput },
    });
    expect([run.code, hands.left(), target.received.length]).toEqual([0, 0, 4]);
  });

  test('q between two events of a scenario leaves no timer and no live line', async () => {
    await using target = await receiver('200');
    const [begun, ended] = [vi.spyOn(globalThis, 'setInterval'), vi.spyOn(globalThis, 'clearInterval')];
    const hands = typist(['200 OK', 'q']);
    const run = await runCli(['scenario', 'quickstart', '--to', target.url], {
      ...{ env, isTty: true, keyboard: hands.keyboard, onOutput: hands.onOutput },
    });
    expect([run.code, target.received.length]).toEqual([130, 1]);
    expect(lasting(run.stdout)).toMatchInlineSnapshot(`
      "T+TIME  inquiry.created  evt_ID  ✓ 200 OK (N ms)
      4 events, 4 deliveries: 1 completed, 3 cancelled
      "
    `);
    const timers = begun.mock.results.map(({ value }) => value as unknown);
    expect(timers).toHaveLength(1);
    expect(ended.mock.calls.map(([timer]) => timer)).toEqual(expect.arrayContaining(timers));
    vi.restoreAllMocks();
  });

  test.each([['--json'], ['--quiet']])('%s does not read the keys', async (flag) => {
    await using target = await receiver('200');
    let asked = 0;
    const keyboard: Keyboard = { listen: () => () => (asked += 1) };
    await runCli(['send', 'inquiry.approved', '--to', target.url, flag], { env, isTty: true, keyboard });
    expect(asked).toBe(0);
  });
});

test.each(['send', 'scenario'])('%s --help names the keys', async (command) => {
  const { stdout } = await runCli([command, '--help']);
  expect(/^Keys, on a terminal:[^]*?\n\n/m.exec(stdout)?.[0]).toMatchInlineSnapshot(`
    "Keys, on a terminal: space pauses and resumes, n sends the next retry or event
    now, + and - change the time scale, ? lists the keys, q stops as Ctrl-C does.

    "
  `);
});
