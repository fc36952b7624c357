import type { SuiteContext } from '../../src/conformance/create-context.ts';
import type { Fixture } from '../../src/fixture/load.ts';
import type { JsonObject } from '../../src/json/node.ts';
import { parseJson } from '../../src/json/text.ts';

/** A whole event in few bytes. */
function smallFixture(name: string): Promise<Fixture> {
  const time = '"2026-02-01T12:00:00.000Z"';
  const attributes = `{"status":"${name.split('.')[1] ?? ''}","created-at":${time}}`;
  const data = `{"type":"inquiry","id":"inq_8B7yJ8p3yLqBWzMQyPyJLQGhLAAK","attributes":${attributes}}`;
  const event = `{"name":"${name}","payload":{"data":${data},"included":[]},"created-at":${time}}`;
  const text = `{"data":{"type":"event","id":"evt_XGuYWp7WuDzNxie5z16s7sGJ","attributes":${event}}}`;
  return Promise.resolve({ name, document: parseJson(text) as JsonObject });
}

/** For many runs in little time. Models have done their work when they answer: one look at the oracle is enough. */
export const QUICK: Pick<SuiteContext, 'fixture' | 'patience'> = {
  fixture: smallFixture,
  patience: { pollMs: 1, quietReadings: 1, deadlineMs: 1_000, effectMs: 20 },
};
