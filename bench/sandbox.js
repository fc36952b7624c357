// What the sandbox costs: GETs a second as a ratio to an empty Hono route, memory of 10,000 inquiries, and whether a list and a
// filter by reference-id stay as quick with 10,000 as with 100. Processor time of one core, no network.
// Usage: npm run bench:sandbox
import { Hono } from 'hono';
import { createSandbox } from '../dist/sandbox/create-sandbox.js';

const HEADERS = { Authorization: 'Bearer persona_sandbox_bench' };
const silent = { send: () => new Promise(() => {}) };

const empty = new Hono();
empty.get(
  '/api/v1/inquiries/:id',
  () => new Response('{}', { headers: { 'Content-Type': 'application/json' } }),
);

const started = performance.now();
const sandbox = await createSandbox({ port: false, sender: silent });
console.log(`started in ${(performance.now() - started).toFixed(0)} ms`);

const create = async (number) => {
  const attributes = { 'inquiry-template-id': 'itmpl_bench', 'reference-id': `person-${number}` };
  const body = JSON.stringify({ data: { attributes } });
  const answer = await sandbox.fetch('http://localhost/api/v1/inquiries', {
    method: 'POST',
    headers: HEADERS,
    body,
  });
  return (await answer.json()).data.id;
};

const ids = [];
const fill = async (count) => {
  while (ids.length < count) ids.push(await create(ids.length));
};
const get = (path) => async () =>
  (await sandbox.fetch(`http://localhost/api/v1${path}`, { headers: HEADERS })).text();

await fill(100);
const one = await perSecond(get(`/inquiries/${ids[50]}`), 4_000);
const route = await perSecond(
  async () =>
    (
      await empty.fetch(new Request(`http://localhost/api/v1/inquiries/${ids[50]}`, { headers: HEADERS }))
    ).text(),
  4_000,
);
console.log(
  `GET an inquiry: ${one.toFixed(0)}/s of processor time, ${(one / route).toFixed(2)} of an empty route's ${route.toFixed(0)}/s`,
);

const few = [
  await perSecond(get('/inquiries'), 400),
  await perSecond(get('/inquiries?filter[reference-id]=person-7'), 2_000),
];
const before = process.memoryUsage().rss;
await fill(10_000);
const many = [
  await perSecond(get('/inquiries'), 400),
  await perSecond(get('/inquiries?filter[reference-id]=person-7'), 2_000),
];
console.log(`list: ${few[0].toFixed(0)}/s with 100, ${many[0].toFixed(0)}/s with 10,000`);
console.log(`filter by reference-id: ${few[1].toFixed(0)}/s with 100, ${many[1].toFixed(0)}/s with 10,000`);
globalThis.gc?.();
const { heapUsed, rss } = process.memoryUsage();
console.log(
  `10,000 inquiries: heap ${mebibytes(heapUsed)} MB, process ${mebibytes(rss)} MB (${mebibytes(rss - before)} more than with 100)`,
);
await sandbox.close();

async function perSecond(work, count) {
  for (let done = 0; done < count / 4; done += 1) await work();
  const start = process.cpuUsage();
  for (let done = 0; done < count; done += 1) await work();
  const { user, system } = process.cpuUsage(start);
  return (count * 1e6) / (user + system);
}

function mebibytes(bytes) {
  return (bytes / 2 ** 20).toFixed(0);
}
