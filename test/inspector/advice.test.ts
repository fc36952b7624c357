import { expect, test } from 'vitest';
import type { Delivery, Outcome } from '../../src/inspector/api/records.ts';
import { finishedText } from '../../src/inspector/text/finished-text.ts';
import { logOffset, logPosition } from '../../src/inspector/screens/delivery/schedule-points.ts';
import { adviceFor } from '../../src/inspector/text/advice.ts';
import { shortTime } from '../../src/inspector/text/format.ts';
import { shapeOf } from '../../src/inspector/text/shape.ts';
import { visible } from '../../src/inspector/text/visible.ts';

const rejected = (status: number): Outcome => ({ kind: 'rejected', status });
const unreachable = (code: string): Outcome => ({ kind: 'unreachable', code, reason: '' });

test.each<[Delivery['signature'], Outcome | null, RegExp | undefined]>([
  ['valid', null, undefined],
  ['valid', { kind: 'accepted', status: 200 }, undefined],
  ['valid', { kind: 'cancelled' }, undefined],
  ['valid', rejected(204), /answer 200/],
  ['valid', rejected(302), /Redirects are not followed/],
  ['valid', rejected(401), /If it refuses the signature.*Signature$/],
  ['valid', rejected(404), /the path of the webhook/],
  ['valid', rejected(405), /take POST/],
  ['valid', rejected(413), /larger bodies/],
  ['valid', rejected(500), /The receiver broke.*Response$/],
  ['valid', { kind: 'timed-out', phase: 'connect', timeoutMs: 5_000 }, /host and the port/],
  ['valid', { kind: 'timed-out', phase: 'headers', timeoutMs: 5_000 }, /Answer 200 first/],
  ['valid', unreachable('ECONNREFUSED'), undefined],
  ['valid', unreachable('ECONNRESET'), /Did the receiver crash/],
  ['valid', unreachable('ENOTFOUND'), /spelled right/],
  ['none', rejected(401), /That is right/],
  ['none', rejected(500), /Answer 401/],
  ['none', unreachable('ECONNRESET'), undefined],
  ['tampered', { kind: 'accepted', status: 200 }, /does it verify signatures at all\?.*Signature$/],
  ['stale', { kind: 'accepted', status: 200 }, /ten minutes old/],
])('what to do about %s, %o', (signature, lastOutcome, expected) => {
  const { text, tab } = adviceFor({ signature, lastOutcome }) ?? {};
  if (expected === undefined) expect(text).toBeUndefined();
  else expect(`${text ?? ''} ${tab ?? ''}`.trim()).toMatch(expected);
});

test('control characters are seen; line ends, tabs and all other text stay', () => {
  expect(visible('a\tb\r\nc\nخطأ é 😀')).toBe('a\tb\r\nc\nخطأ é 😀');
  expect(visible('\u0007\u001b[2J\r\u007f\u0085\u202egnp.exe\u2066')).toBe(
    '␇␛[2J␍⟨U+007F⟩⟨U+0085⟩⟨U+202E⟩gnp.exe⟨U+2066⟩',
  );
});

test('a time of another day says which', () => {
  const at = new Date(2026, 10, 28, 14, 3, 59).getTime();
  expect(shortTime(at, new Date(2026, 10, 28, 0, 0, 1).getTime())).toBe('14:03:59');
  expect(shortTime(at, new Date(2026, 10, 29, 0, 0, 1).getTime())).toBe('11-28 14:03');
});

test('a place on the line and its time are the same', () => {
  const longestMs = 446_000_000;
  for (const offsetMs of [0, 3_000, 69_000, longestMs]) {
    expect(logOffset(logPosition(offsetMs, longestMs), longestMs)).toBeCloseTo(offsetMs, 3);
  }
});

test('a check is counted once: a forgery that was taken has failed, whoever could judge it', () => {
  const verdicts = (...all: readonly string[]) => all.map((verdict) => ({ id: 'A-1', title: '', verdict }));
  const text = (failures: number, ...all: readonly string[]) =>
    finishedText({ done: all.length, failures, results: verdicts(...all) });
  expect(text(0, 'pass', 'info')).toBe('All checks passed.');
  expect(text(0, 'pass', 'needs-oracle')).toBe('No check failed; 1 could not be judged.');
  expect(text(2, 'fail', 'error', 'needs-oracle')).toBe('2 of 3 checks failed; 1 could not be judged.');
  expect(text(1, 'fail', 'fail', 'needs-oracle')).toBe('1 of 3 checks failed; 1 could not be judged.');
});

test('what a webhook makes of events is said in words', () => {
  const plain = {
    'api-version': '2025-12-08',
    'api-key-inflection': 'kebab',
    'included-allowlist': null,
    'relationship-allowlist': null,
    'payload-filter': null,
  } as const;
  expect(shapeOf(plain)).toEqual(['in the words of version 2025-12-08', 'keys as name-last']);
  expect(
    shapeOf({
      ...plain,
      'api-key-inflection': 'camel',
      'included-allowlist': { state: 'include_none' },
      'relationship-allowlist': { state: 'include_some', relationships: ['account', 'template'] },
      'payload-filter': {},
    }).slice(1),
  ).toEqual([
    'keys renamed: nameLast for name-last',
    'related objects left out',
    'relationships left out, except account, template',
    'only events that pass the payload filter',
  ]);
});
