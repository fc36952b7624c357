// What everybody sends: an event of about 4 KB, under a blocklist, signed.
import {
  buildEvent,
  bundledFixtures,
  composePayload,
  configureWebhook,
  loadFixture,
  seededRandom,
} from '../../dist/index.js';
import { buildRequest } from '../../dist/delivery/request.js';

export const EVENT_NAME = 'inquiry-session.expired';
export const CONCURRENCY = 50;
export const SECRET = 'wbhsec_00000000-dead-4000-8000-00000000beef';

export const WEBHOOK = {
  url: process.env.BENCH_URL ?? 'http://127.0.0.1:1/webhooks',
  secret: SECRET,
  'api-attributes-blocklist': ['name-*', 'birthdate', 'address-*', 'identification-number'],
};

const AT_MS = 1_764_686_826_000;

/** The headers of a first attempt, all but the length, so that everybody sends as many bytes as the engine does. */
export function sampleHeaders(body) {
  const place = { attempt: 1, attemptsLeft: 8, nowMs: AT_MS, simulatedElapsedMs: 0, simulatedAtMs: AT_MS };
  const { headers } = buildRequest(configureWebhook(WEBHOOK).endpoint, body, place);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'Content-Length'));
}

/** One such body, always the same. */
export async function sampleBody() {
  const fixture = await loadFixture(EVENT_NAME, bundledFixtures());
  const event = buildEvent(fixture, { atMs: AT_MS, random: seededRandom(1) });
  return composePayload(event, configureWebhook(WEBHOOK).payload).body;
}
