import { describe, expect, test } from 'vitest';
import { systemAlarmClock } from '../../src/load/engine/alarm-clock.ts';
import type { AlarmClock } from '../../src/load/ports.ts';
import { virtualAlarms } from '../helpers/virtual-alarms.ts';

interface Implementation {
  readonly clock: AlarmClock;
  /** Lets time pass until the promise is settled. */
  readonly run: <Value>(promise: Promise<Value>) => Promise<Value>;
}

/** Every implementation of the port. */
const CLOCKS: readonly (readonly [name: string, create: () => Implementation])[] = [
  ['the system', () => ({ clock: systemAlarmClock, run: (promise) => promise })],
  [
    'virtual',
    () => {
      const clock = virtualAlarms();
      return { clock, run: (promise) => clock.run(promise) };
    },
  ],
];

/** "A little early": by less than a timer's own inexactness. */
const EARLY_MS = 2;

describe.each(CLOCKS)('an alarm clock: %s', (_, create) => {
  const ringing = (clock: AlarmClock, rung: number[] = []) => {
    let tell: () => void = () => undefined;
    const once = new Promise<void>((resolve) => (tell = resolve));
    const alarm = clock.alarm(() => {
      rung.push(clock.now());
      tell();
    });
    return { alarm, once, rung };
  };

  test('rings once, at its time', async () => {
    const { clock, run } = create();
    const { alarm, once, rung } = ringing(clock);
    const dueMs = clock.now() + 20;
    alarm.set(dueMs);
    await run(once);
    const later = ringing(clock);
    later.alarm.set(clock.now() + 20);
    await run(later.once);
    expect(rung).toHaveLength(1);
    expect(rung[0]).toBeGreaterThan(dueMs - EARLY_MS);
  });

  test('is moved by setting it again', async () => {
    const { clock, run } = create();
    const { alarm, once, rung } = ringing(clock);
    const dueMs = clock.now() + 60;
    alarm.set(dueMs - 50);
    alarm.set(dueMs);
    await run(once);
    expect(rung).toHaveLength(1);
    expect(rung[0]).toBeGreaterThan(dueMs - EARLY_MS);
  });

  test('does not ring once it is cleared, and can be set again', async () => {
    const { clock, run } = create();
    const cleared = ringing(clock);
    const other = ringing(clock);
    cleared.alarm.set(clock.now() + 10);
    other.alarm.set(clock.now() + 30);
    cleared.alarm.clear();
    await run(other.once);
    expect(cleared.rung).toEqual([]);
    cleared.alarm.set(clock.now() + 5);
    await run(cleared.once);
    expect(cleared.rung).toHaveLength(1);
  });

  test('rings at once for a time that is past', async () => {
    const { clock, run } = create();
    const { alarm, once, rung } = ringing(clock);
    alarm.set(clock.now() - 1_000);
    await run(once);
    expect(rung).toHaveLength(1);
  });

  test('never runs backwards', () => {
    const { clock } = create();
    let beforeMs = clock.now();
    for (let reads = 0; reads < 1_000; reads += 1) {
      const nowMs = clock.now();
      expect(nowMs).toBeGreaterThanOrEqual(beforeMs);
      beforeMs = nowMs;
    }
  });
});
