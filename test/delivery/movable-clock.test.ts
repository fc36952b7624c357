import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/delivery/system-clock.ts';
import { MovableClock } from '../../src/delivery/movable-clock.ts';
import { manualClock, settled } from '../helpers/virtual-clock.ts';

/** A clock, and a list of who woke at which simulated time. */
function setUp(scale = 1) {
  const real = manualClock();
  const clock = new MovableClock(real, scale);
  const woken: [name: string, atMs: number][] = [];
  const sleeper = (name: string, ...waitsMs: number[]) =>
    clock.during(async () => {
      for (const ms of waitsMs) {
        await clock.sleep(ms);
        woken.push([name, clock.now()]);
      }
    });
  return { real, clock, woken, sleeper };
}

describe('a wait', () => {
  test.each([
    [1, 3_000],
    [10, 300],
    [1_000, 3],
    [0.5, 6_000],
  ])('at scale %d lasts %d ms of real time', async (scale, realMs) => {
    const { real, woken, sleeper } = setUp(scale);
    void sleeper('a', 3_000);
    await real.pass(realMs - 1);
    expect(woken).toEqual([]);
    await real.pass(1);
    expect(woken).toEqual([['a', 3_000]]);
  });

  test('does not pass while the clock is paused', async () => {
    const { real, clock, woken, sleeper } = setUp();
    void sleeper('a', 3_000);
    await real.pass(1_000);
    clock.pause();
    clock.pause();
    await real.pass(1_000_000);
    expect([clock.isPaused, clock.now(), clock.leftMs, woken]).toEqual([true, 1_000, 2_000, []]);
    clock.resume();
    await real.pass(1_999);
    expect(woken).toEqual([]);
    await real.pass(1);
    expect(woken).toEqual([['a', 3_000]]);
  });

  test('that begins while the clock is paused waits for the clock', async () => {
    const { real, clock, woken, sleeper } = setUp();
    clock.pause();
    void sleeper('a', 5);
    await real.pass(100);
    expect(woken).toEqual([]);
    clock.resume();
    await real.pass(5);
    expect(woken).toEqual([['a', 5]]);
  });

  test('in progress is recalculated at another scale', async () => {
    const { real, clock, woken, sleeper } = setUp(1);
    void sleeper('a', 66_000);
    await real.pass(6_000);
    clock.setScale(60);
    await real.pass(999);
    clock.setScale(0.03);
    expect(clock.leftMs).toBe(60);
    await real.pass(2_000);
    expect(woken).toEqual([['a', 66_000]]);
    expect(clock.scale).toBe(0.03);
  });

  test('keeps the scale that was set during a pause', async () => {
    const { real, clock, woken, sleeper } = setUp();
    void sleeper('a', 1_000);
    clock.pause();
    clock.setScale(100);
    await real.pass(1_000);
    clock.resume();
    await real.pass(10);
    expect(woken).toEqual([['a', 1_000]]);
  });

  test('ends with the reason when its signal aborts, also while the clock is paused', async () => {
    const { real, clock } = setUp();
    const controller = new AbortController();
    const sleeps = [clock.sleep(1_000, controller.signal), clock.sleep(2_000, controller.signal)];
    await settled();
    clock.pause();
    await settled();
    controller.abort(new Error('stop'));
    for (const sleep of sleeps) await expect(sleep).rejects.toThrow('stop');
    expect(clock.leftMs).toBeUndefined();
    clock.resume();
    await real.pass(5_000);
    await expect(clock.sleep(1, controller.signal)).rejects.toThrow('stop');
  });

  test.each(['pause', 'resume'] as const)('sees an abort in the same moment as %s', async (change) => {
    const { clock } = setUp();
    const controller = new AbortController();
    const sleep = clock.sleep(1_000, controller.signal);
    clock[change]();
    controller.abort(new Error('stop'));
    await expect(sleep).rejects.toThrow('stop');
  });

  test('on the system clock survives every change', async () => {
    const clock = new MovableClock(systemClock, 1);
    const sleep = clock.sleep(3_600_000);
    clock.pause();
    await settled();
    clock.resume();
    await settled();
    clock.setScale(2);
    await settled();
    clock.move(1_000);
    await settled();
    expect(clock.leftMs).toBeGreaterThan(3_500_000);
    clock.setScale(Number.POSITIVE_INFINITY);
    await expect(sleep).resolves.toBeUndefined();
  });

  test('that breaks, breaks for its sleeper', async () => {
    const broken = { now: () => 0, sleep: () => Promise.reject(new RangeError('no timer')) };
    await expect(new MovableClock(broken, 1).sleep(5)).rejects.toThrow('no timer');
  });
});

