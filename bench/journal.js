// A load run with and without a journal: rates from rounds that take turns, and the processor's time for an event.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { pinned } from './lib/pin.js';
import { median } from './lib/rounds.js';
import { startSink } from './lib/sink.js';

const [ROUNDS, WARM_UP_MS, MEASURE_MS] = [5, 2_000, 4_000];
const CLOCK_TICKS_PER_SECOND = 100;
const contestant = fileURLToPath(new URL('contestants/hookcast.js', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'hookcast-bench-'));
const sink = await startSink({ core: 1 });
const rates = { off: [], on: [] };
const costs = { off: [], on: [] };
for (let round = 0; round < ROUNDS; round += 1) {
  for (const name of ['off', 'on']) {
    const { rate, microseconds } = await measure(name === 'on' ? ['--journal'] : []);
    rates[name].push(rate);
    costs[name].push(microseconds);
  }
}
sink.stop();
rmSync(folder, { recursive: true });
for (const name of ['off', 'on']) {
  const spread = `${Math.round(Math.min(...rates[name]))}-${Math.round(Math.max(...rates[name]))}`;
  const cost = `${median(costs[name]).toFixed(1)} us CPU`;
  console.log(`journal ${name.padEnd(3)} ${Math.round(median(rates[name]))}/s (${spread})  ${cost}`);
}
const byRate = (median(rates.on) / median(rates.off)).toFixed(2);
const byCost = (median(costs.off) / median(costs.on)).toFixed(2);
console.log(`on / off: ${byRate} by rate, ${byCost} by processor time`);

async function measure(flags) {
  const [program, ...args] = pinned([process.execPath, contestant, ...flags], 0);
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, BENCH_URL: sink.url, BENCH_FOLDER: folder },
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await sleep(WARM_UP_MS);
  const [from, fromMs, before] = [await sink.count(), performance.now(), processorSeconds(child.pid)];
  await sleep(MEASURE_MS);
  const [to, toMs, after] = [await sink.count(), performance.now(), processorSeconds(child.pid)];
  child.kill('SIGTERM');
  await ended;
  const events = to - from;
  return { rate: (events * 1000) / (toMs - fromMs), microseconds: ((after - before) * 1e6) / events };
}

/** user + system, of Linux. */
function processorSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND;
}
