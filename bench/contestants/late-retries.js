// How late retries leave while first attempts flow: prints the lateness of all retries, in milliseconds.
// node bench/contestants/late-retries.js [seconds]; sends to BENCH_URL
import { configureWebhook, createSimulator, DEFAULT_POLICY } from '../../dist/index.js';
import { http1SlotSender } from '../../dist/http/http1/slot-sender.js';
import { summarise } from '../../dist/load/result.js';
import { CONCURRENCY, EVENT_NAME, WEBHOOK } from '../lib/sample.js';

const seconds = Number(process.argv[2] ?? 60);
const RETRIES_A_SECOND = 100_000 / 60;
/** One of so many first attempts is taken for a failure. */
const EVERY = 3;

const { endpoint } = configureWebhook(WEBHOOK);
const slots = http1SlotSender(endpoint.url);
let firstAttempts = 0;
const sender = {
  open: (listener) => {
    let isFailure = false;
    const connection = slots.open({
      answered: (status) => listener.answered(isFailure ? 503 : status),
      failed: (code, reason) => listener.failed(code, reason),
      refused: (error) => listener.refused(error),
      lost: () => listener.lost(),
    });
    return {
      send: (headers, body) => {
        const isFirst = headers[headers.indexOf('Persona-Webhook-Attempts-Made') + 1] === '1';
        if (isFirst) firstAttempts += 1;
        isFailure = isFirst && firstAttempts % EVERY === 0;
        connection.send(headers, body);
      },
      abandon: () => connection.abandon(),
      close: () => connection.close(),
    };
  },
};
const simulator = createSimulator({
  webhook: WEBHOOK,
  seed: 1,
  policy: { ...DEFAULT_POLICY, delaysSeconds: [1] },
});
const ratePerSecond = RETRIES_A_SECOND * EVERY;
const result = await simulator.emit(
  { mix: EVENT_NAME },
  { sender, concurrency: CONCURRENCY, ratePerSecond, count: Math.round(ratePerSecond * seconds) },
);
console.log(
  JSON.stringify({ retries: result.retries, attempts: result.attempts, ...summarise(result.lateness) }),
);
