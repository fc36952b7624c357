// All comparisons in one run; see CONTRIBUTING.md.
// node bench/run.js [--quick]
//   [--only rates|workers|queue|resume|first-page|memory|lateness|start-up|server|conform|long-run]
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measureConform } from './comparisons/conform.js';
import { compareFirstPage, compareResume } from './comparisons/journal.js';
import { compareRates, compareWorkers } from './comparisons/rates.js';
import {
  measureLateness,
  measureLongRun,
  measureMemory,
  measureServer,
  measureStart,
} from './comparisons/limits.js';
import { compareQueue } from './comparisons/queue.js';
import { report } from './lib/report.js';
import { skipped } from './lib/row.js';

const RESULTS = new URL('RESULTS.md', import.meta.url);
const JOURNAL = { pending: 100_000, listed: { few: 1_000, many: 1_000_000, rounds: 9 } };
const QUICK_JOURNAL = { pending: 20_000, listed: { few: 1_000, many: 100_000, rounds: 3 } };
const FULL = {
  rounds: 5,
  measureMs: 2_000,
  seconds: 60,
  events: 1_000_000,
  starts: 11,
  jobs: 10_000,
  ...JOURNAL,
};
const QUICK = {
  rounds: 1,
  measureMs: 1_000,
  seconds: 5,
  events: 100_000,
  starts: 3,
  jobs: 3_000,
  ...QUICK_JOURNAL,
};

const withoutLaps = (rows) => ({ rows, laps: {} });
const COMPARISONS = {
  rates: compareRates,
  workers: compareWorkers,
  queue: compareQueue,
  resume: compareResume,
  'first-page': compareFirstPage,
  memory: async (effort) => withoutLaps(await measureMemory(effort)),
  lateness: async (effort) => withoutLaps(await measureLateness(effort)),
  'start-up': async ({ starts }) => withoutLaps(await measureStart({ rounds: starts })),
  server: async (effort) => withoutLaps(await measureServer(effort)),
  conform: async (effort) => withoutLaps(await measureConform(effort)),
  'long-run': async (effort) => withoutLaps(await measureLongRun(effort)),
};

const { values } = parseArgs({ options: { only: { type: 'string' }, quick: { type: 'boolean' } } });
const names = values.only === undefined ? Object.keys(COMPARISONS) : [values.only];
if (names.some((name) => !Object.hasOwn(COMPARISONS, name))) {
  console.error(`--only ${values.only}: one of ${Object.keys(COMPARISONS).join(', ')}`);
  process.exit(2);
}
delete process.env.NODE_EXTRA_CA_CERTS;
const startMs = performance.now();
const sections = [];
for (const name of names) {
  console.error(`${name} ...`);
  sections.push(await sectionOf(name));
}
const flags = process.argv.slice(2).join(' ');
const text = report(sections, {
  command: flags === '' ? 'npm run bench' : `npm run bench -- ${flags}`,
  seconds: (performance.now() - startMs) / 1000,
});
console.log(text);
// A part of the results, or a short look, must not take the place of the whole.
if (names.length > 1 && !values.quick) writeFileSync(RESULTS, text);

/** What one comparison found. Its failure is a row of the report: the others are made all the same. */
async function sectionOf(name) {
  try {
    return await COMPARISONS[name](values.quick ? QUICK : FULL);
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
    return { rows: [skipped(name, error.message.split('\n')[0])], laps: {} };
  }
}
