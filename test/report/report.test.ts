import fc from 'fast-check';
import { Chalk } from 'chalk';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { Attempt, Outcome } from '../../src/delivery/attempt.ts';
import { DEFAULT_POLICY, POLICIES } from '../../src/persona/policies.ts';
import { describeOutcome } from '../../src/report/describe-outcome.ts';
import { formatElapsed, formatSpan } from '../../src/report/duration.ts';
import {
  attemptRecord,
  deliveryRecord,
  type AttemptRecord,
  type OutcomeRecord,
} from '../../src/report/ndjson.ts';
import { answerLine, attemptLine, endLine, scheduleTable, waitLine } from '../../src/report/text.ts';
import { printable } from '../../src/text/printable.ts';
import { anyText } from '../helpers/any-text.ts';

const URL_TEXT = 'http://localhost:3000/hook';
const STYLE = { chalk: new Chalk({ level: 0 }), policy: DEFAULT_POLICY, verbose: true };

function response(status: number, body = '', headers: Record<string, string> = {}) {
  return { status, headers, body: Buffer.from(body), truncated: false };
}

function rejected(status: number, headers: Record<string, string> = {}): Outcome {
  return { kind: 'rejected', status, response: response(status, '', headers) };
}

const unreachable = (code: string, reason = 'why'): Outcome => ({ kind: 'unreachable', code, reason });

describe('an outcome in words', () => {
  test.each<[Outcome, string]>([
    [{ kind: 'accepted', status: 200, response: response(200) }, '200 OK'],
    [rejected(500), '500 Internal Server Error'],
    [rejected(599), '599'],
    [rejected(201), '201 Created: only 200 counts (persona-2022)'],
    [rejected(301, { location: '/a' }), '301 Moved Permanently: redirect to /a, not followed'],
    [rejected(304), '304 Not Modified: redirect, not followed'],
    [rejected(401), '401 Unauthorized'],
    [rejected(404), '404 Not Found: no such route: is the path of the URL right?'],
    [{ kind: 'timed-out', phase: 'connect', timeoutMs: 5000 }, 'no connection within 5 s'],
    [{ kind: 'timed-out', phase: 'headers', timeoutMs: 5000 }, 'no answer within 5 s'],
    [{ kind: 'timed-out', phase: 'body', timeoutMs: 5000 }, 'answer began but was not complete within 5 s'],
    [unreachable('ECONNREFUSED'), 'connection refused: is a server running on localhost:3000?'],
    [unreachable('ENOTFOUND'), 'host name localhost not found: a typo, or no network?'],
    [
      unreachable('DEPTH_ZERO_SELF_SIGNED_CERT'),
      'the certificate is self-signed: trust its authority with `ca`, or any certificate with `insecure`',
    ],
    [
      unreachable('HPE_INVALID_CONSTANT'),
      'localhost:3000 does not speak HTTP (it does not begin with HTTP/1.1 and a status)',
    ],
    [unreachable('EODD', 'odd\u001b[31m thing'), 'odd\\u001b[31m thing (EODD)'],
    [
      { kind: 'timed-out', phase: 'tls', timeoutMs: 5_000 },
      'connected, but no answer to the TLS handshake within 5 s: does the port speak http:// only?',
    ],
    [
      { kind: 'unreachable', code: 'ERR_TLS_ANSWER', reason: 'why' },
      'localhost:3000 answers with TLS: use https://',
    ],
    [
      { kind: 'unreachable', code: 'HPE_UNEXPECTED_CONTENT_LENGTH', reason: 'why' },
      'the answer is not valid HTTP: it has two Content-Length headers',
    ],
    [
      {
        kind: 'unreachable',
        code: 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
        reason: '204 must not have a body, and this one announces 2 bytes',
      },
      'the answer is not valid HTTP: 204 must not have a body, and this one announces 2 bytes',
    ],
    [
      {
        kind: 'unreachable',
        code: 'ECONNREFUSED',
        reason: 'nothing listens on 127.0.0.1:3000, but [::1]:3000 answers',
      },
      'connection refused: nothing listens on 127.0.0.1:3000, but [::1]:3000 answers',
    ],
    [{ kind: 'cancelled' }, 'interrupted before the receiver had answered'],
  ])('%j', (outcome, words) => {
    expect(describeOutcome(outcome, DEFAULT_POLICY, URL_TEXT)).toBe(words);
  });

  test('names the statuses of the policy', () => {
    expect(describeOutcome(rejected(206), POLICIES[1]!, URL_TEXT)).toBe(
      '206 Partial Content: only 200, 201, 202, 204 counts (persona-2026)',
    );
  });
});

function attempt(outcome: Outcome, overrides: Partial<Attempt> = {}): Attempt {
  return {
    attempt: 4,
    attemptsLeft: 5,
    startedAtMs: Date.parse('2026-01-31T12:00:01.000Z'),
    simulatedAtMs: Date.parse('2026-01-31T12:13:20.000Z'),
    simulatedElapsedMs: 800_000,
    request: { url: new URL(URL_TEXT), headers: {}, body: Buffer.from('{}') },
    outcome,
    timings: { totalMs: 12.3456 },
    ...overrides,
  };
}

