// The load engine, with a unique signed body for each event, against undici's Pool.dispatch with a constant body and
// no signature. Ratio of medians over interleaved rounds; the rates are counted by a sink in another process.
import { fork, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { configureWebhook, DEFAULT_POLICY } from '../dist/index.js';
import { emit } from '../dist/volume/emit.js';
import { systemAlarmClock } from '../dist/adapters/alarm-clock.js';
import { undiciSlots } from '../dist/adapters/undici-slots.js';

const [ROUNDS, ROUND_MS, CONCURRENCY, BODY_BYTES] = [5, 3_000, 50, 4096];
const WARM_UP_MS = 2_000;

const sink = fork(new URL('./sink.js', import.meta.url), { stdio: 'inherit' });
const [{ port }] = await once(sink, 'message');
pin(sink.pid, 1);
pin(process.pid, 0);
const url = new URL(`http://127.0.0.1:${port}/hook`);

const prefix = '{"data":{"type":"event","id":"evt_';
const ID_CHARACTERS = 24;
const suffix = `","filler":"${'x'.repeat(BODY_BYTES)}`;
/** Puts a fresh id into bytes that stay. */
const source = {
  count: Infinity,
  createRenderer: () => {
    const body = Buffer.from(
      `${prefix}${'0'.repeat(ID_CHARACTERS)}${suffix}`.slice(0, BODY_BYTES - 4) + '"}}}',
    );
    const rendered = { eventName: 'inquiry.approved', eventId: '', body };
    return {
      render: (eventNumber) => {
        body.latin1Write(String(eventNumber).padStart(ID_CHARACTERS, '0'), prefix.length);
        return rendered;
      },
    };
  },
};
const { endpoint } = configureWebhook({ url: url.href });

const contestants = {
  'Pool.dispatch': async (ms) => {
    const pool = new Pool(url.origin, { connections: CONCURRENCY, pipelining: 1, keepAliveTimeout: 60_000 });
    const options = {
      method: 'POST',
      path: '/hook',
      headers: ['content-type', 'application/json', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'],
      body: source.createRenderer().render(0).body,
    };
    const endMs = performance.now() + ms;
    await Promise.all(
      Array.from(
        { length: CONCURRENCY },
        () =>
          new Promise((resolve, reject) => {
            const next = () => {
              if (performance.now() >= endMs) resolve();
              else pool.dispatch(options, handler);
            };
            const handler = {
              onRequestStart: () => undefined,
              onResponseStart: () => undefined,
              onResponseData: () => undefined,
              onResponseEnd: next,
              onResponseError: (_, error) => reject(error),
            };
            next();
          }),
      ),
    );
    await pool.close();
  },
  'hookcast load': async (ms) => {
    const plan = { concurrency: CONCURRENCY, durationMs: ms, timeScale: 1, seed: 1 };
    const sender = undiciSlots(url, { timeoutMs: DEFAULT_POLICY.timeoutMs });
    const result = await emit(source, plan, {
      endpoint,
      policy: DEFAULT_POLICY,
      sender,
      clock: systemAlarmClock,
    });
    if (result.outcomes.accepted !== result.attempts) throw new Error('not all were accepted');
  },
};

const rates = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
/** Microseconds of processor time a request: steadier than rates where the machine is shared. */
const costs = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
for (const run of Object.values(contestants)) await run(WARM_UP_MS);
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, run] of Object.entries(contestants)) {
    await counted();
    const startMs = performance.now();
    const before = process.cpuUsage();
    await run(ROUND_MS);
    const { user, system } = process.cpuUsage(before);
    const seconds = (performance.now() - startMs) / 1000;
    await sleep(50);
    const requests = await counted();
    rates[name].push(requests / seconds);
    costs[name].push((user + system) / requests);
  }
}
sink.disconnect();
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const rival = median(rates['Pool.dispatch']);
console.log(
  `${BODY_BYTES} B, ${CONCURRENCY} connections, ${ROUNDS} rounds of ${ROUND_MS / 1000} s, interleaved`,
);
for (const [name, values] of Object.entries(rates)) {
  const spread = `${Math.round(Math.min(...values))}-${Math.round(Math.max(...values))}`;
  const ratio = (median(values) / rival).toFixed(2);
  console.log(
    `${name.padEnd(16)} ${Math.round(median(values)).toString().padStart(7)}/s  ${ratio} x  (${spread})  ${median(costs[name]).toFixed(1)} us CPU`,
  );
}

async function counted() {
  sink.send('count');
  const [{ count }] = await once(sink, 'message');
  return count;
}

/** Each to a core of its own, where the system can do that. */
function pin(pid, core) {
  try {
    execFileSync('taskset', ['-pc', String(core), String(pid)], { stdio: 'ignore' });
  } catch {
    console.log('(no taskset: not pinned)');
  }
}
