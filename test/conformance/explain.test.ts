import { expect, test } from 'vitest';
import { conform } from '../../src/conformance/conform.ts';
import type { IncomingMessage } from 'node:http';
import { DUPLICATE_MUTANTS } from '../mutants/duplicates.ts';
import { RAW_BODY_MUTANTS } from '../mutants/raw-body.ts';
import { MODEL_SECRET, ModelReceiver } from '../mutants/model-receiver.ts';

/** The work is begun while the body arrives; the answer is right. */
class ActsBeforeItVerifies extends ModelReceiver {
  override async readBody(request: IncomingMessage) {
    const body = await super.readBody(request);
    const notice = this.read(this.parse(body));
    if (notice !== undefined) await this.take(notice);
    return body;
  }
}

async function explained(model: ModelReceiver, only: readonly string[]) {
  await using receiver = await model.start();
  const patience = { pollMs: 2, quietReadings: 2, deadlineMs: 1_000, effectMs: 20 };
  const report = await conform({
    ...{ receivers: [{ name: 'mine', url: receiver.url }], secret: MODEL_SECRET, pauseScale: 100, seed: 7 },
    ...{ oracle: receiver.oracle, patience, only },
  });
  const [{ diagnosis, explained: ids, checks }] = report.receivers as [(typeof report.receivers)[number]];
  const failed = checks.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id);
  return { diagnosis, ids, others: failed.filter((id) => !ids.includes(id)) };
}

test('refused forgeries with an effect have one cause, which IDEM-07 says how to mend', async () => {
  const only = ['SIG-01', 'SIG-02', 'SIG-03', 'SIG-06', 'ROT-03', 'IDEM-07', 'ACK-01'];
  expect(await explained(new ActsBeforeItVerifies(), only)).toEqual({
    diagnosis:
      'your receiver acts before it checks the signature: it refuses forged events and processes them all the same',
    ids: ['IDEM-07', 'SIG-01', 'SIG-02', 'SIG-03', 'SIG-06', 'ROT-03'],
    others: [],
  });
});

test('what comes of dropping the second event about an inquiry has one cause', async () => {
  const mutant = DUPLICATE_MUTANTS.find(({ id }) => id === 'dedupe-by-object-id')!;
  const { diagnosis, ids, others } = await explained(mutant.create(), ['ACK-01', 'IDEM', 'ORD', 'ENV-11']);
  expect(diagnosis).toBe(
    'your receiver takes the second event about an inquiry for a repeat of the first, and drops it: it must know repeats by the event id (data.id), not by the id of the inquiry',
  );
  expect(ids).toEqual(mutant.fails);
  expect(others).toEqual([]);
});

test.each([
  ['hmac-over-latin1', 'an HMAC of the body decoded as Latin-1 (the bytes are UTF-8)'],
  ['verifies-reserialised-body', 'an HMAC of the body after JSON.parse and JSON.stringify'],
])('a changed body is the cause of all that %s refuses', async (name, expectation) => {
  const mutant = RAW_BODY_MUTANTS.find(({ id }) => id === name)!;
  const { diagnosis, ids, others } = await explained(mutant.create(), ['ACK-01', 'SIG-04', 'RAW']);
  expect(diagnosis).toContain(`your receiver expects ${expectation}`);
  expect([...ids].sort()).toEqual(mutant.fails.filter((id) => /^(SIG-04|RAW)/.test(id)).sort());
  expect(others).toEqual([]);
});
