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
import { compileTemplate } from '../dist/render/template.js';

const ROUNDS = 7;
const ROUND_MS = 300;
/** At the rate that load runs aim at, so that times change as often as there. */
const EVENTS_PER_MS = 30;
const BEGIN_MS = 1_764_686_826_000;
const [name = 'inquiry.approved'] = process.argv.slice(2);
const fixture = await loadFixture(name, bundledFixtures());
const random = seededRandom(1);

const webhookWith = (attributes) => configureWebhook({ url: 'http://localhost/', ...attributes });
const webhook = webhookWith({ 'api-attributes-blocklist': ['name-*', 'birthdate'] });
const withoutFiles = webhookWith({
  'api-attributes-blocklist': ['name-*', 'birthdate', '*-url', '*-urls', 'url'],
});
const first = buildEvent(fixture, { atMs: BEGIN_MS, random });
const plain = JSON.parse(composePayload(first, webhook.payload).body.toString());

const rendering = (to) => {
  const renderer = compileTemplate(fixture, { webhook: to, seed: 1 }).createRenderer();
  let event = 0;
  return () => {
    event += 1;
    return renderer.render({ event, story: event }, BEGIN_MS + event / EVENTS_PER_MS).body;
  };
};
/** Retries: each of another second than the one before. */
const renderingAgain = (to) => {
  const renderer = compileTemplate(fixture, { webhook: to, seed: 1 }).createRenderer();
  let event = 0;
  return () => {
    event += 1;
    return renderer.render({ event, story: event }, BEGIN_MS + event * 1000).body;
  };
};

const contestants = {
  naive: () => {
    const copy = structuredClone(plain);
    copy.data.id = crypto.randomUUID();
    copy.data.attributes['created-at'] = new Date().toISOString();
    return Buffer.from(JSON.stringify(copy));
  },
  'build and compose': () =>
    composePayload(buildEvent(fixture, { atMs: Date.now(), random }), webhook.payload).body,
  'compose only': () => composePayload(first, webhook.payload).body,
  render: rendering(webhook),
  'render, no files': rendering(withoutFiles),
  'render, each in another second': renderingAgain(webhook),
};

const perCallUs = Object.fromEntries(Object.keys(contestants).map((key) => [key, []]));
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [key, run] of Object.entries(contestants)) {
    let calls = 0;
    const start = performance.now();
    while (performance.now() - start < ROUND_MS) {
      // Reading the clock costs too.
      for (let index = 0; index < 10; index += 1) run();
      calls += 10;
    }
    perCallUs[key].push(((performance.now() - start) * 1000) / calls);
  }
}
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const rival = median(perCallUs.naive);
const bytes = contestants.render().length;
console.log(`${name}, ${bytes} bytes, with a blocklist, ${ROUNDS} rounds`);
for (const [key, values] of Object.entries(perCallUs)) {
  const value = median(values);
  console.log(`${key.padEnd(30)} ${value.toFixed(2).padStart(9)} us  ${(value / rival).toFixed(4)} x naive`);
}
