// What making a body costs, against the naive way: clone, set, stringify. Ratios of medians over interleaved rounds.
import { performance } from 'node:perf_hooks';
import {
  bundledFixtures,
  buildEvent,
  composePayload,
  configureWebhook,
  loadFixture,
  seededRandom,
} from '../dist/index.js';

const ROUNDS = 7;
const ROUND_MS = 300;
const fixture = await loadFixture('inquiry.approved', bundledFixtures());
const { payload } = configureWebhook({
  url: 'http://localhost/',
  'api-attributes-blocklist': ['name-*', 'birthdate'],
});
const random = seededRandom(1);
const first = buildEvent(fixture, { atMs: 1_764_686_826_000, random });
const plain = JSON.parse(composePayload(first, payload).body.toString());

const contestants = {
  naive: () => {
    const copy = structuredClone(plain);
    copy.data.id = crypto.randomUUID();
    copy.data.attributes['created-at'] = new Date().toISOString();
    return Buffer.from(JSON.stringify(copy));
  },
  'build and compose': () => composePayload(buildEvent(fixture, { atMs: Date.now(), random }), payload).body,
  'compose only': () => composePayload(first, payload).body,
};

const perCallUs = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, run] of Object.entries(contestants)) {
    let calls = 0;
    const start = performance.now();
    while (performance.now() - start < ROUND_MS) {
      run();
      calls += 1;
    }
    perCallUs[name].push(((performance.now() - start) * 1000) / calls);
  }
}
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const rival = median(perCallUs.naive);
console.log(
  `inquiry.approved, ${plain.data.attributes.payload.included.length} included objects, ${ROUNDS} rounds`,
);
for (const [name, values] of Object.entries(perCallUs)) {
  const value = median(values);
  console.log(`${name.padEnd(18)} ${value.toFixed(0).padStart(6)} us  ${(value / rival).toFixed(2)} x naive`);
}