describe('without real waits', () => {
  test('sleepers wake in the order in which they are due, each at its time', async () => {
    const { real, clock, woken, sleeper } = setUp(Number.POSITIVE_INFINITY);
    void sleeper('late', 100_000);
    void sleeper('early', 3_000, 66_000);
    void sleeper('middle', 50_000);
    await real.pass(0);
    expect(woken).toEqual([
      ['early', 3_000],
      ['middle', 50_000],
      ['early', 69_000],
      ['late', 100_000],
    ]);
    expect(clock.now()).toBe(100_000);
  });

  test('from one moment to the next, and back', async () => {
    const { real, clock, woken, sleeper } = setUp(1);
    void sleeper('a', 3_000);
    await real.pass(1_000);
    clock.setScale(Number.POSITIVE_INFINITY);
    await real.pass(0);
    expect(woken).toEqual([['a', 3_000]]);
    clock.setScale(1);
    void sleeper('b', 10);
    await real.pass(10);
    expect(woken[1]).toEqual(['b', 3_010]);
  });

  test('a paused clock still does not move', async () => {
    const { real, clock, woken, sleeper } = setUp(Number.POSITIVE_INFINITY);
    clock.pause();
    void sleeper('a', 3_000);
    await real.pass(10);
    expect(woken).toEqual([]);
  });
});

describe('advance', () => {
  test('lets everything on the way happen, each at its time, new waits included', async () => {
    const { clock, woken, sleeper } = setUp();
    clock.pause();
    void sleeper('a', 3_000, 66_000, 731_000);
    void sleeper('b', 50_000, 10_000);
    await clock.advance('70s');
    expect(woken).toEqual([
      ['a', 3_000],
      ['b', 50_000],
      ['b', 60_000],
      ['a', 69_000],
    ]);
    expect([clock.now(), clock.movedMs, clock.leftMs]).toEqual([70_000, 70_000, 730_000]);
  });

  test('includes what is due at its very end, and nothing later', async () => {
    const { clock, woken, sleeper } = setUp();
    clock.pause();
    void sleeper('a', 10);
    void sleeper('b', 11);
    await clock.advance(10);
    expect(woken).toEqual([['a', 10]]);
    await clock.advance(0);
    expect(woken).toHaveLength(1);
    await clock.advance(1);
    expect(woken).toHaveLength(2);
  });

  test('counts only what was jumped over by hand', async () => {
    const { real, clock } = setUp(2);
    await real.pass(50);
    await clock.advance(1_000);
    await real.pass(50);
    expect([clock.now(), clock.movedMs]).toEqual([1_200, 1_000]);
  });

  test('waits for work that was under way, and for what is woken', async () => {
    const { clock, woken } = setUp();
    clock.pause();
    void clock.during(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      await clock.sleep(3_000);
      await new Promise((resolve) => setTimeout(resolve, 5));
      woken.push(['a', clock.now()]);
    });
    await clock.advance(3_000);
    expect(woken).toEqual([['a', 3_000]]);
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY, '', '66', 'soon', '-3s', `${'9'.repeat(400)}s`])(
    'refuses %s',
    async (duration) => {
      await expect(setUp().clock.advance(duration)).rejects.toThrow('expected milliseconds, or a duration');
    },
  );
});

describe('next', () => {
  test('lets exactly one happen', async () => {
    const { clock, woken, sleeper } = setUp();
    clock.pause();
    void sleeper('a', 3_000, 66_000);
    void sleeper('b', 3_000);
    expect([await clock.next(), woken]).toEqual([true, [['a', 3_000]]]);
    expect([await clock.next(), woken.length, clock.now()]).toEqual([true, 2, 3_000]);
    expect([await clock.next(), woken.length, clock.now()]).toEqual([true, 3, 69_000]);
    expect([await clock.next(), woken.length, clock.now()]).toEqual([false, 3, 69_000]);
  });

  test('moves a clock that flows, too: the others wait that much less', async () => {
    const { real, clock, woken, sleeper } = setUp(10);
    void sleeper('a', 3_000);
    void sleeper('b', 5_000);
    await real.pass(100);
    await clock.next();
    expect([woken, clock.movedMs, clock.leftMs]).toEqual([[['a', 3_000]], 2_000, 2_000]);
    await real.pass(200);
    expect(woken[1]).toEqual(['b', 5_000]);
  });
});

