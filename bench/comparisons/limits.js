// What has a limit of its own: memory, lateness, start-up, and the cost of an event after many.
import { fileURLToPath } from 'node:url';
import { atLeast, atMost, computed } from '../lib/row.js';
import { measured, median } from '../lib/rounds.js';
import { startSink } from '../lib/sink.js';
import { measureStartUp } from '../start-up.js';

const here = (name) => fileURLToPath(new URL(`../contestants/${name}`, import.meta.url));
const [SENDER_CORE, SINK_CORE] = [0, 1];

export async function measureMemory({ rounds }) {
  const bytes = await repeated(rounds, () =>
    measured([process.execPath, '--expose-gc', here('waiting.js')], { core: SENDER_CORE }),
  );
  const goal = 'memory of a waiting delivery, of 1,000,000';
  return [atMost(200, goal, { measured: median(bytes), rounds: bytes, unit: 'B RSS' })];
}

/** One run of as many retries as there shall be: its p99 is taken from all of them. */
export async function measureLateness({ seconds }) {
  const sink = await startSink({ core: SINK_CORE });
  try {
    const command = [process.execPath, here('late-retries.js'), String(seconds)];
    const late = await measured(command, { core: SENDER_CORE, env: { BENCH_URL: sink.url } });
    const goal = `lateness of ${late.retries} retries in ${seconds} s among ${late.attempts} attempts, p99`;
    const rounds = [late.p50Ms, late.maxMs];
    return [atMost(5, goal, { measured: late.p99Ms, rounds, unit: 'ms', of: 'p50 to longest' })];
  } finally {
    sink.stop();
  }
}

export async function measureLongRun({ rounds, events }) {
  const ratios = await repeated(rounds, async () => {
    const { firstUs, lastUs } = await measured([process.execPath, here('long-run.js'), String(events)], {
      core: SENDER_CORE,
    });
    return lastUs / firstUs;
  });
  const goal = `processor time for an event after ${events}, to after 20000`;
  return [atMost(1.1, goal, { measured: median(ratios), rounds: ratios })];
}

export async function measureStart({ rounds }) {
  const rows = await measureStartUp({ rounds });
  return rows
    .filter(({ limit }) => limit !== undefined)
    .map(({ goal, limit, value }) => atMost(limit, `${goal}, to node -e 0`, { measured: value, rounds: [] }));
}

async function repeated(rounds, measure) {
  const values = [];
  for (let round = 0; round < rounds; round += 1) values.push(await measure());
  return values;
}

/** A server with a control API: what a delivery costs beside its two halves, in processor time of one process. */
export async function measureServer({ rounds, seconds }) {
  const sink = await startSink({ core: SINK_CORE });
  try {
    const count = Math.min(4_000, seconds * 200);
    const found = await repeated(rounds, () =>
      measured([process.execPath, '--expose-gc', here('server.js'), String(count)], {
        core: SENDER_CORE,
        env: { BENCH_URL: sink.url },
      }),
    );
    const ratios = found.map(({ deliveryUs, emptyUs, postUs }) => deliveryUs / (emptyUs + postUs));
    const empty = found.map(({ emptyUs }) => 1_000_000 / emptyUs);
    const posts = found.map(({ postUs }) => 1_000_000 / postUs);
    const above = found.map(({ keptMb, idleMb }) => keptMb - idleMb);
    const held = found.map(({ heldMb }) => heldMb);
    const idle = found.map(({ idleMb }) => idleMb);
    const rates = found.map(({ deliveryUs }) => 1_000_000 / deliveryUs);
    return [
      atLeast(2_000, 'POST /v1/deliveries without wait on one core', {
        measured: median(rates),
        rounds: rates,
        unit: '/s',
      }),
      computed("processor time of it with its delivery, to Hono's empty POST and a signed POST", {
        measured: median(ratios),
        rounds: ratios,
      }),
      computed("beside it: Hono's empty POST route on one core, /s", {
        measured: median(empty),
        rounds: empty,
      }),
      computed('beside it: signed POSTs of the same body over Pool on one core, /s', {
        measured: median(posts),
        rounds: posts,
      }),
      atMost(60, 'memory of 1,000 kept deliveries, above that of the idle server', {
        measured: median(above),
        rounds: above,
        unit: 'MB RSS',
      }),
      computed('of it what the deliveries hold, MB (the rest: loaded and compiled code, room for garbage)', {
        measured: median(held),
        rounds: held,
      }),
      computed('memory of the idle server, MB RSS', { measured: median(idle), rounds: idle }),
    ];
  } finally {
    sink.stop();
  }
}
