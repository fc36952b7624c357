// Journals with many deliveries: resume of what a load run left pending, and the first page of the list. On a machine
// that is shared, processor time is steadier than wall time.
import { fileURLToPath } from 'node:url';
import { measureFirstPage } from '../first-page.js';
import { atLeast, atMost } from '../lib/row.js';
import { measured, median } from '../lib/rounds.js';
import { startSink } from '../lib/sink.js';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** @returns {Promise<{ rows: object[], laps: Record<string, object> }>} */
export async function compareResume({ rounds, pending }) {
  const sink = await startSink({ core: 1 });
  const laps = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      const command = [process.execPath, here('../contestants/resume.js'), String(pending)];
      laps.push(await measured(command, { core: 0, env: { BENCH_URL: sink.url } }));
    }
  } finally {
    sink.stop();
  }
  const goal = `resume of ${pending} load deliveries, to load --journal of as many`;
  const ratio = (measure) => {
    const ratios = laps.map(({ load, resume }) => load[measure] / resume[measure]);
    return { measured: median(ratios), rounds: ratios };
  };
  const rows = [
    atLeast(0.5, `${goal}, by wall time`, ratio('wallMs')),
    atLeast(0.5, `${goal}, by processor time`, ratio('cpuMs')),
  ];
  return { rows, laps: {} };
}

export function compareFirstPage({ listed }) {
  const ratios = measureFirstPage(listed);
  const goal = `first page of ${listed.many} deliveries, to one of ${listed.few}, by processor time`;
  return { rows: [atMost(1.5, goal, { measured: median(ratios), rounds: ratios })], laps: {} };
}
