import { describe, expect, it, test } from 'vitest';
import { DEFAULT_POLICY, POLICIES } from '../../src/persona/policies.ts';
import { scheduleOf } from '../../src/delivery/schedule.ts';
import { Secret } from '../../src/signing/sign.ts';
import { verify } from '../../src/signing/verify.ts';
import { DEVELOPMENT_SECRET } from '../../src/signing/sign.ts';
import { mergeResults } from '../../src/load/merge-results.ts';
import { summarise } from '../../src/load/result.ts';
import type { LoadLog } from '../../src/load/ports.ts';
import { emitVirtually, numberedEvents, pretendedReceiver } from '../helpers/load.ts';
import { VIRTUAL_START_MS, virtualAlarms } from '../helpers/virtual-alarms.ts';

const ATTEMPTS = 'Persona-Webhook-Attempts-Made';

describe('first attempts', () => {
  it('leave as fast as the slots allow when there is no rate', async () => {
    const clock = virtualAlarms();
    const sender = pretendedReceiver(clock, () => ({ status: 200, after: 10 }));
    const result = await emitVirtually(clock, { count: 6, concurrency: 2 }, { sender });
    expect(sender.seen.map(({ atMs }) => atMs - VIRTUAL_START_MS)).toEqual([0, 0, 10, 10, 20, 20]);
    expect(result).toMatchObject({
      events: 6,
      attempts: 6,
      deliveries: { completed: 6 },
      statuses: { 200: 6 },
    });
    expect(result.endedAtMs - result.startedAtMs).toBe(30);
  });

  it('keep the rate of the plan', async () => {
    const clock = virtualAlarms();
    const sender = pretendedReceiver(clock);
    await emitVirtually(clock, { count: 4, ratePerSecond: 8 }, { sender });
    expect(sender.seen.map(({ atMs }) => atMs - VIRTUAL_START_MS)).toEqual([0, 125, 250, 375]);
  });

  it('count their latency from the intended start, so that a stalled receiver cannot hide', async () => {
    const clock = virtualAlarms();
    // One stall of a second, and quick ever after.
    const sender = pretendedReceiver(clock, ({ before, eventId }) => ({
      status: 200,
      after: before === 0 && eventId === 'evt_0' ? 1_000 : 0,
    }));
    const result = await emitVirtually(clock, { count: 11, ratePerSecond: 10, concurrency: 1 }, { sender });
    expect(summarise(result.responseTime)).toMatchObject({ p50Ms: 0, maxMs: 1_000 });
    expect(result.latency.map(([us]) => Math.round(us / 100_000))).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ]);
    expect(result.seconds).toEqual([
      { second: 0, sent: 1, accepted: 0, failed: 0 },
      { second: 1, sent: 10, accepted: 11, failed: 0 },
    ]);
  });

  it('end with the duration, and those without a free slot are counted', async () => {
    const clock = virtualAlarms();
    const sender = pretendedReceiver(clock, () => ({ status: 200, after: 1_000 }));
    const plan = { ratePerSecond: 10, durationMs: 2_000, concurrency: 2 };
    const result = await emitVirtually(clock, plan, { sender });
    expect(result).toMatchObject({ events: 4, unsent: 16, deliveries: { completed: 4 } });
  });

  it('end when the source has no more events', async () => {
    const clock = virtualAlarms();
    const sender = pretendedReceiver(clock);
    const result = await emitVirtually(clock, { count: 9 }, { sender }, numberedEvents(3));
    expect(result.events).toBe(3);
  });
});