describe('lines for people', () => {
  test('an attempt, the wait after it, and the answer', () => {
    const failed = attempt({ kind: 'rejected', status: 500, response: response(500, 'boom\n\u001b[2Jgone') });
    expect(attemptLine(failed, URL_TEXT, STYLE)).toBe(
      '  4 of 9  T+13m 20s   ✗ 500 Internal Server Error (12 ms)',
    );
    expect(waitLine({ delayMs: 4_098_000, waitMs: 40.98 }, STYLE)).toBe(
      '          next in 1h 8m (41 ms of real time)',
    );
    expect(waitLine({ delayMs: 3_000, waitMs: 3_000 }, STYLE)).toBe('          next in 3s');
    expect(answerLine(failed, STYLE)).toBe('          answer: boom\\n\\u001b[2Jgone');
    expect(answerLine(attempt({ kind: 'cancelled' }), STYLE)).toBeUndefined();
  });

  test.each([
    ['completed', 'completed after 1 attempt'],
    ['failed', 'failed: none of 1 attempt was accepted, and Persona would not try again'],
    ['skipped', 'skipped: nothing was sent'],
    ['cancelled', 'cancelled after 1 attempt'],
  ] as const)('a delivery that is %s', (state, line) => {
    expect(endLine({ state, attempts: 1 }, STYLE)).toBe(line);
  });

  test('the schedule', () => {
    expect(scheduleTable(DEFAULT_POLICY, 3600)).toMatchInlineSnapshot(`
      "attempt  delay     after the first  real wait  real total
      1        -         T+0s             0 ms       0 ms
      2        3 s       T+3s             0.83 ms    0.83 ms
      3        66 s      T+1m 9s          18 ms      19 ms
      4        731 s     T+13m 20s        203 ms     222 ms
      5        4098 s    T+1h 21m         1.14 s     1.36 s
      6        15627 s   T+5h 42m         4.34 s     5.7 s
      7        46658 s   T+18h 39m        12.96 s    18.66 s
      8        117651 s  T+2d 3h          32.68 s    51.34 s
      9        262146 s  T+5d 4h          1m 13s     2m 4s"
    `);
  });
});

describe('the JSON contract', () => {
  const endpoint = { url: new URL(URL_TEXT), secrets: [] };
  const job = { eventId: 'evt_1', eventName: 'inquiry.approved', endpoint };

  test('an attempt', () => {
    const record = attemptRecord(job, attempt(rejected(500)), { delayMs: 4_098_000, waitMs: 40.98 });
    expect(record).toEqual({
      type: 'attempt',
      eventId: 'evt_1',
      eventName: 'inquiry.approved',
      url: URL_TEXT,
      attempt: 4,
      attemptsLeft: 5,
      startedAt: '2026-01-31T12:00:01.000Z',
      simulatedAt: '2026-01-31T12:13:20.000Z',
      durationMs: 12.346,
      outcome: { kind: 'rejected', status: 500 },
      nextDelayMs: 4_098_000,
      nextWaitMs: 40.98,
    });
    expectTypeOf(record).toEqualTypeOf<AttemptRecord>();
  });

  test.each<[Outcome, OutcomeRecord]>([
    [
      { kind: 'accepted', status: 200, response: response(200) },
      { kind: 'accepted', status: 200 },
    ],
    [
      { kind: 'timed-out', phase: 'body', timeoutMs: 5000 },
      { kind: 'timed-out', phase: 'body', timeoutMs: 5000 },
    ],
    [unreachable('ECONNREFUSED'), { kind: 'unreachable', code: 'ECONNREFUSED' }],
    [{ kind: 'cancelled' }, { kind: 'cancelled' }],
  ])('the outcome %j', (outcome, record) => {
    expect(attemptRecord(job, attempt(outcome), undefined)).toMatchObject({
      outcome: record,
      nextDelayMs: null,
      nextWaitMs: null,
    });
  });

  test('a delivery', () => {
    const delivery = {
      eventId: 'evt_1',
      eventName: 'x',
      url: URL_TEXT,
      state: 'failed',
      attempts: [attempt(rejected(500))],
      body: Buffer.alloc(0),
    } as const;
    expect(deliveryRecord(delivery)).toEqual({
      type: 'delivery',
      eventId: 'evt_1',
      eventName: 'x',
      url: URL_TEXT,
      state: 'failed',
      attempts: 1,
    });
  });
});

describe('text from a receiver', () => {
  test('has no control character left', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(printable(text, 10_000)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/);
      }),
    );
  });

  test('is cut off', () => {
    expect(printable('x'.repeat(300))).toHaveLength(200);
    expect(printable('a\tb\r\n')).toBe('a\\tb\\r\\n');
  });
});

test.each([
  [0, '0s'],
  [999, '1s'],
  [66_000, '1m 6s'],
  [60_000, '1m'],
  [3_600_000, '1h'],
  [3_605_000, '1h'],
  [446_980_000, '5d 4h'],
])('a span of %i ms is %s', (ms, text) => {
  expect(formatSpan(ms)).toBe(text);
});

test.each([
  [0, '0 ms'],
  [0.03, '0.03 ms'],
  [9.999, '10 ms'],
  [12.34, '12 ms'],
  [5_000, '5 s'],
  [5_012, '5.01 s'],
  [60_000, '1m'],
])('%d ms took %s', (ms, text) => {
  expect(formatElapsed(ms)).toBe(text);
});