describe('skip and move', () => {
  test('do not wait for what they wake', async () => {
    const { clock, woken, sleeper } = setUp();
    clock.pause();
    expect(clock.skip()).toBe(false);
    void sleeper('a', 3_000);
    void sleeper('b', 4_000);
    void sleeper('c', 9_000);
    expect([clock.skip(), woken, clock.now()]).toEqual([true, [], 3_000]);
    clock.move(2_000);
    await settled();
    expect(woken.map(([name]) => name).toSorted()).toEqual(['a', 'b']);
    expect([clock.now(), clock.movedMs, clock.leftMs]).toEqual([5_000, 5_000, 4_000]);
  });

  test('wake no sleeper twice', async () => {
    const { clock, woken, sleeper } = setUp();
    clock.pause();
    void sleeper('a', 3_000);
    expect([clock.skip(), clock.skip()]).toEqual([true, false]);
    await settled();
    expect(woken).toHaveLength(1);
  });
});

test.each([0, -1, Number.NaN])('a scale of %d is refused', (scale) => {
  expect(() => new MovableClock(manualClock(), scale)).toThrow('expected a number above 0');
  expect(() => {
    setUp().clock.setScale(scale);
  }).toThrow('expected a number above 0');
});

test('a listener hears each change until it unsubscribes', async () => {
  const { clock, sleeper } = setUp();
  let changes = 0;
  const stop = clock.onChange(() => {
    changes += 1;
  });
  void sleeper('a', 1);
  clock.pause();
  clock.setScale(2);
  clock.skip();
  clock.resume();
  expect(changes).toBe(4);
  stop();
  clock.pause();
  await settled();
  expect(changes).toBe(4);
});

test('after any sequence of changes, each sleeper wakes when it is due, and in that order', async () => {
  // Halves and doubles, so that no division is rounded.
  const change = fc.oneof(
    fc.constantFrom('pause', 'resume', 'skip').map((kind) => ({ kind })),
    fc.constantFrom(0.5, 1, 2, 8, 64, Number.POSITIVE_INFINITY).map((scale) => ({ kind: 'scale', scale })),
    fc.nat(5_000).map((ms) => ({ kind: 'pass', ms })),
    fc.nat(5_000).map((ms) => ({ kind: 'advance', ms })),
    fc.nat(5_000).map((ms) => ({ kind: 'move', ms })),
    fc.nat(20_000).map((ms) => ({ kind: 'sleep', ms })),
    fc.constant({ kind: 'cancel' }),
  ) as fc.Arbitrary<{ kind: string; ms?: number; scale?: number }>;

  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 30 }), async (changes) => {
      const real = manualClock();
      const clock = new MovableClock(real, 1);
      const woken: { dueMs: number; wokenMs: number; isMoving: boolean }[] = [];
      const cancels: AbortController[] = [];
      let [asleep, isMoving] = [0, false];
      const sleep = async (ms: number) => {
        const controller = new AbortController();
        cancels.push(controller);
        const dueMs = clock.now() + ms;
        asleep += 1;
        await clock
          .during(() => clock.sleep(ms, controller.signal))
          .then(
            () => woken.push({ dueMs, wokenMs: clock.now(), isMoving }),
            () => undefined,
          );
        asleep -= 1;
      };
      const steps: Record<string, (ms: number, scale: number) => unknown> = {
        pause: () => clock.pause(),
        resume: () => clock.resume(),
        scale: (_, scale) => clock.setScale(scale),
        pass: (ms) => real.pass(ms),
        advance: (ms) => clock.advance(ms),
        skip: () => clock.skip(),
        move: async (ms) => {
          isMoving = true;
          clock.move(ms);
          await settled();
          isMoving = false;
        },
        sleep: (ms) => void sleep(ms),
        cancel: () => cancels.pop()?.abort(),
      };
      for (const { kind, ms = 0, scale = 1 } of changes) {
        await steps[kind]?.(ms, scale);
        await settled();
      }
      clock.setScale(64);
      clock.resume();
      await real.pass(1_000_000);
      expect(asleep).toBe(0);
      // A move wakes all on its way at its end.
      const inTurn = woken.filter((waking) => !waking.isMoving);
      for (const { dueMs, wokenMs } of inTurn) expect(wokenMs).toBe(dueMs);
      for (const { dueMs, wokenMs } of woken) expect(wokenMs).toBeGreaterThanOrEqual(dueMs);
      const order = inTurn.map(({ dueMs }) => dueMs);
      expect(order).toEqual(order.toSorted((a, b) => a - b));
    }),
    { numRuns: 300 },
  );
});