describe('retries', () => {
  test.each(POLICIES)('follow the schedule of $name to the millisecond', async (policy) => {
    const clock = virtualAlarms();
    const sender = pretendedReceiver(clock, () => ({ status: 500 }));
    const result = await emitVirtually(clock, { count: 1 }, { sender, policy });
    const schedule = scheduleOf(policy);
    expect(sender.seen.map(({ atMs }) => atMs - VIRTUAL_START_MS)).toEqual(
      schedule.map(({ offsetSeconds }) => offsetSeconds * 1000),
    );
    expect(sender.seen.map(({ headers }) => headers[ATTEMPTS])).toEqual(
      schedule.map(({ attempt }) => String(attempt)),
    );
    expect(result).toMatchObject({
      events: 1,
      attempts: schedule.length,
      retries: schedule.length - 1,
      deliveries: { completed: 0, failed: 1 },
      statuses: { 500: schedule.length },
    });
  });

  it('carry the same bytes, and count the time since the first attempt in simulated time', async () => {
    const clock = virtualAlarms();
    const sender = pretendedReceiver(clock, ({ before }) => ({ status: before === 3 ? 200 : 503 }));
    await emitVirtually(clock, { count: 1, timeScale: 1000 }, { sender });
    expect(new Set(sender.seen.map(({ body }) => body)).size).toBe(1);
    expect(
      sender.seen.map(
        ({ atMs, headers }) =>
          Math.floor(atMs / 1000) - Number(headers['Persona-Webhook-First-Attempted-At']),
      ),
    ).toEqual([0, 3, 69, 800]);
  });

  it('go before first attempts', async () => {
    const clock = virtualAlarms();
    const sender = pretendedReceiver(clock, ({ before, eventId }) => ({
      status: before === 0 && eventId === 'evt_0' ? 500 : 200,
      after: 2_000,
    }));
    await emitVirtually(clock, { count: 5, concurrency: 1 }, { sender });
    expect(sender.seen.map(({ eventId }) => eventId)).toEqual([
      'evt_0',
      'evt_1',
      'evt_2',
      'evt_0',
      'evt_3',
      'evt_4',
    ]);
  });

  it('leave at once when the time scale is instant', async () => {
    const clock = virtualAlarms();
    const sender = pretendedReceiver(clock, () => ({ status: 500 }));
    const result = await emitVirtually(clock, { count: 20, timeScale: Infinity }, { sender });
    expect(result).toMatchObject({ attempts: 180, deliveries: { failed: 20 } });
    expect(result.endedAtMs).toBe(result.startedAtMs);
  });

  it('stay pending when the run does not drain', async () => {
    const clock = virtualAlarms();
    const sender = pretendedReceiver(clock, () => ({ status: 500 }));
    const result = await emitVirtually(clock, { count: 5, drain: false }, { sender });
    expect(result).toMatchObject({ attempts: 5, deliveries: { waiting: 5, failed: 0 } });
  });
});

describe('an attempt', () => {
  it('times out at its limit, and not before', async () => {
    const clock = virtualAlarms();
    const policy = { ...DEFAULT_POLICY, delaysSeconds: [] };
    const sender = pretendedReceiver(clock, ({ eventId }) =>
      eventId === 'evt_0' ? { silence: true } : { status: 200, after: eventId === 'evt_1' ? 4_999 : 5_001 },
    );
    const result = await emitVirtually(clock, { count: 3, concurrency: 3 }, { sender, policy });
    expect(result).toMatchObject({
      outcomes: { accepted: 1, 'timed-out': 2 },
      phases: { headers: 2 },
      deliveries: { completed: 1, failed: 2 },
    });
    expect(result.endedAtMs - result.startedAtMs).toBe(5_000);
  });

  it('has its own limit when its slot made an attempt before', async () => {
    const clock = virtualAlarms();
    const policy = { ...DEFAULT_POLICY, delaysSeconds: [] };
    const sender = pretendedReceiver(clock, ({ eventId }) =>
      eventId === 'evt_2' ? { silence: true } : { status: 200, after: 2_000 },
    );
    const result = await emitVirtually(clock, { count: 3, concurrency: 1 }, { sender, policy });
    expect(result.outcomes).toMatchObject({ accepted: 2, 'timed-out': 1 });
    expect(result.endedAtMs - result.startedAtMs).toBe(9_000);
  });

  it('without a connection is counted by its code, and not as a response time', async () => {
    const clock = virtualAlarms();
    const sender = pretendedReceiver(clock, () => ({ code: 'ECONNREFUSED' }));
    const result = await emitVirtually(clock, { count: 1, drain: false }, { sender });
    expect(result).toMatchObject({ codes: { ECONNREFUSED: 1 }, responseTime: [] });
    expect(result.examples).toEqual([
      {
        kind: 'unreachable',
        status: 0,
        code: 'ECONNREFUSED',
        eventId: 'evt_0',
        eventName: 'inquiry.approved',
        attempt: 1,
        afterMs: 0,
      },
    ]);
  });
});

