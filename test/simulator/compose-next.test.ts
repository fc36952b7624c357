import { describe, expect, test } from 'vitest';
import { FIXTURE_NAMES } from '../../src/fixture/catalogue.ts';
import { API_VERSIONS, KEY_INFLECTIONS } from '../../src/persona/contract.ts';
import type { WebhookAttributes } from '../../src/persona/webhook.ts';
import type { EventOptions } from '../../src/simulator/deps.ts';
import { createSimulator, type Simulator } from '../../src/simulator/simulator.ts';
import type { WebhookExtras } from '../../src/webhook/configure.ts';
import { expectSame } from '../helpers/expect-same.ts';
import { sampleFixture } from '../helpers/fixtures.ts';
import { partOf } from '../helpers/sample.ts';
import { SEED } from '../helpers/seed.ts';
import { virtualClock } from '../helpers/virtual-clock.ts';

interface Step extends EventOptions {
  readonly name: string;
  /** Time before it. */
  readonly afterMs?: number;
  readonly reconfigure?: Partial<WebhookAttributes>;
}

const URL = 'http://localhost/';

/** Both ways, step by step. */
async function bothWays(
  steps: readonly Step[],
  attributes: Partial<WebhookAttributes>,
  extras?: WebhookExtras,
) {
  const composed = async (compose: (simulator: Simulator, step: Step) => Promise<unknown>) => {
    const clock = virtualClock();
    const webhook = { url: URL, ...attributes };
    const simulator = createSimulator({ webhook, seed: 7, clock, ...(extras && { extras }) });
    const results = [];
    for (const { afterMs = 0, reconfigure, ...step } of steps) {
      await clock.sleep(afterMs);
      if (reconfigure !== undefined) simulator.reconfigure({ ...webhook, ...reconfigure });
      results.push(await compose(simulator, { fixture: await sampleFixture(step.name), ...step }));
    }
    return results;
  };
  const next = await composed(async (simulator, { name, ...options }) => {
    const event = await simulator.composeNext(name, options);
    const { id, body, bodyAgain, removed, unmatched, filterMismatch } = event;
    expectSame(bodyAgain?.() ?? body, body);
    return { id, name: event.name, body: body.toString(), removed, unmatched, filterMismatch };
  });
  const built = await composed(async (simulator, { name, ...options }) => {
    const event = await simulator.build(name, options);
    const { body, removed, unmatched, filterMismatch } = simulator.compose(event);
    return { id: event.id, name: event.name, body: body.toString(), removed, unmatched, filterMismatch };
  });
  return { next, built };
}

const HALF_A_SECOND = 500;
const every = (names: readonly string[]): Step[] =>
  [1, 2, 3].flatMap(() => names.map((name) => ({ name, afterMs: HALF_A_SECOND + 7 })));

const FEW = ['inquiry.approved', 'inquiry-session.expired', 'report/watchlist.matched'];

describe('composeNext makes the same bytes as build and compose', () => {
  test('for every event', async () => {
    const { next, built } = await bothWays(every(partOf(FIXTURE_NAMES, { part: SEED, of: 4 })), {});
    expectSame(next, built);
  });

  test.each<[string, Partial<WebhookAttributes>, WebhookExtras?]>([
    ['a blocklist', { 'api-attributes-blocklist': ['name-*', 'birthdate', '*-urls', 'nmae'] }],
    ['nothing included', { 'included-allowlist': { state: 'include_none' } }],
    ['another origin of files', {}, { fileOrigin: 'http://localhost:4665' }],
    ['extra members', {}, { event: { context: 'always', redactedAt: true } }],
  ])('with %s', async (_, attributes, extras) => {
    const { next, built } = await bothWays(every(FEW), attributes, extras);
    expectSame(next, built);
  });

  const everyForm = API_VERSIONS.flatMap((version) =>
    KEY_INFLECTIONS.map((inflection) => [version, inflection] as const),
  );
  test.each(partOf(everyForm, { part: SEED, of: 4 }))(
    'in version %s and %s case',
    async (version, inflection) => {
      const { next, built } = await bothWays(every(FEW), {
        'api-version': version,
        'api-key-inflection': inflection,
      });
      expectSame(next, built);
    },
  );

  const name = 'inquiry.approved';
  test.each<[string, Step[], Partial<WebhookAttributes>?]>([
    [
      'an id that was chosen stays that of the object',
      [{ name }, { name }, { name }, { name, id: 'inq_chosen1' }, { name }, { name }],
    ],
    ['a reference id is of its event alone', [{ name }, { name }, { name, referenceId: 'user-1' }, { name }]],
    ['another time', [{ name }, { name }, { name, at: new Date('2020-02-29T00:00:00Z') }, { name }]],
    [
      'other events in between',
      [{ name }, { name }, { name: 'inquiry.created' }, { name }, { name: 'inquiry.created' }],
    ],
    ['ids and times that are kept', [{ name }, { name }, { name, keep: true }, { name }]],
    [
      'a webhook that changes',
      [
        { name },
        { name },
        { name },
        { name, reconfigure: { 'api-key-inflection': 'camel' } },
        { name },
        { name },
      ],
    ],
    [
      'a filter by status',
      [{ name }, { name }, { name }],
      { 'payload-filter': { data: { attributes: { status: 'declined' } } } },
    ],
    [
      'a filter by an id',
      [{ name }, { name }, { name }],
      { 'payload-filter': { data: { id: 'inq_aaaaaaaaaaaaaaaaaaaaaaaaaaaa' } } },
    ],
  ])('%s', async (_, steps, attributes = {}) => {
    const { next, built } = await bothWays(steps, attributes);
    expectSame(next, built);
  });

  test('at a time without a template', async () => {
    const clock = virtualClock(0);
    const simulator = createSimulator({ webhook: { url: URL }, clock });
    const fixture = await sampleFixture(name);
    for (let number = 0; number < 3; number += 1)
      expect((await simulator.composeNext(name, { fixture })).body.toString()).toContain(
        '1970-01-01T00:00:00',
      );
  });
});

test('the body can be re-created from the third event on', async () => {
  const simulator = createSimulator({ webhook: { url: URL } });
  const fixture = await sampleFixture('inquiry.approved');
  const again = [];
  for (let number = 0; number < 3; number += 1)
    again.push((await simulator.composeNext('inquiry.approved', { fixture })).bodyAgain !== undefined);
  expect(again).toEqual([false, true, true]);
});
