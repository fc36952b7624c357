// A worker in a process of its own, with short locks: started, and killed, by test/queue/kill.test.ts.
import { workOnQueue } from '../../dist/queue/bullmq/worker.js';
import { undiciSender } from '../../dist/http/undici-sender.js';
import { keyringOf } from '../../dist/queue/keyring.js';
import { DEVELOPMENT_SECRET, Secret } from '../../dist/signing/sign.js';

const nothing = () => undefined;
await workOnQueue({
  url: process.argv[2],
  keyring: keyringOf({ secrets: [new Secret(DEVELOPMENT_SECRET)], headerValues: [] }),
  sender: undiciSender(),
  concurrency: 4,
  signal: new AbortController().signal,
  locks: { lockMs: 1_200, checkMs: 300 },
  onReady: () => process.stdout.write('ready\n'),
  events: {
    attempted: nothing,
    settled: nothing,
    refused: nothing,
    takenOver: () => process.stdout.write('taken over\n'),
    trouble: nothing,
  },
});
