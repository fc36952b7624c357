// Interleaved rounds: every contestant runs once in each round, so that a slow minute of the machine hits them all.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { pinned } from './pin.js';

const WARM_UP_MS = 2_000;
/** For the first request. */
const START_MS = 20_000;
/** Longer than any run of a script: one that hangs must not take the others' results with it. */
export const LONGEST_RUN_MS = 180_000;
/** Linux counts processor time in hundredths of a second. */
const TICK_US = 10_000;

/**
 * @param contestants - `{ name, command, core, env }`: a command that sends to the URL in `BENCH_URL` until it is ended
 * @param sink - counts the requests, so that nobody counts for themselves
 * @returns by name: for each round requests per second and, on Linux, microseconds of processor time a request
 */
export async function race(contestants, { sink, rounds, measureMs }) {
  const laps = Object.fromEntries(contestants.map(({ name }) => [name, { rates: [], costsUs: [] }]));
  for (let round = 0; round < rounds; round += 1) {
    for (const contestant of contestants) {
      const { rate, costUs } = await lap(contestant, { sink, measureMs });
      laps[contestant.name].rates.push(rate);
      laps[contestant.name].costsUs.push(costUs);
    }
  }
  return laps;
}

async function lap(contestant, { sink, measureMs }) {
  const { name, command, core, env = {} } = contestant;
  const child = start(command, { core, env: { ...env, BENCH_URL: sink.url } });
  let complaint = '';
  child.stderr.on('data', (chunk) => (complaint += chunk));
  child.stdout.resume();
  const ended = once(child, 'exit');
  const before = await sink.count();
  const deadlineMs = performance.now() + START_MS;
  // A process that starts slowly on a busy machine is not yet slow at sending.
  while ((await sink.count()) === before && performance.now() < deadlineMs) await sleep(20);
  await sleep(WARM_UP_MS);
  const [from, fromMs, fromUs] = [await sink.count(), performance.now(), processorUs(child.pid)];
  await sleep(measureMs);
  const [to, toMs, toUs] = [await sink.count(), performance.now(), processorUs(child.pid)];
  const hasEnded = child.exitCode !== null;
  child.kill('SIGKILL');
  await ended;
  if (hasEnded) throw new Error(`${name} ended early: ${complaint}`);
  if (to === from) throw new Error(`${name} sent nothing: ${complaint}`);
  return { rate: ((to - from) * 1000) / (toMs - fromMs), costUs: (toUs - fromUs) / (to - from) };
}

/** Runs a script to its end and reads what it prints: one JSON value. */
export async function measured(command, { core, env = {} } = {}) {
  const child = start(command, { core, env });
  let [text, complaint] = ['', ''];
  child.stdout.on('data', (chunk) => (text += chunk));
  child.stderr.on('data', (chunk) => (complaint += chunk));
  const [code, signal] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code ?? signal}: ${complaint}`);
  return JSON.parse(text);
}

function start(command, { core, env }) {
  const [program, ...args] = pinned(command, core);
  return spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LONGEST_RUN_MS,
    killSignal: 'SIGKILL',
    env: { ...process.env, NODE_EXTRA_CA_CERTS: undefined, ...env },
  });
}

function processorUs(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_US;
  } catch {
    return Number.NaN;
  }
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
