// Bare addBulk of the same number of bytes, as many at a time.
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';

const { BENCH_REDIS, BENCH_COUNT, BENCH_JOB } = process.env;
const BATCH = 200;
const connection = new Redis(BENCH_REDIS, { maxRetriesPerRequest: null });
const queue = new Queue('rival', {
  connection,
  prefix: 'hookcast',
  streams: { events: { maxLen: 100 } },
  defaultJobOptions: {
    backoff: { type: 'policy' },
    removeOnComplete: { age: 86_400, count: 100_000 },
    removeOnFail: { age: 604_800, count: 100_000 },
    keepLogs: 300,
    stackTraceLimit: 0,
  },
});
const data = JSON.parse(BENCH_JOB);
const count = Number(BENCH_COUNT);
const startMs = performance.now();
for (let from = 0; from < count; from += BATCH) {
  const jobs = Array.from({ length: BATCH }, (_, index) => ({
    ...{
      name: data.eventName,
      data: { ...data },
      opts: { jobId: `rival${from + index}`, attempts: 9, delay: 0 },
    },
  }));
  await queue.addBulk(jobs);
}
console.error(performance.now() - startMs);
connection.disconnect();
process.exit(0);
