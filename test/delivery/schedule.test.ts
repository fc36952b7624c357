import { describe, expect, test } from 'vitest';
import { checkCustomHeaders } from '../../src/delivery/request.ts';
import { nextStep, scheduleOf } from '../../src/delivery/schedule.ts';
import { parseDurationMs, parseTimeScale } from '../../src/delivery/time-scale.ts';
import { DEFAULT_POLICY, POLICIES } from '../../src/persona/policies.ts';

const FAILED = { kind: 'unreachable', code: 'ECONNREFUSED', reason: '' } as const;

test.each([
  ['persona-2022', 9, 446_980, (n: number) => n ** 6 + 2],
  ['persona-2026', 8, 184_822, (n: number) => n ** 6],
  ['persona-2020', 5, 362, (n: number) => n ** 4 + 2],
])('%s: %i attempts over %i s, by its formula', (name, attempts, span, formula) => {
  const policy = POLICIES.find((candidate) => candidate.name === name)!;
  expect(policy.timeoutMs).toBe(5_000);
  const rows = scheduleOf(policy);
  expect(rows).toHaveLength(attempts);
  expect(rows.at(-1)?.offsetSeconds).toBe(span);
  // persona-2026 gives its first delay as 3, where n^6 is 1.
  const delays = policy.delaysSeconds.slice(1);
  expect(delays).toEqual(delays.map((_, index) => formula(index + 2)));
});

test('the next step follows from attempt and outcome alone', () => {
  const response = { status: 200, headers: {}, body: Buffer.alloc(0), truncated: false };
  expect(nextStep(DEFAULT_POLICY, 1, FAILED)).toEqual({ kind: 'wait', delaySeconds: 3 });
  expect(nextStep(DEFAULT_POLICY, 8, FAILED)).toEqual({ kind: 'wait', delaySeconds: 262_146 });
  expect(nextStep(DEFAULT_POLICY, 9, FAILED)).toEqual({ kind: 'settled', state: 'failed' });
  expect(nextStep(DEFAULT_POLICY, 1, { kind: 'accepted', status: 200, response })).toEqual({
    kind: 'settled',
    state: 'completed',
  });
  expect(nextStep(DEFAULT_POLICY, 1, { kind: 'cancelled' })).toEqual({ kind: 'settled', state: 'cancelled' });
});

describe('a time scale', () => {
  test.each([
    ['1000', 1000],
    ['0.5', 0.5],
    ['1h=1s', 3600],
    ['1d=1m', 1440],
    ['250ms=1s', 0.25],
    ['instant', Number.POSITIVE_INFINITY],
  ])('%s is %d', (text, scale) => {
    expect(parseTimeScale(text)).toBe(scale);
  });

  test.each(['0', '-1', '', 'fast', '1h=0s', '0s=1h', '1h', '1h=1x', 'Infinity', 'NaN', '1e400'])(
    '%j is not a time scale',
    (text) => {
      expect(() => parseTimeScale(text)).toThrow(
        `\`timeScale\` ${text}: expected a number above 0, 'instant', or two durations such as 1h=1s`,
      );
    },
  );
});

test.each([
  ['250ms', 250],
  ['1.5s', 1500],
  ['2m', 120_000],
  ['1h', 3_600_000],
  ['3d', 259_200_000],
  ['3', undefined],
  ['s', undefined],
])('%s is %s ms', (text, ms) => {
  expect(parseDurationMs(text)).toBe(ms);
});

test.each([
  ['Persona-Signature', 'x', "header 'Persona-Signature': set by the delivery itself"],
  ['content-length', '1', "header 'content-length': set by the delivery itself"],
  ['bad name', 'x', "header 'bad name': not a name and value that HTTP allows"],
  ['X-Good', 'a\r\nX-Evil: 1', "header 'X-Good': not a name and value that HTTP allows"],
])('custom header %s is refused', (name, value, message) => {
  expect(() => {
    checkCustomHeaders({ [name]: value });
  }).toThrow(message);
});