describe('a machine that is out of files or ports', () => {
  it('continues with fewer connections and loses no event', async () => {
    const clock = virtualAlarms();
    const sender = pretendedReceiver(clock, ({ slot }) =>
      slot === 0 ? { status: 200, after: 1 } : { code: 'EMFILE' },
    );
    const result = await emitVirtually(clock, { count: 10, concurrency: 3 }, { sender });
    expect(result).toMatchObject({
      exhausted: { EMFILE: 2 },
      attempts: 10,
      outcomes: { unreachable: 0 },
      deliveries: { completed: 10 },
    });
  });

  it('stops with an error when it can open no connection', async () => {
    const clock = virtualAlarms();
    const sender = pretendedReceiver(clock, () => ({ code: 'EADDRNOTAVAIL' }));
    await expect(emitVirtually(clock, { count: 10 }, { sender })).rejects.toMatchObject({
      code: 'EXHAUSTED',
      message:
        'no more connections can be opened. EADDRNOTAVAIL: no local port is left for another connection; lower `concurrency`, or wait until old connections are gone',
    });
  });
});

describe('a wall clock that is set during a run', () => {
  const t = (headers: Readonly<Record<string, string | undefined>>) =>
    Number(/^t=(\d+)/.exec(headers['Persona-Signature'] ?? '')?.[1]);

  /** Moved just after the start. */
  const movedClock = (movedMs: number) => {
    let isMoved = false;
    const skewMs = (atMs = Infinity) => (isMoved && atMs > VIRTUAL_START_MS ? movedMs : 0);
    return { ...virtualAlarms(), skewMs, move: () => (isMoved = true) };
  };

  it.each([
    // As if the machine had slept.
    [3_600_000, 0],
    // Simulated time goes forward all the same.
    [-3_600_000, -3_600],
  ])('by %i ms changes t, but no waits; the first attempt was at %i s', async (movedMs, first) => {
    const clock = movedClock(movedMs);
    const sender = pretendedReceiver(clock, ({ before }) => {
      if (before === 0) clock.move();
      return { status: before === 0 ? 500 : 200 };
    });
    const result = await emitVirtually(clock, { count: 1 }, { sender });
    const startSeconds = Math.floor(VIRTUAL_START_MS / 1000);
    expect(
      sender.seen.map(({ atMs, headers }) => [
        atMs - VIRTUAL_START_MS,
        t(headers) - startSeconds,
        Number(headers['Persona-Webhook-First-Attempted-At']) - startSeconds,
      ]),
    ).toEqual([
      [0, 0, 0],
      [3_000, 3 + movedMs / 1000, first],
    ]);
    expect([result.startedAtMs, result.endedAtMs]).toEqual([
      VIRTUAL_START_MS + movedMs,
      VIRTUAL_START_MS + movedMs + 3_000,
    ]);
  });

  it.each([3_600_000, -3_600_000])(
    'by %i ms changes when events happen, and retries keep their bytes',
    async (movedMs) => {
      const clock = movedClock(movedMs);
      const sender = pretendedReceiver(clock, ({ before }) => {
        clock.move();
        return { status: before === 0 ? 500 : 200 };
      });
      await emitVirtually(clock, { count: 2, ratePerSecond: 1 }, { sender });
      const bodies = new Map(sender.seen.map(({ eventId, body }) => [eventId, body]));
      const happened = (body: string) => (JSON.parse(body) as { data: { at: number } }).data.at;
      const times = [...bodies.values()].map((body) => happened(body) - VIRTUAL_START_MS);
      expect(times).toEqual([0, 1_000 + movedMs]);
      for (const { eventId, body } of sender.seen) expect(body).toBe(bodies.get(eventId));
    },
  );
});

