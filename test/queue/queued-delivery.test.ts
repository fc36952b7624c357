import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeliveryJob } from '../../src/delivery/deliver.ts';
import { attemptQueued } from '../../src/queue/attempt-queued.ts';
import { readRows } from '../../src/queue/attempt-row.ts';
import { keyringOf, openQueued } from '../../src/queue/keyring.ts';
import { encodeQueued, firstDelayMs, toQueued, type QueueTerms } from '../../src/queue/queued-delivery.ts';
import { DEFAULT_POLICY } from '../../src/persona/policies.ts';
import type { Exchange } from '../../src/ports.ts';
import { Secret } from '../../src/signing/sign.ts';
import { anyUnicode } from '../helpers/any-text.ts';
import { virtualClock } from '../helpers/virtual-clock.ts';

const TEXT = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';
const secret = new Secret(TEXT);
const NOW = Date.parse('2026-01-31T12:00:00.250Z');
const terms: QueueTerms = { policy: DEFAULT_POLICY, timeScale: 1000, nowMs: NOW };
const job: DeliveryJob = {
  eventId: 'evt_1',
  eventName: 'inquiry.approved',
  body: Buffer.from('{"n":100.0}'),
  endpoint: {
    url: new URL('http://127.0.0.1:1/hook?a=%2F'),
    secrets: [{ secret, expiresAtMs: NOW + 5_000 }],
    customHeaders: { 'X-Team': 'blue', Authorization: 'Bearer hunter2', 'X-Api-Key': 'k-123' },
  },
};
const keyring = keyringOf({ secrets: [secret], headerValues: ['Bearer hunter2', 'k-123'] });
/** What Redis makes of it. */
const stored = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('a delivery through the queue', () => {
  test('comes out as it was put in', () => {
    const opened = openQueued(stored(toQueued(job, terms)), keyring);
    expect(opened).toMatchObject({ kind: 'ready', job });
  });

  test('keeps every byte of every body', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const body = Buffer.from(bytes);
        const text = encodeQueued(toQueued({ ...job, body }, terms)).toString();
        const opened = openQueued(JSON.parse(text), keyring);
        expect(opened.kind === 'ready' && opened.job.body.equals(body)).toBe(true);
      }),
    );
  });

  test('is JSON, whatever its texts contain', () => {
    const shared = toQueued(job, terms);
    fc.assert(
      fc.property(anyUnicode(), anyUnicode(), (eventId, body) => {
        const queued = { ...shared, eventId, body };
        expect(JSON.parse(encodeQueued(queued).toString())).toEqual(stored(queued));
      }),
    );
  });

  test('contains no secret, unless asked for', () => {
    const text = JSON.stringify(toQueued(job, terms));
    for (const hidden of [TEXT, 'hunter2', 'k-123']) expect(text).not.toContain(hidden);
    expect(text).toContain('blue');
    const open = toQueued(job, { ...terms, storeSecrets: true });
    expect(JSON.stringify(open)).toContain(TEXT);
    expect(openQueued(stored(open), keyringOf({ secrets: [], headerValues: [] }))).toMatchObject({ job });
  });

  test.each([
    [
      'no secret',
      { secrets: [], headerValues: ['Bearer hunter2', 'k-123'] },
      'no secret given to this worker',
    ],
    [
      'another secret',
      { secrets: [new Secret('other')], headerValues: [] },
      'no secret given to this worker',
    ],
    ['no header', { secrets: [secret], headerValues: ['k-123'] }, "its header 'Authorization'"],
  ])('is refused with %s', (_, given, reason) => {
    const opened = openQueued(stored(toQueued(job, terms)), keyringOf(given));
    expect(opened).toMatchObject({ kind: 'refused', reason: expect.stringContaining(reason) });
  });

  test.each([
    ['no object', null, 'not a delivery of hookcast'],
    ['something else', { a: 1 }, 'not a delivery of hookcast'],
    ['a newer form', { version: 2 }, 'a newer version of hookcast'],
  ])('is refused when it is %s', (_, data, reason) => {
    expect(openQueued(data, keyring)).toMatchObject({ reason: expect.stringContaining(reason) });
  });

  test('has no waits with an instant schedule', () => {
    const queued = toQueued(job, { ...terms, timeScale: Infinity, dueMs: 3_600_000 });
    expect(stored(queued)).toMatchObject({ timeScale: 'instant' });
    expect(firstDelayMs(queued)).toBe(0);
    expect(firstDelayMs(toQueued(job, { ...terms, dueMs: 3_600_000 }))).toBe(3_600);
  });
});

describe('one attempt out of the queue', () => {
  const rejection: Exchange = {
    kind: 'response',
    response: { status: 500, headers: { a: ['b', 'c'] }, body: Buffer.alloc(9_000, 1), truncated: false },
    timings: { totalMs: 20 },
  };

  async function attempts(count: number, { delayMs = 0 } = {}) {
    const clock = virtualClock(NOW);
    const lines: string[] = [];
    const queued = toQueued(job, { ...terms, dueMs: 10_000 });
    const sent: Record<string, string>[] = [];
    for (let number = 1; number <= count; number += 1) {
      const made = await attemptQueued(
        { queued, job, number, rows: readRows(lines) },
        {
          clock,
          signal: new AbortController().signal,
          sender: {
            send: (request) => {
              sent.push({ ...request.headers });
              return Promise.resolve(rejection);
            },
          },
          write: (line) => Promise.resolve(void lines.push(line)),
        },
      );
      await clock.sleep(20 + delayMs + (made.wait?.waitMs ?? 0));
    }
    return { rows: readRows(lines), lines, sent };
  }

  test('has its number, and the time that the policy gives it', async () => {
    const { rows, sent } = await attempts(9);
    const seconds = (index: number) => Number(sent[index]?.['Persona-Webhook-First-Attempted-At']);
    expect(rows.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(rows.map(({ simulatedElapsedMs }) => simulatedElapsedMs).slice(0, 4)).toEqual([
      0, 3_020, 69_040, 800_060,
    ]);
    expect(rows[0]?.simulatedAtMs).toBe(NOW + 10_000);
    expect(rows[3]?.simulatedAtMs).toBe(NOW + 10_000 + 800_060);
    expect(seconds(0) - seconds(3)).toBe(799);
  });

  test('counts the time without a worker as elapsed', async () => {
    const { rows } = await attempts(2, { delayMs: 60_000 });
    expect(rows[1]?.simulatedElapsedMs).toBe(60_023);
  });

  test('is recorded before and after it is sent, bounded and without secrets', async () => {
    const { rows, lines } = await attempts(1);
    expect(lines).toHaveLength(2);
    expect(readRows(lines.slice(0, 1))[0]).not.toHaveProperty('outcome');
    expect(rows[0]?.requestHeaders).toMatchObject({ 'X-Team': 'blue', Authorization: '[secret]' });
    expect(lines.join()).not.toContain('hunter2');
    const { outcome } = rows[0]!;
    expect(outcome).toMatchObject({
      kind: 'rejected',
      response: { truncated: true, headers: { a: ['b', 'c'] } },
    });
    expect(outcome?.kind === 'rejected' && outcome.response.body.length).toBe(4_096);
  });

  test('is replaced by a repetition with the same number', async () => {
    const { lines } = await attempts(1);
    const again = JSON.stringify({ ...JSON.parse(lines[0]!), startedAtMs: NOW + 7 });
    expect(readRows([...lines, again])).toMatchObject([{ attempt: 1, startedAtMs: NOW + 7 }]);
    expect(readRows([...lines, again, lines[1]!])).toMatchObject([{ outcome: { kind: 'rejected' } }]);
  });
});
