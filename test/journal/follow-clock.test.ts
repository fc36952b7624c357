import { expect, test } from 'vitest';
import { openJournalStore } from '../../src/journal/sqlite/journal-store.ts';
import { openJournal } from '../../src/journal/sqlite/open-journal.ts';
import { MovableClock } from '../../src/delivery/movable-clock.ts';
import type { HttpSender } from '../../src/ports.ts';
import { resumeJournal } from '../../src/simulator/resume.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { runCli } from '../helpers/run-cli.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { manualClock, settled, type ManualClock } from '../helpers/virtual-clock.ts';

const refusing: HttpSender = {
  send: () =>
    Promise.resolve({
      kind: 'response',
      response: { status: 500, headers: {}, body: Buffer.alloc(0), truncated: false },
      timings: { totalMs: 1 },
    }),
};

/** Real milliseconds until the next attempt, by what the journal says. */
async function leftMs(path: string, clock: ManualClock, id = 'd1'): Promise<number> {
  await settled();
  await settled();
  const store = openJournalStore(path);
  const next = (await store.find(id))?.nextAttemptAtMs;
  await store.close();
  return next! - clock.now();
}

const webhook = { url: 'http://127.0.0.1:9/' };

test('the stored time of the next attempt follows the clock of the delivery', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  const clock = manualClock(1_000_000);
  const journal = openJournal(path);
  const simulator = createSimulator({ webhook, journal, sender: refusing, clock });
  const stop = new AbortController();
  let attempted: () => void = () => undefined;
  const firstAttempt = new Promise<void>((resolve) => (attempted = resolve));
  const delivery = simulator.deliver('inquiry.approved', { signal: stop.signal, onAttempt: attempted });
  await firstAttempt;
  expect(await leftMs(path, clock)).toBe(3_000);
  simulator.clock.setScale(10);
  expect(await leftMs(path, clock)).toBe(300);
  await clock.pass(100);
  simulator.clock.pause();
  await clock.pass(5_000);
  simulator.clock.resume();
  expect(await leftMs(path, clock)).toBe(200);
  simulator.clock.move(1_000);
  expect(await leftMs(path, clock)).toBe(100);
  simulator.clock.setScale(1);
  expect(await leftMs(path, clock)).toBe(1_000);
  stop.abort(new Error('interrupted'));
  await delivery;
  journal.close();
  // A change after the end changes nothing.
  simulator.clock.setScale(100);
  expect(await leftMs(path, clock)).toBe(1_000);

  const again = openJournal(path);
  const simulatedClock = new MovableClock(clock, 5);
  const stopAgain = new AbortController();
  const { signal } = stopAgain;
  const run = resumeJournal({ journal: again, sender: refusing, clock, simulatedClock, signal });
  expect(await leftMs(path, clock)).toBe(200);
  simulatedClock.setScale(2);
  expect(await leftMs(path, clock)).toBe(500);
  stopAgain.abort(new Error('interrupted'));
  await run;
  again.close();
});

test('each of two simulators of one webhook moves only its own deliveries', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  const clock = manualClock(1_000_000);
  const journal = openJournal(path);
  const stop = new AbortController();
  const [first, second] = [0, 1].map(() => createSimulator({ webhook, journal, sender: refusing, clock }));
  const runs: Promise<unknown>[] = [];
  for (const simulator of [first!, second!]) {
    await new Promise<void>((onAttempt) => {
      runs.push(simulator.deliver('inquiry.approved', { signal: stop.signal, onAttempt: () => onAttempt() }));
    });
  }
  first!.clock.setScale(10);
  second!.clock.move(1_000);
  expect(await leftMs(path, clock, 'd1')).toBe(300);
  expect(await leftMs(path, clock, 'd2')).toBe(2_000);
  stop.abort(new Error('interrupted'));
  await Promise.all(runs);
  journal.close();
});

test('resuming some deliveries does not change the times of the others', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  const clock = manualClock(1_000_000);
  const journal = openJournal(path);
  const simulator = createSimulator({ webhook, journal, sender: refusing, clock });
  for (const round of [1, 2]) {
    const stop = new AbortController();
    const onAttempt = () => stop.abort(new Error(`interrupted ${round}`));
    await simulator.deliver('inquiry.approved', { signal: stop.signal, onAttempt });
  }
  const stop = new AbortController();
  const { signal } = stop;
  const simulatedClock = new MovableClock(clock, 1);
  const run = resumeJournal({ journal, only: [1], sender: refusing, clock, simulatedClock, signal });
  await leftMs(path, clock, 'd1');
  simulatedClock.move(1_000);
  expect(await leftMs(path, clock, 'd1')).toBe(2_000);
  expect(await leftMs(path, clock, 'd2')).toBe(3_000);
  stop.abort(new Error('interrupted'));
  await run;
  journal.close();
});

test('resume counts down on a terminal, and the key n sends the next delivery now', async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/j.db`;
  const journal = openJournal(path);
  const simulator = createSimulator({ webhook, journal, sender: refusing });
  const stop = new AbortController();
  await simulator.deliver('inquiry.approved', {
    signal: stop.signal,
    onAttempt: () => stop.abort(new Error('interrupted')),
  });
  journal.close();
  let press: (key: string) => void = () => undefined;
  let isGivenBack = false;
  const keyboard = {
    listen: (onKey: (key: string) => void) => {
      press = onKey;
      return () => (isGivenBack = true);
    },
  };
  const pressed: string[] = [];
  const run = await runCli(['resume', '--journal', path], {
    isTty: true,
    keyboard,
    onOutput: (stdout) => {
      const key = stdout.includes('d1 inquiry.approved 2 of 9') ? 'q' : 'n';
      if (!stdout.includes('next attempt in') || pressed.includes(key)) return;
      pressed.push(key);
      setImmediate(() => press(key));
    },
  });
  expect(pressed).toEqual(['n', 'q']);
  expect(run.code).toBe(130);
  expect(isGivenBack).toBe(true);
});