describe('the send order', () => {
  it('delivers some events twice, with the same bytes', async () => {
    const clock = virtualAlarms();
    const sender = pretendedReceiver(clock, () => ({ status: 200, after: 7 }));
    const result = await emitVirtually(clock, { count: 100, duplicates: 0.25, reorder: 20 }, { sender });
    const ids = sender.seen.map(({ eventId }) => eventId);
    expect(result.events).toBe(100);
    expect(result.duplicates).toBe(ids.length - 100);
    expect(result.duplicates).toBeGreaterThan(10);
    expect(new Set(ids).size).toBe(100);
    expect(new Set(sender.seen.map(({ body }) => body)).size).toBe(100);
  });

  it('shuffles within a window, and in the same way for the same seed', async () => {
    const order = async (seed: number) => {
      const clock = virtualAlarms();
      const sender = pretendedReceiver(clock);
      await emitVirtually(clock, { count: 40, reorder: 10, concurrency: 1, seed }, { sender });
      return sender.seen.map(({ eventId }) => Number(eventId.slice(4)));
    };
    const shuffled = await order(7);
    expect(shuffled).not.toEqual(shuffled.toSorted((a, b) => a - b));
    expect(shuffled.map((number) => Math.floor(number / 10))).toEqual(
      shuffled.map((_, place) => Math.floor(place / 10)),
    );
    expect(shuffled.toSorted((a, b) => a - b)).toEqual(shuffled.map((_, place) => place));
    expect(await order(7)).toEqual(shuffled);
    expect(await order(8)).not.toEqual(shuffled);
  });

  it('forges some events, does not retry those, and counts their answers', async () => {
    const clock = virtualAlarms();
    const secrets = [new Secret(DEVELOPMENT_SECRET)];
    const sender = pretendedReceiver(clock, ({ body, headers }) => {
      const header = headers['Persona-Signature'] ?? '';
      return { status: verify(Buffer.from(body), header, { secrets }).kind === 'valid' ? 200 : 401 };
    });
    const result = await emitVirtually(clock, { count: 200, forged: 0.3 }, { sender });
    expect(result.forged.sent).toBeGreaterThan(30);
    expect(result.forged).toEqual({
      sent: 200 - result.events,
      refused: 200 - result.events,
      accepted: 0,
      unanswered: 0,
    });
    expect(result).toMatchObject({ attempts: result.events, retries: 0, statuses: { 200: result.events } });
  });

  it('shows the forgeries that were accepted', async () => {
    const clock = virtualAlarms();
    const result = await emitVirtually(clock, { count: 10, forged: 1 }, { sender: pretendedReceiver(clock) });
    expect(result.forged).toEqual({ sent: 10, refused: 0, accepted: 10, unanswered: 0 });
    expect(result.examples.map(({ kind, status }) => [kind, status])).toEqual([
      ['accepted', 200],
      ['accepted', 200],
      ['accepted', 200],
    ]);
  });
});

describe('after an outage', () => {
  it('everything sent during the outage arrives by the schedule, with the right headers', async () => {
    const clock = virtualAlarms();
    const sender = pretendedReceiver(clock);
    // One event a second for 70 s: those of the last 3 s have made one attempt, those before two, the first three.
    const plan = { outageMs: 70_000, ratePerSecond: 1, timeScale: 1 };
    const result = await emitVirtually(clock, plan, { sender });
    const made = sender.seen.map(({ headers }) => headers[ATTEMPTS]);
    expect(result).toMatchObject({
      events: 70,
      attempts: 70,
      retries: 70,
      deliveries: { completed: 70, lost: 0 },
    });
    expect(made.toSorted().join('')).toBe(`${'2'.repeat(3)}${'3'.repeat(66)}4`);
    for (const { eventId, atMs, headers } of sender.seen) {
      const happenedMs = VIRTUAL_START_MS - 70_000 + Number(eventId.slice(4)) * 1000;
      const offset = scheduleOf(DEFAULT_POLICY)[Number(headers[ATTEMPTS]) - 1]!.offsetSeconds;
      expect(atMs).toBe(happenedMs + offset * 1000);
      expect(Number(headers['Persona-Webhook-First-Attempted-At'])).toBe(Math.floor(happenedMs / 1000));
    }
  });

  it('events without an attempt left are lost', async () => {
    const clock = virtualAlarms();
    const policy = { ...DEFAULT_POLICY, delaysSeconds: [10] };
    const plan = { outageMs: 60_000, ratePerSecond: 1, timeScale: Infinity };
    const result = await emitVirtually(clock, plan, { sender: pretendedReceiver(clock), policy });
    expect(result.deliveries).toMatchObject({ completed: 10, lost: 50 });
  });
});

