// How fast the engine sends, against others that send the same to the same sink.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execFileSync } from 'node:child_process';
import { works } from '../lib/pin.js';
import { atLeast, atMost, skipped } from '../lib/row.js';
import { median, race } from '../lib/rounds.js';
import { CONCURRENCY, sampleBody, sampleHeaders } from '../lib/sample.js';
import { startSink } from '../lib/sink.js';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const node = (...args) => [process.execPath, here(args[0]), ...args.slice(1)];
const ENGINE = '../contestants/hookcast.js';
const [SENDER_CORE, SINK_CORE] = [0, 1];

const RIVALS = {
  'Pool.dispatch': node('../rivals/constant-dispatch.js'),
  autocannon: node('../rivals/autocannon.js'),
  naive: node('../rivals/naive.js'),
};

/** @returns {Promise<{ rows: object[], laps: Record<string, object> }>} */
export async function compareRates({ rounds, measureMs }) {
  const hasJournal = knows('--journal');
  // Contestants are ended in mid-course, and leave their journals behind.
  const folder = mkdtempSync(join(tmpdir(), 'hookcast-bench-'));
  const commands = {
    hookcast: node(ENGINE),
    ...RIVALS,
    ...(hasJournal && { 'with journal': node(ENGINE, '--journal') }),
  };
  const contestants = Object.entries(commands).map(([name, command]) => ({
    ...{ name, command },
    core: SENDER_CORE,
    env: { BENCH_FOLDER: folder },
  }));
  const sink = await startSink({ core: SINK_CORE });
  try {
    if (works('wrk', ['-v'], [0, 1])) contestants.push(await wrk(folder, sink.url));
    const laps = await race(contestants, { sink, rounds, measureMs });
    const against = (rival, name = 'hookcast') => ratios(laps, name, rival);
    return {
      laps,
      rows: [
        atLeast(1, 'signed events, to Pool.dispatch with a constant body', against('Pool.dispatch')),
        atLeast(0.75, 'signed events, to autocannon with a constant body', against('autocannon')),
        atLeast(8, 'signed events, to the naive delivery', against('naive')),
        hasJournal
          ? atLeast(0.5, 'journal on, to off', against('hookcast', 'with journal'))
          : skipped('journal on, to off', 'load has no --journal here'),
      ],
    };
  } finally {
    sink.stop();
    rmSync(folder, { recursive: true });
  }
}

export async function compareWorkers({ rounds, measureMs }) {
  const goal = 'processor time of a request, two workers to one';
  if (!knows('--workers')) return { rows: [skipped(goal, 'load has no --workers here')], laps: {} };
  const sink = await startSink({ core: SINK_CORE });
  try {
    const contestants = ['1', '2'].map((n) => ({
      name: `workers ${n}`,
      command: node(ENGINE, '--workers', n),
      core: SENDER_CORE,
    }));
    const laps = await race(contestants, { sink, rounds, measureMs });
    const rows = [atMost(1.05, goal, costRatio(laps))];
    return { laps, rows };
  } finally {
    sink.stop();
  }
}

/**
 * By processor time, and all threads on one core: on a machine of two cores two workers beside the sink are three that
 * want to run, and each of them would move and lose its cache.
 */
function costRatio(laps) {
  const [one, two] = [laps['workers 1'].costsUs, laps['workers 2'].costsUs];
  return { measured: median(two) / median(one), rounds: two.map((cost, round) => cost / one[round]) };
}

/** The ratio of the medians, and the ratios of the single rounds. */
function ratios(laps, name, rival) {
  const [mine, theirs] = [laps[name].rates, laps[rival].rates];
  return {
    measured: median(mine) / median(theirs),
    rounds: mine.map((rate, round) => rate / theirs[round]),
  };
}

async function wrk(folder, url) {
  const body = await sampleBody();
  const file = join(folder, 'body.json');
  writeFileSync(file, body);
  const headers = Object.entries(sampleHeaders(body)).map(([name, value]) => `${name}: ${value}`);
  return {
    name: 'wrk',
    command: ['wrk', '-t1', `-c${CONCURRENCY}`, '-d600s', '-s', here('../rivals/wrk.lua'), url],
    core: SENDER_CORE,
    env: { BENCH_BODY_FILE: file, BENCH_HEADERS: headers.join('\n') },
  };
}

function knows(option) {
  const help = execFileSync(process.execPath, [here('../../bin/hookcast.js'), 'load', '--help']).toString();
  return help.includes(option);
}
