// What a delivery that waits for its retry takes of the memory: prints bytes (RSS) for each of a million.
// node --expose-gc bench/contestants/waiting.js [count]
import { createSimulator } from '../../dist/library/index.js';
import { EVENT_NAME, WEBHOOK } from '../lib/sample.js';

const count = Number(process.argv[2] ?? 1_000_000);
const OUTAGE_MS = 3_600_000;
const SILENT = { resent: 0, send: () => undefined, abandon: () => 'headers', close: () => undefined };
const sender = { open: () => SILENT };

/** An outage leaves as many behind as came during it: their bodies are rendered again when they are due. */
async function rssWith(waiting) {
  const stop = new AbortController();
  const simulator = createSimulator({ webhook: WEBHOOK, seed: 1 });
  let result;
  const run = simulator.emit(
    { mix: EVENT_NAME },
    {
      sender,
      concurrency: 1,
      outageMs: OUTAGE_MS,
      ratePerSecond: waiting / (OUTAGE_MS / 1000),
      signal: stop.signal,
      drain: false,
      onStart: (progress) => {
        result = { progress };
      },
    },
  );
  while (result === undefined) await new Promise(setImmediate);
  globalThis.gc();
  const found = { rss: process.memoryUsage().rss, waiting: result.progress().waiting };
  return { ...found, run };
}

const before = await rssWith(100);
const after = await rssWith(count);
if (after.waiting < count * 0.9) throw new Error(`only ${after.waiting} wait`);
console.log(JSON.stringify((after.rss - before.rss) / (after.waiting - before.waiting)));
process.exit();
