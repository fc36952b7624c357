import { describe, expect, test } from 'vitest';
import { conform } from '../../src/conformance/conform.ts';
import { MODEL_SECRET, type ModelReceiver, type Notice } from '../mutants/model-receiver.ts';
import { ActsOnCompletions } from '../models/realistic.ts';

async function judged(model: ModelReceiver, only: readonly string[]) {
  await using receiver = await model.start();
  const patience = { pollMs: 1, quietReadings: 1, deadlineMs: 1_000, effectMs: 20 };
  const report = await conform({
    ...{ receivers: [{ name: 'mine', url: receiver.url }], secret: MODEL_SECRET, pauseScale: 100 },
    ...{ seed: 7, patience, oracle: model.oracle, only },
  });
  return report.receivers[0]!.checks.map(({ id, verdict, actual }) => `${id} ${verdict}: ${actual}`);
}

describe('a receiver that acts on other events than decisions', () => {
  test('is tested with the events that it acts on', async () => {
    expect(await judged(new ActsOnCompletions(), ['ACK-01', 'IDEM-02', 'IDEM-06', 'ORD-01'])).toEqual([
      'ACK-01 pass: status 200, processed 0 time(s); it acts on inquiry.completed',
      'IDEM-02 pass: processed once (status 200)',
      'IDEM-06 skipped: not run: the receiver accepts inquiry.approved and does nothing with it',
      'ORD-01 skipped: not run: the receiver accepts inquiry.approved and does nothing with it',
    ]);
  });

  test('fails when it loses one of these events', async () => {
    class LosesLateOnes extends ActsOnCompletions {
      override async take(notice: Notice) {
        const isLate = Date.parse(notice.createdAt) < Date.now() - 3_600_000;
        if (!isLate) await super.take(notice);
      }
    }
    const [, late] = await judged(new LosesLateOnes(), ['ACK-01', 'TIME-07']);
    expect(late).toBe('TIME-07 fail: status 200, and processed 0 time(s)');
  });

  test.each([
    ['approved', 'fail: after completed: approved; inquiry.approved has no effect'],
    ['completed', 'skipped: not run: the receiver accepts inquiry.approved and does nothing with it'],
  ])('fails when it takes completion for approval, by its own word: %s', async (word, expected) => {
    class Names extends ActsOnCompletions {
      override update(notice: Notice) {
        super.update({ ...notice, status: word });
      }
    }
    const [, check] = await judged(new Names(), ['ACK-01', 'ENV-11']);
    expect(check).toBe(`ENV-11 ${expected}`);
  });
});
