// Does an event cost more when many went before it? Events to a receiver in memory, so that nothing hides what the
// engine itself costs; prints microseconds of processor time for an event in the first window and in the last.
// node bench/contestants/long-run.js [count]
import { createSimulator } from '../../dist/library/index.js';
import { CONCURRENCY, EVENT_NAME, WEBHOOK } from '../lib/sample.js';

const count = Number(process.argv[2] ?? 1_000_000);
/** The first ones are compiled while they run. */
const [WARM_UP, WINDOW] = [20_000, 10_000];
const WINDOWS = 8;

const costsUs = [];
let [answered, before] = [0, process.cpuUsage()];
function countOne() {
  answered += 1;
  if (answered % WINDOW !== 0) return;
  const { user, system } = process.cpuUsage(before);
  before = process.cpuUsage();
  if (answered > WARM_UP) costsUs.push((user + system) / WINDOW);
}
const sender = {
  open: (listener) => ({
    resent: 0,
    send: () =>
      setImmediate(() => {
        countOne();
        listener.answered(200);
      }),
    abandon: () => 'headers',
    close: () => undefined,
  }),
};
const simulator = createSimulator({ webhook: WEBHOOK, seed: 1 });
await simulator.emit({ mix: EVENT_NAME }, { sender, concurrency: CONCURRENCY, count });
const middle = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
console.log(
  JSON.stringify({ firstUs: middle(costsUs.slice(0, WINDOWS)), lastUs: middle(costsUs.slice(-WINDOWS)) }),
);
