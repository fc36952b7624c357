import { describe, expect, test } from 'vitest';
import { systemClock } from '../src/delivery/system-clock.ts';
import { undiciSender } from '../src/http/undici-sender.ts';
import { attemptRequest } from '../src/delivery/attempt.ts';
import { attemptCount } from '../src/delivery/schedule.ts';
import { buildRequest } from '../src/delivery/request.ts';
import type { Event } from '../src/event/build.ts';
import { FIXTURE_NAMES } from '../src/fixture/catalogue.ts';
import { composePayload } from '../src/payload/compose.ts';
import { API_VERSIONS, KEY_INFLECTIONS, type KeyInflection } from '../src/persona/contract.ts';
import { DEFAULT_POLICY } from '../src/persona/policies.ts';
import { startReceiver } from '../src/receiver/start-receiver.ts';
import { Secret } from '../src/signing/sign.ts';
import { configureWebhook, type Webhook } from '../src/webhook/configure.ts';
import { expectSame } from './helpers/expect-same.ts';
import { sampleEvent } from './helpers/fixtures.ts';
import { partOf } from './helpers/sample.ts';

const SECRET = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';
const AT_ONCE = 16;

const allEvents = await Promise.all(FIXTURE_NAMES.map((name) => sampleEvent(name)));

/**
 * What a key may look like outside `fields`. Some documented keys are snake from birth, such as `match_types` in a
 * report's criteria, and one is an address on the web: only what an inflection forbids is looked for.
 */
const KEY_FORM: Readonly<Record<KeyInflection, RegExp>> = {
  kebab: /^[^A-Z]+$/,
  camel: /^[^-]+$/,
  snake: /^[^-A-Z]+$/,
};

// 130 events × 9 versions × 3 inflections: all 3,510 bodies go over real HTTP, in about eight seconds.
describe.each(API_VERSIONS.map((version, index) => [version, index] as const))('%s', (version, part) => {
  const events = partOf(allEvents, { part, of: API_VERSIONS.length });

  test('every event arrives in every inflection: signed, accepted, with the same values', async () => {
    await using receiver = await startReceiver({ secrets: [new Secret(SECRET)] });
    const webhooks = KEY_INFLECTIONS.map((inflection) =>
      configureWebhook({
        url: receiver.url,
        secret: SECRET,
        'api-version': version,
        'api-key-inflection': inflection,
      }),
    );
    const bodies = await inParallel(events, async (event) => {
      const sent: unknown[] = [];
      for (const webhook of webhooks) sent.push(await deliverOnce(event, webhook));
      return sent;
    });

    expect(receiver.received).toHaveLength(events.length * webhooks.length);
    expect(receiver.received.filter(({ verification }) => verification.kind !== 'valid')).toEqual([]);
    for (const [kebab, ...others] of bodies.map((row) => row.map(essence)))
      for (const other of others) expectSame(other, kebab);
    for (const [index, inflection] of KEY_INFLECTIONS.entries()) {
      const keys = new Set<string>();
      for (const row of bodies) addKeysOutsideFields(row[index], keys);
      expect([...keys].filter((key) => !KEY_FORM[inflection].test(key))).toEqual([]);
    }
  });
});

/** Sends an event once and returns its body, parsed. Anything but an accepted attempt fails the test. */
async function deliverOnce(event: Event, { endpoint, payload }: Webhook): Promise<unknown> {
  const { body } = composePayload(event, payload);
  const position = {
    attempt: 1,
    attemptsLeft: attemptCount(DEFAULT_POLICY) - 1,
    nowMs: systemClock.now(),
    simulatedElapsedMs: 0,
    simulatedAtMs: systemClock.now(),
  };
  const context = { sender: undiciSender(), policy: DEFAULT_POLICY };
  const { outcome } = await attemptRequest(buildRequest(endpoint, body, position), position, context);
  expect(outcome).toMatchObject({ kind: 'accepted', response: { status: 200 } });
  return JSON.parse(body.toString('utf8'));
}

async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

/** What no inflection may touch: the values, their order, and the letters of the keys. */
function essence(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(essence);
  return Object.entries(value).map(([key, child]) => [lettersOf(key), essence(child)]);
}

function lettersOf(key: string): string {
  return key.replace(/[-_]/g, '').toLowerCase();
}

function addKeysOutsideFields(value: unknown, keys: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    if (!Array.isArray(value)) keys.add(key);
    if (key !== 'fields') addKeysOutsideFields(child, keys);
  }
}
