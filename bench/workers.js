// Two workers against one: ratio of medians over interleaved rounds, counted by a sink on a core of its own, and the
// processor time of a request, which is steadier where the machine is shared.
import { readFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { median } from './lib/rounds.js';
import { startSink } from './lib/sink.js';

const ROUNDS = 5;
const [WARM_UP_MS, MEASURE_MS] = [2_000, 4_000];
/** The kernel counts processor time in hundredths of a second. */
const TICK_US = 10_000;
const contestant = fileURLToPath(new URL('contestants/hookcast.js', import.meta.url));

const sink = await startSink({ core: 1 });
const seen = { 1: [], 2: [] };
for (let round = 0; round < ROUNDS; round += 1) {
  for (const workers of [1, 2]) seen[workers].push(await measure(workers));
}
sink.stop();
const rate = (workers) => median(seen[workers].map(({ perSecond }) => perSecond));
for (const workers of [1, 2]) {
  const cost = median(seen[workers].map(({ cpuUs }) => cpuUs));
  console.log(`${workers} workers ${Math.round(rate(workers))}/s  ${cost.toFixed(1)} us CPU`);
}
console.log(`ratio ${(rate(2) / rate(1)).toFixed(2)}`);

async function measure(workers) {
  const env = { ...process.env, BENCH_URL: sink.url };
  const child = spawn(process.execPath, [contestant, '--workers', String(workers)], {
    env,
    stdio: 'inherit',
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await sleep(WARM_UP_MS);
  const before = { count: await sink.count(), cpuUs: cpuUs(child.pid), ms: performance.now() };
  await sleep(MEASURE_MS);
  const after = { count: await sink.count(), cpuUs: cpuUs(child.pid), ms: performance.now() };
  child.kill('SIGKILL');
  await ended;
  const requests = after.count - before.count;
  return {
    perSecond: (requests * 1000) / (after.ms - before.ms),
    cpuUs: (after.cpuUs - before.cpuUs) / requests,
  };
}

/** Of all its threads. */
function cpuUs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}
