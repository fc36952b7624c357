// What everybody sends: an event of about 4 KB, under a blocklist, signed.
import {
  buildEvent,
  bundledFixtures,
  composePayload,
  configureWebhook,
  loadFixture,
  seededRandom,
} from '../../dist/index.js';

export const EVENT_NAME = 'inquiry-session.expired';
export const CONCURRENCY = 50;
export const SECRET = 'wbhsec_00000000-dead-4000-8000-00000000beef';

export const WEBHOOK = {
  url: process.env.BENCH_URL ?? 'http://127.0.0.1:1/webhooks',
  secret: SECRET,
  'api-attributes-blocklist': ['name-*', 'birthdate', 'address-*', 'identification-number'],
};

/** One such body, always the same. */
export async function sampleBody() {
  const fixture = await loadFixture(EVENT_NAME, bundledFixtures());
  const event = buildEvent(fixture, { atMs: 1_764_686_826_000, random: seededRandom(1) });
  return composePayload(event, configureWebhook(WEBHOOK).payload).body;
}
