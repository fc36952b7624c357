// A bare BullMQ worker: decodes the body, POSTs it with undici on a connection of its own, as a first attempt of
// Persona's does, and writes as many lines of the same size to the job and to stdout. It signs and checks nothing.
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { Client } from 'undici';

const { BENCH_REDIS, BENCH_COUNT } = process.env;
const connection = new Redis(BENCH_REDIS, { maxRetriesPerRequest: null });
const LINE = `{"attempt":1,"startedAtMs":1780000000000,"simulatedAtMs":1780000000000,"requestHeaders":{"Content-Type":"${'x'.repeat(250)}"}}`;
const TEXT = `${'x'.repeat(15)} inquiry.approved 1 of 9  T+0s        ✓ 200 OK (1.2 ms)\n`;

const worker = new Worker('deliveries', attempt, { connection, prefix: 'hookcast', concurrency: 100 });
let left = Number(BENCH_COUNT);
worker.on('completed', () => {
  process.stdout.write(TEXT);
  left -= 1;
  if (left === 0) void worker.close(true).then(() => process.exit(0));
});

async function attempt(job) {
  const { url, body } = job.data;
  await job.log(LINE);
  const { origin, pathname } = new URL(url);
  const client = new Client(origin);
  const headers = { 'content-type': 'application/json', 'persona-signature': `t=1,v1=${'0'.repeat(64)}` };
  const answer = await client.request({
    ...{ method: 'POST', path: pathname, headers, body: Buffer.from(body, 'base64') },
  });
  await answer.body.dump();
  void client.close();
  await job.log(LINE);
  process.stdout.write(TEXT);
}
