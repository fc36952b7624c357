// The queue, against bare BullMQ that moves the same bytes. Wall time and processor time; the second is steadier.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atLeast, skipped } from '../lib/row.js';
import { LONGEST_RUN_MS, median } from '../lib/rounds.js';
import { startRedis } from '../lib/redis.js';
import { startSink } from '../lib/sink.js';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const HOOKCAST = here('../../bin/hookcast.js');
/** A round takes long: it has so many jobs that starting the processes hardly counts. */
const MOST_ROUNDS = 3;
const GOALS = {
  worker: 'deliveries of a worker, to bare BullMQ with undici and the same lines',
  enqueue: 'load --redis, to bare addBulk of the same bytes',
};

/** @returns {Promise<{ rows: object[], laps: Record<string, object> }>} */
export async function compareQueue({ rounds, jobs }) {
  const redis = await startRedis();
  if (redis === undefined) {
    const reason = 'redis-server is not installed';
    return { laps: {}, rows: Object.values(GOALS).map((goal) => skipped(goal, reason)) };
  }
  const sink = await startSink();
  const folder = mkdtempSync(join(tmpdir(), 'hookcast-bench-'));
  const bench = { redis, sink, jobs, cpuFile: join(folder, 'cpu') };
  try {
    const laps = [];
    for (let round = 0; round < Math.min(rounds, MOST_ROUNDS); round += 1) laps.push(await lap(bench));
    return { laps: {}, rows: rowsOf(laps) };
  } finally {
    sink.stop();
    redis.stop();
    rmSync(folder, { recursive: true });
  }
}

function rowsOf(laps) {
  const ratio = (name, rival, measure) => {
    const rounds = laps.map((one) => one[rival][measure] / one[name][measure]);
    return { measured: median(rounds), rounds };
  };
  return [
    atLeast(0.8, `${GOALS.worker}, by wall time`, ratio('worker', 'bareWorker', 'wallMs')),
    atLeast(0.8, `${GOALS.worker}, by processor time`, ratio('worker', 'bareWorker', 'cpuMs')),
    atLeast(0.95, `${GOALS.enqueue}, by wall time`, ratio('enqueue', 'bareEnqueue', 'wallMs')),
    atLeast(0.95, `${GOALS.enqueue}, by processor time`, ratio('enqueue', 'bareEnqueue', 'cpuMs')),
  ];
}

async function lap(bench) {
  const { redis } = bench;
  const enqueue = await fill(bench);
  const worker = await run(
    [HOOKCAST, 'worker', '--until-empty', '--concurrency', '100', ...to(bench)],
    bench,
  );
  await redis.flush();
  await fill(bench);
  const bareWorker = await run([here('../rivals/bullmq-worker.js')], bench);
  await redis.flush();
  const bareEnqueue = await run([here('../rivals/bullmq-enqueue.js')], bench);
  await redis.flush();
  return { enqueue, worker, bareWorker, bareEnqueue };
}

function to({ redis }) {
  return ['--redis', redis.url];
}

function fill(bench) {
  const { sink, jobs } = bench;
  const load = ['load', '--to', sink.url, '--count', String(jobs), '--mix', 'inquiry.approved', '--quiet'];
  return run([HOOKCAST, ...load, '--secret', 'wbhsec_0', ...to(bench)], bench);
}

/** Start and end of the process are in it, for every contestant alike. */
async function run(command, { redis, jobs, cpuFile, sink }) {
  const env = {
    ...process.env,
    ...{ BENCH_REDIS: redis.url, BENCH_COUNT: String(jobs), BENCH_CPU: cpuFile, BENCH_JOB: sampleJob(sink) },
    PERSONA_WEBHOOK_SECRET: 'wbhsec_0',
  };
  const startMs = performance.now();
  const child = spawn(process.execPath, ['--import', here('../lib/cpu-at-exit.js'), ...command], {
    ...{ env, stdio: ['ignore', 'ignore', 'ignore'], timeout: LONGEST_RUN_MS, killSignal: 'SIGKILL' },
  });
  const code = await new Promise((resolve) =>
    child.once('exit', (status, signal) => resolve(status ?? signal)),
  );
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}`);
  return { wallMs: performance.now() - startMs, cpuMs: Number(readFileSync(cpuFile, 'utf8')) / 1_000 };
}

/** Of the size and form of what hookcast queues. */
function sampleJob({ url }) {
  const body = 'e'.repeat(BASE64_BYTES);
  const policy = { name: 'persona-2022', timeoutMs: 5_000, acceptedStatuses: [200], source: 'x'.repeat(60) };
  const delaysSeconds = [3, 66, 731, 4_098, 15_627, 46_658, 117_651, 262_146];
  return JSON.stringify({
    ...{ version: 1, eventId: `evt_${'x'.repeat(24)}`, eventName: 'inquiry.approved', url, body },
    secrets: [{ fingerprint: 'f'.repeat(64) }],
    headers: [],
    policy: { ...policy, delaysSeconds },
    ...{ timeScale: 1, enqueuedAtMs: 1_780_000_000_000, dueMs: 0 },
  });
}

/** The body of inquiry.approved has 26,369. */
const BASE64_BYTES = 35_160;
