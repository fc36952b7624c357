// What the sandbox costs: the time to its first answer, GETs a second as a ratio to an empty Hono route, memory of 10,000
// inquiries, and whether a list and a filter by reference-id stay as quick with 10,000 as with 100.
// Usage: npm run bench:sandbox
import { execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Hono } from 'hono';
import { createSandbox } from '../dist/library/index.js';

const HEADERS = { Authorization: 'Bearer persona_sandbox_bench' };
const MANY = 10_000;
const STARTS = 7;
const silent = { send: () => new Promise(() => {}) };
const parts = { first: printFirstAnswer, memory: printMemory };

const part = parts[process.argv[2]];
await (part === undefined ? printAll() : part());

async function printAll() {
  console.log(
    `first answer of createSandbox: ${median(times(STARTS, firstAnswer))} ms after the process began`,
  );
  const served = [];
  for (let start = 0; start < STARTS; start += 1) served.push(await firstServedAnswer());
  console.log(`first answer of hookcast serve: ${median(served)} ms after the process began`);
  await printRates();
  process.stdout.write(child('memory'));
}

/** In a process of its own: what it holds is nothing else. */
function child(name) {
  return execFileSync(process.execPath, ['--expose-gc', import.meta.filename, name], { encoding: 'utf8' });
}

function firstAnswer() {
  return Number(child('first'));
}

async function printFirstAnswer() {
  const sandbox = await createSandbox({ sender: silent });
  await (await fetch(`${sandbox.url}/api/v1/inquiries`, { headers: HEADERS })).text();
  console.log(performance.now());
  await sandbox.close();
}

/** As a user starts it, on a free port. */
async function firstServedAnswer() {
  const bin = new URL('../bin/hookcast.js', import.meta.url).pathname;
  const began = performance.now();
  const server = spawn(process.execPath, [bin, 'serve', '--port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  for await (const line of createInterface({ input: server.stdout })) {
    const { url } = JSON.parse(line);
    await (await fetch(`${url}/api/v1/inquiries`, { headers: HEADERS })).text();
    break;
  }
  const ms = performance.now() - began;
  server.kill();
  return ms;
}

async function printRates() {
  const empty = new Hono();
  empty.get(
    '/api/v1/inquiries/:id',
    () => new Response('{}', { headers: { 'Content-Type': 'application/json' } }),
  );
  const { sandbox, get, ids, fill } = await filled(100);
  const path = `/inquiries/${ids[50]}`;
  const one = await perSecond(get(path), 4_000);
  const route = await perSecond(async () => {
    const request = new Request(`http://localhost/api/v1${path}`, { headers: HEADERS });
    return (await empty.fetch(request)).text();
  }, 4_000);
  console.log(
    `GET an inquiry: ${one.toFixed(0)}/s of processor time, ${(one / route).toFixed(2)} of an empty route's ${route.toFixed(0)}/s`,
  );
  const rates = async () => [
    await perSecond(get('/inquiries'), 400),
    await perSecond(get('/inquiries?filter[reference-id]=person-7'), 2_000),
  ];
  await rates();
  const few = await rates();
  await fill(MANY);
  const many = await rates();
  console.log(`list: ${few[0].toFixed(0)}/s with 100, ${many[0].toFixed(0)}/s with 10,000`);
  console.log(`filter by reference-id: ${few[1].toFixed(0)}/s with 100, ${many[1].toFixed(0)}/s with 10,000`);
  await sandbox.close();
}

async function printMemory() {
  const { sandbox, fill } = await filled(0);
  globalThis.gc();
  const before = process.memoryUsage();
  await fill(MANY);
  const peak = process.memoryUsage().rss;
  globalThis.gc();
  const after = process.memoryUsage();
  console.log(
    `10,000 inquiries: ${mebibytes(after.heapUsed - before.heapUsed)} MB of heap; the whole process ${mebibytes(peak)} MB when they are created, ${mebibytes(after.rss)} MB after a collection (${mebibytes(before.rss)} MB without any)`,
  );
  await sandbox.close();
}

async function filled(count) {
  const sandbox = await createSandbox({ port: false, sender: silent });
  const ids = [];
  const fill = async (total) => {
    while (ids.length < total) ids.push(await create(sandbox, ids.length));
  };
  const get = (path) => async () =>
    (await sandbox.fetch(`http://localhost/api/v1${path}`, { headers: HEADERS })).text();
  await fill(count);
  return { sandbox, ids, fill, get };
}

async function create(sandbox, number) {
  const attributes = { 'inquiry-template-id': 'itmpl_bench', 'reference-id': `person-${number}` };
  const answer = await sandbox.fetch('http://localhost/api/v1/inquiries', {
    method: 'POST',
    headers: HEADERS,
    body: JSON.stringify({ data: { attributes } }),
  });
  return (await answer.json()).data.id;
}

async function perSecond(work, count) {
  for (let done = 0; done < count / 4; done += 1) await work();
  const start = process.cpuUsage();
  for (let done = 0; done < count; done += 1) await work();
  const { user, system } = process.cpuUsage(start);
  return (count * 1e6) / (user + system);
}

function times(count, measure) {
  return Array.from({ length: count }, measure);
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)].toFixed(0);
}

function mebibytes(bytes) {
  return (bytes / 2 ** 20).toFixed(0);
}
