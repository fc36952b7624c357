// Interleaved rounds: every contestant runs once in each round, so that a slow minute of the machine hits them all.
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { pinned } from './pin.js';

const WARM_UP_MS = 2_000;

/**
 * @param contestants - `{ name, command, core }`: a command that sends to the URL in `BENCH_URL` until it is ended
 * @param sink - counts the requests, so that nobody counts for themselves
 * @returns requests per second of each round, by name
 */
export async function race(contestants, { sink, rounds, measureMs, onRound }) {
  const rates = Object.fromEntries(contestants.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const contestant of contestants) {
      rates[contestant.name].push(await rateOf(contestant, { sink, measureMs }));
    }
    onRound?.(round, rates);
  }
  return rates;
}

async function rateOf({ name, command, core, env = {} }, { sink, measureMs }) {
  const [program, ...args] = pinned(command, core);
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, NODE_EXTRA_CA_CERTS: undefined, ...env, BENCH_URL: sink.url },
  });
  let complaint = '';
  child.stderr.on('data', (chunk) => (complaint += chunk));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await sleep(WARM_UP_MS);
  const [from, fromMs] = [await sink.count(), performance.now()];
  await sleep(measureMs);
  const [to, toMs] = [await sink.count(), performance.now()];
  if (child.exitCode !== null) throw new Error(`${name} ended early: ${complaint}`);
  child.kill('SIGKILL');
  await ended;
  if (to === from) throw new Error(`${name} sent nothing: ${complaint}`);
  return ((to - from) * 1000) / (toMs - fromMs);
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** A contestant's median rate over a rival's. */
export function ratio(rates, name, rival) {
  return median(rates[name]) / median(rates[rival]);
}
