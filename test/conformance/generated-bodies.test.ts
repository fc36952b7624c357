import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/event/seeded-random.ts';
import { GENERATED_PAYLOADS } from '../../src/conformance/checks/env-generated.ts';
import { GENERATED_SPELLINGS } from '../../src/conformance/checks/raw-generated.ts';
import { changes, valueText } from '../../src/conformance/kit/search-bodies.ts';
import { bodyOf } from '../../src/http/wire.ts';
import { ModelReceiver } from '../mutants/model-receiver.ts';
import { RAW_BODY_MUTANTS } from '../mutants/raw-body.ts';
import { runAgainst } from '../mutants/run-model.ts';

const mutant = (id: string) => RAW_BODY_MUTANTS.find((one) => one.id === id)!.create;

class BreaksOnOwls extends ModelReceiver {
  override parse(body: Buffer) {
    if (body.includes('🦉')) throw new Error('ER_TRUNCATED_WRONG_VALUE_FOR_FIELD');
    return super.parse(body);
  }
}

class BreaksFrom extends ModelReceiver {
  requests = 0;

  override checkRequest() {
    this.requests += 1;
    if (this.requests === 3) throw new Error('once');
  }
}

describe('generated bodies', () => {
  test('have values that are JSON in any spelling', () => {
    fc.assert(fc.property(valueText(fc), (text) => void JSON.parse(text)));
  });

  test('have unknown keys that are JSON in any spelling', () => {
    fc.assert(
      fc.property(changes(fc), ({ unknown }) => {
        for (const { text } of unknown) JSON.parse(text);
      }),
    );
  });

  test.each([GENERATED_SPELLINGS, GENERATED_PAYLOADS])(
    '$id sends forty different bodies to a receiver that takes them all',
    async (check) => {
      const [result] = await runAgainst(new ModelReceiver(), [check]);
      expect(result!.verdict).toMatchObject({
        kind: 'pass',
        actual: 'all of 40 generated bodies, the last: status 200',
      });
      expect(new Set(result!.wire.map(({ request }) => bodyOf(request).toString())).size).toBe(40);
    },
  );

  test.each([
    {
      create: mutant('hmac-over-latin1'),
      check: GENERATED_SPELLINGS,
      difference:
        /^status 401 for a genuine event, compact, with "generated0":\{"type":"string","value":"\S{1,2}"\} added to its fields$/,
    },
    {
      create: () => new BreaksOnOwls(),
      check: GENERATED_PAYLOADS,
      difference: /^status 500 for inquiry\.approved with "generated0":"🦉" in attributes$/,
    },
  ])('are shrunk by $check.id to $difference', async ({ create, check, difference }) => {
    const [result] = await runAgainst(create(), [check]);
    expect(result!.verdict.kind).toBe('fail');
    expect(result!.verdict.actual).toMatch(difference);
    expect(result!.wire.at(-1)!.label).toBe('smallest body that breaks it');
    expect(result!.wire.length).toBeLessThan(300);
  });

  test('are the same with the same seed, and others with another', async () => {
    const find = async (seed: number) => {
      const [result] = await runAgainst(new ModelReceiver(), [GENERATED_PAYLOADS], (suiteContext) => ({
        ...suiteContext,
        random: seededRandom(seed),
        // Not the receiver's time, so that all is refused: which breaks nothing.
        clock: { ...suiteContext.clock, now: () => 1_700_000_000_000 },
      }));
      return result!.wire.map(({ request }) => bodyOf(request).toString());
    };
    const [first, again, other] = [await find(1), await find(1), await find(2)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  test('are reported even when the answer does not come again', async () => {
    const [result] = await runAgainst(new BreaksFrom(), [GENERATED_PAYLOADS]);
    expect(result!.verdict.kind).toBe('fail');
    expect(result!.verdict.actual).toMatch(/^status 200 when sent again, but not the first time, for /);
  });

  test('are not blamed for a fault of hookcast', async () => {
    const [result] = await runAgainst(new ModelReceiver(), [GENERATED_PAYLOADS], (suiteContext) => ({
      ...suiteContext,
      fixture: () => Promise.reject(new Error('no such file')),
    }));
    expect(result!.verdict).toMatchObject({
      kind: 'error',
      actual: 'the check itself broke: no such file',
    });
  });

  test('do not wait long for a receiver that hangs', async () => {
    let nowMs = Date.now();
    const [result] = await runAgainst(
      mutant('hmac-over-latin1')(),
      [GENERATED_SPELLINGS],
      (suiteContext) => ({
        ...suiteContext,
        // Each look at the clock takes two seconds.
        clock: { ...suiteContext.clock, now: () => (nowMs += 2_000) },
      }),
    );
    expect(result!.wire.length).toBeLessThan(20);
  });
});
