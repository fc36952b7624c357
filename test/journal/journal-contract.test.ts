import { describe, expect, test } from 'vitest';
import type { Attempt } from '../../src/delivery/attempt.ts';
import type { Journal, NewDelivery } from '../../src/journal/journal.ts';
import { openJournal } from '../../src/journal/sqlite/open-journal.ts';
import { recordWebhook } from '../../src/journal/webhook-record.ts';
import { DEFAULT_POLICY } from '../../src/persona/policies.ts';
import { DEVELOPMENT_SECRET, Secret } from '../../src/signing/sign.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const START_MS = Date.parse('2026-01-31T12:00:00Z');
const BODY = Buffer.from('{"n":100.0,"name":"é"}');

interface Opened extends AsyncDisposable {
  /** Again and again, for what outlives a process. */
  journal(): Promise<Journal>;
}

async function opened(options: { durability: 'full' | 'normal'; reopens: boolean }): Promise<Opened> {
  const folder = await temporaryFolder();
  const open = () => openJournal(`${folder.path}/j.db`, { durability: options.durability });
  let journal = open();
  return {
    journal: async () => {
      if (!options.reopens) return journal;
      await journal.commit();
      journal.close();
      return (journal = open());
    },
    [Symbol.asyncDispose]: async () => {
      journal.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Every implementation of the port. */
const JOURNALS: readonly (readonly [name: string, open: () => Promise<Opened>])[] = [
  ['SQLite, each commit on the disk', () => opened({ durability: 'full', reopens: false })],
  ['SQLite, commits in the system’s cache', () => opened({ durability: 'normal', reopens: false })],
  ['SQLite, opened again at each step', () => opened({ durability: 'full', reopens: true })],
];

function webhookOf(journal: Journal, url = 'http://127.0.0.1:9/hook'): number {
  const endpoint = { url: new URL(url), secrets: [{ secret: new Secret(DEVELOPMENT_SECRET) }] };
  const source = { from: 'development' } as const;
  return journal.addWebhook(recordWebhook(endpoint, { policy: DEFAULT_POLICY, salt: journal.salt, source }));
}

function newDelivery(webhook: number, changes: Partial<NewDelivery> = {}): NewDelivery {
  const event = { eventId: 'evt_1', eventName: 'inquiry.approved', body: BODY };
  return { ...event, webhook, createdAtMs: START_MS, dueAtMs: START_MS, ...changes };
}

function attemptOf(attempt: number, status: number): Attempt {
  const nowMs = START_MS + (attempt - 1) * 3_000;
  const position = { attempt, attemptsLeft: 9 - attempt, simulatedElapsedMs: nowMs - START_MS };
  const response = { status, headers: {}, body: Buffer.from('ok'), truncated: false };
  const outcome = { kind: status === 200 ? ('accepted' as const) : ('rejected' as const), status, response };
  const request = { url: new URL('http://127.0.0.1:9/'), headers: {}, body: BODY };
  return { ...position, simulatedAtMs: nowMs, startedAtMs: nowMs, request, outcome, timings: { totalMs: 1 } };
}

function begin(journal: Journal, delivery: number, attempt: Attempt): void {
  const { request, startedAtMs: nowMs, ...position } = attempt;
  const skipped = { skippedBeforeMs: 0, skippedMs: 0 };
  journal.attemptBegins({ delivery, position: { ...position, nowMs }, request, ...skipped });
}

async function added(box: Opened, changes: Partial<NewDelivery> = {}): Promise<number> {
  const webhook = webhookOf(await box.journal());
  return (await box.journal()).addDelivery(newDelivery(webhook, changes));
}

describe.each(JOURNALS)('a journal: %s', (_, open) => {
  test('recognises a webhook with the same secret', async () => {
    await using box = await open();
    const first = webhookOf(await box.journal());
    const other = webhookOf(await box.journal(), 'http://127.0.0.1:9/other');
    expect(webhookOf(await box.journal())).toBe(first);
    const urls = [...(await box.journal()).webhooks()].map(([id, { url }]) => [id, url]);
    expect(urls).toEqual([
      [first, 'http://127.0.0.1:9/hook'],
      [other, 'http://127.0.0.1:9/other'],
    ]);
  });

  test('keeps what is pending, byte for byte, until it is settled', async () => {
    await using box = await open();
    const webhook = webhookOf(await box.journal());
    const id = (await box.journal()).addDelivery(newDelivery(webhook));
    expect((await box.journal()).pending(id)).toEqual({
      ...{ id, webhook, eventId: 'evt_1', eventName: 'inquiry.approved', body: BODY, recipe: undefined },
      ...{ attemptsMade: 0, firstAttemptAtMs: undefined, wait: undefined },
      ...{ skippedBeforeMs: 0, skippedMs: 0 },
    });
    (await box.journal()).settle(id, 'failed', START_MS);
    const journal = await box.journal();
    expect([journal.pending(id), journal.pendingCount()]).toEqual([undefined, 0]);
  });

  test('numbers deliveries upwards, and never a second time', async () => {
    await using box = await open();
    const webhook = webhookOf(await box.journal());
    const ids = [];
    for (let count = 0; count < 3; count += 1) {
      const journal = await box.journal();
      ids.push(journal.addDelivery(newDelivery(webhook, { eventId: `evt_${count}` })));
      journal.settle(ids.at(-1) ?? 0, 'completed', START_MS);
    }
    expect(ids).toEqual([1, 2, 3]);
  });

  test('lists what is due by number, from where it is asked', async () => {
    await using box = await open();
    const webhook = webhookOf(await box.journal());
    for (const dueMs of [500, 0, 9_000]) {
      (await box.journal()).addDelivery(newDelivery(webhook, { dueAtMs: START_MS + dueMs }));
    }
    const journal = await box.journal();
    const due = [500, 0, 9_000].map((dueMs, index) => ({
      ...{ id: index + 1, dueAtMs: START_MS + dueMs, timeScale: 1 },
    }));
    expect(journal.due(0, 10)).toEqual(due);
    expect(journal.due(1, 1)).toEqual([due[1]]);
    expect(journal.due(3, 10)).toEqual([]);
    expect(journal.dueOf([2, 1, 99])).toEqual(due.filter(({ id }) => id < 3));
    expect(journal.dueOf([])).toEqual([]);
  });

  test('knows the next attempt of a delivery after a failed one', async () => {
    await using box = await open();
    const id = await added(box);
    const attempt = attemptOf(1, 500);
    begin(await box.journal(), id, attempt);
    const wait = { delayMs: 3_000, sinceMs: START_MS + 1, timeScale: 10 };
    (await box.journal()).attemptEnded(id, attempt, wait);
    const journal = await box.journal();
    expect(journal.pending(id)).toMatchObject({
      ...{ attemptsMade: 1, firstAttemptAtMs: START_MS },
      wait: { delayMs: 3_000, sinceMs: START_MS + 1 },
    });
    const due = { id, dueAtMs: START_MS + 301, timeScale: 10 };
    expect(journal.due(0, 1)).toEqual([{ ...due, wait: { delayMs: 3_000, sinceMs: START_MS + 1 } }]);
  });

  test('repeats an attempt whose outcome is unknown', async () => {
    await using box = await open();
    const id = await added(box);
    begin(await box.journal(), id, attemptOf(1, 200));
    expect((await box.journal()).pending(id)).toMatchObject({ attemptsMade: 0, firstAttemptAtMs: START_MS });
  });

  test('has nothing pending after an attempt that settles its delivery', async () => {
    await using box = await open();
    const id = await added(box);
    const attempt = attemptOf(1, 200);
    begin(await box.journal(), id, attempt);
    (await box.journal()).attemptSettled(id, attempt, { state: 'completed', atMs: START_MS + 1 });
    const journal = await box.journal();
    expect([journal.pendingCount(), journal.due(0, 10)]).toEqual([0, []]);
  });

  test('resends as a new delivery with the same bytes', async () => {
    await using box = await open();
    const id = await added(box);
    (await box.journal()).settle(id, 'completed', START_MS);
    const again = (await box.journal()).resend(id, START_MS + 5);
    const journal = await box.journal();
    expect(again).toBe(id + 1);
    expect(journal.pending(again)).toMatchObject({ eventId: 'evt_1', attemptsMade: 0, body: BODY });
    expect(journal.due(0, 10)).toEqual([{ id: again, dueAtMs: START_MS + 5, timeScale: 1 }]);
    expect(journal.webhookOf(again)).toBe(journal.webhookOf(id));
  });

  test('settles pending deliveries on request, and no others', async () => {
    await using box = await open();
    const webhook = webhookOf(await box.journal());
    const ids = [];
    for (let count = 0; count < 3; count += 1)
      ids.push((await box.journal()).addDelivery(newDelivery(webhook)));
    (await box.journal()).settle(ids[0] ?? 0, 'completed', START_MS);
    const cancelled = (await box.journal()).carryOut({ kind: 'cancel', deliveries: ids.slice(0, 2) });
    const settled = { kind: 'settled', webhooks: [] };
    expect(cancelled).toEqual({ ...settled, deliveries: [ids[1]], state: 'cancelled' });
    const disabled = (await box.journal()).carryOut({ kind: 'disable', webhooks: [webhook] });
    expect(disabled).toEqual({ ...settled, deliveries: [ids[2]], state: 'failed', webhooks: [webhook] });
    expect((await box.journal()).pendingOf([webhook])).toEqual([]);
  });

  test('never makes a wait longer than planned', async () => {
    await using box = await open();
    const wait = { delayMs: 3_000, sinceMs: START_MS + 3_600_000, timeScale: 1 };
    const ahead = { dueAtMs: wait.sinceMs + wait.delayMs, wait };
    const id = await added(box, ahead);
    (await box.journal()).limitWaits(START_MS);
    expect((await box.journal()).due(0, 10)).toMatchObject([{ id, dueAtMs: START_MS + 3_000, timeScale: 1 }]);
  });

  test('recomputes the times of next attempts after the clock was moved', async () => {
    await using box = await open();
    const journal = await box.journal();
    const webhook = webhookOf(journal);
    const wait = { delayMs: 60_000, sinceMs: START_MS, timeScale: 1 };
    const waiting = newDelivery(webhook, { dueAtMs: START_MS + 60_000, wait });
    const id = journal.addDelivery(waiting);
    const other = journal.addDelivery(waiting);
    const moved = { fromMs: START_MS, nowMs: START_MS + 1_000, passedMs: 40_000, timeScale: 10 };
    (await box.journal()).reschedule({ ...moved, deliveries: [id] });
    // 20 s are left, which take 2 s from now.
    expect((await box.journal()).due(0, 10)).toMatchObject([
      { id, dueAtMs: START_MS + 3_000, timeScale: 10 },
      { id: other, dueAtMs: START_MS + 60_000, timeScale: 1 },
    ]);
  });

  test('a wait that began while the clock stood still is whole', async () => {
    await using box = await open();
    const journal = await box.journal();
    const webhook = webhookOf(journal);
    const [before, later] = [START_MS, START_MS + 5_000].map((sinceMs) => {
      const wait = { delayMs: 60_000, sinceMs, timeScale: 10 };
      return journal.addDelivery(newDelivery(webhook, { dueAtMs: sinceMs + 6_000, wait }));
    });
    const still = { fromMs: START_MS + 1_000, nowMs: START_MS + 9_000, passedMs: 2_000, stoodStill: true };
    (await box.journal()).reschedule({ ...still, timeScale: 1 });
    expect((await box.journal()).due(0, 10)).toMatchObject([
      { id: before, dueAtMs: START_MS + 9_000 + 48_000 },
      { id: later, dueAtMs: START_MS + 9_000 + 58_000 },
    ]);
  });

  test('keeps notes by their names, and takes them away', async () => {
    await using box = await open();
    const journal = await box.journal();
    journal.note('clock:a', { nowMs: 1, isOdd: true });
    journal.note('clock:a', { nowMs: 2 });
    journal.note('clock:b', {});
    journal.note('clock:b', undefined);
    journal.note('run:c', {});
    expect(await box.journal().then((again) => again.notes('clock:'))).toEqual(
      new Map([['a', { nowMs: 2, isOdd: true }]]),
    );
  });
});

test('a closed journal is neither written nor read, and can be closed again', async () => {
  await using box = await opened({ durability: 'full', reopens: false });
  const journal = await box.journal();
  const webhook = webhookOf(journal);
  let heard = 0;
  journal.onChange(() => (heard += 1));
  journal.close();
  expect(journal.broken.aborted).toBe(true);
  expect(() => journal.addDelivery(newDelivery(webhook))).toThrow('the journal was closed');
  expect(() => journal.pendingCount()).toThrow('the journal was closed');
  expect(heard).toBe(0);
});