describe('the end of a run', () => {
  it('comes after an interrupt when no attempt is under way, and pending deliveries are counted', async () => {
    const clock = virtualAlarms();
    const stop = new AbortController();
    const sender = pretendedReceiver(clock, ({ eventId }) => ({
      status: eventId === 'evt_0' ? 500 : 200,
      after: 100,
    }));
    clock.after(950, () => stop.abort());
    const result = await emitVirtually(clock, { ratePerSecond: 10 }, { sender, signal: stop.signal });
    expect(result).toMatchObject({
      isInterrupted: true,
      events: 10,
      deliveries: { completed: 9, waiting: 1 },
    });
    expect(result.endedAtMs - result.startedAtMs).toBe(1_000);
  });

  it('comes at most 5 s after an interrupt', async () => {
    const clock = virtualAlarms();
    const stop = new AbortController();
    const policy = { ...DEFAULT_POLICY, timeoutMs: 60_000 };
    const sender = pretendedReceiver(clock, () => ({ silence: true }));
    clock.after(1_000, () => stop.abort());
    const result = await emitVirtually(clock, {}, { sender, policy, signal: stop.signal });
    expect(result).toMatchObject({ outcomes: { cancelled: 2 }, deliveries: { cancelled: 2 } });
    expect(result.endedAtMs - result.startedAtMs).toBe(6_000);
  });
});

it('emit sends no attempt before its beginning is recorded', async () => {
  const clock = virtualAlarms();
  const sender = pretendedReceiver(clock, ({ before }) => ({ status: before === 0 ? 500 : 200 }));
  const lines: string[] = [];
  const log: LoadLog = {
    leftBehind: () => 0,
    isSettled: () => false,
    listen: () => undefined,
    withdraw: () => expect.fail('everything leaves'),
    begin: ({ eventNumber, attempt, journalId }) => {
      lines.push(`begin ${eventNumber}.${attempt} as ${journalId}`);
      return 7;
    },
    end: ({ eventNumber, attempt }, { result }) => {
      lines.push(`end ${eventNumber}.${attempt} ${result.kind}`);
      return undefined;
    },
    commit: (callback) => {
      clock.after(10, () => {
        lines.push(`safe, ${sender.seen.length} sent`);
        callback();
      });
    },
  };
  const result = await emitVirtually(clock, { count: 1 }, { sender, log });
  expect(lines).toEqual([
    'begin 0.1 as 0',
    'safe, 0 sent',
    'end 0.1 rejected',
    'begin 0.2 as 7',
    'safe, 1 sent',
    'end 0.2 accepted',
    'safe, 2 sent',
  ]);
  expect(result.endedAtMs - result.startedAtMs).toBe(3_020);
});

it('the results of parallel runs are merged into one', async () => {
  const clock = virtualAlarms();
  const sender = pretendedReceiver(clock, ({ before }) => ({ status: before === 0 ? 500 : 200, after: 5 }));
  const one = await emitVirtually(clock, { count: 3 }, { sender });
  const both = mergeResults([one, one]);
  expect(both).toMatchObject({
    events: 6,
    attempts: 12,
    deliveries: { completed: 6 },
    statuses: { 200: 6, 500: 6 },
  });
  expect(both.latency.map(([us, count]) => [us, count / 2])).toEqual(one.latency);
  expect(both.seconds.map(({ sent }) => sent / 2)).toEqual(one.seconds.map(({ sent }) => sent));
  expect(structuredClone(both)).toEqual(both);
});
