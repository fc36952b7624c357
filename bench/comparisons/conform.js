// How long a healthy receiver is tested.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pinned } from '../lib/pin.js';
import { median, measured } from '../lib/rounds.js';
import { atMost, computed } from '../lib/row.js';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const [SENDER_CORE, RECEIVER_CORE] = [0, 1];
const LIMITS_SECONDS = { strict: 5, probe: 12 };

export async function measureConform({ rounds }) {
  const rows = [];
  for (const [profile, limit] of Object.entries(LIMITS_SECONDS)) {
    const runs = [];
    for (let round = 0; round < rounds; round += 1) runs.push(await runAgainstReceiver(profile));
    const [{ checks }] = runs;
    const goal = `conform, profile ${profile} (${checks} checks), against a healthy receiver`;
    const seconds = runs.map((run) => run.seconds);
    const ofProcessor = runs.map((run) => run.processorSeconds);
    rows.push(atMost(limit, goal, { measured: median(seconds), rounds: seconds, unit: 's' }));
    rows.push(computed(`${goal}: processor time, s`, { measured: median(ofProcessor), rounds: ofProcessor }));
  }
  return rows;
}

/** A fresh receiver for each run: one that has seen much answers its oracle more slowly. */
async function runAgainstReceiver(profile) {
  const [program, ...args] = pinned([process.execPath, here('../lib/receiver.js')], RECEIVER_CORE);
  const receiver = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const lines = createInterface({ input: receiver.stdout })[Symbol.asyncIterator]();
    const url = `http://127.0.0.1:${(await lines.next()).value}/webhooks`;
    const command = [process.execPath, here('../contestants/conform.js'), profile];
    const run = await measured(command, { core: SENDER_CORE, env: { BENCH_URL: url } });
    if (run.odd.length > 0) throw new Error(`a healthy receiver was judged: ${run.odd.join(', ')}`);
    return run;
  } finally {
    receiver.stdin.end();
  }
}
