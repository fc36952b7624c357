// What a POST /v1/deliveries without wait costs, its delivery to a receiver that accepts included, and what its two
// halves cost others: an empty POST route of Hono, and a signed POST of the same body over undici's Pool. Prints
// processor time in microseconds for each, and the memory of the server before any delivery and with 1,000 that are kept.
// BENCH_URL=http://127.0.0.1:… node --expose-gc bench/contestants/server.js [count]
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { Pool } from 'undici';
import { DEVELOPMENT_SECRET, startServer } from '../../dist/library/index.js';

const count = Number(process.argv[2] ?? 4_000);
const BODY = JSON.stringify({ event: 'inquiry.approved' });

async function post(url, times) {
  const script = fileURLToPath(new URL('../lib/post.js', import.meta.url));
  const child = spawn(process.execPath, [script, url, String(times), BODY], { stdio: 'inherit' });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`the client ended with ${code}`);
}

async function cpuUsOf(url, isQuiet = () => true) {
  await post(url, count);
  const before = process.cpuUsage();
  await post(url, count);
  while (!isQuiet()) await new Promise((resolve) => setTimeout(resolve, 5));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

async function emptyRoute() {
  const app = new Hono().post('/', async (context) => {
    await context.req.json();
    return context.json({ ok: true }, 202);
  });
  const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const us = await cpuUsOf(`http://127.0.0.1:${server.address().port}/`);
  server.close();
  return us;
}

/** Signed and sent one after another over 8 connections, as the client above does. */
async function signedPosts(body) {
  const { origin, pathname: path } = new URL(process.env.BENCH_URL);
  const pool = new Pool(origin, { connections: 8 });
  let left = 0;
  const postSome = async () => {
    while (left > 0) {
      left -= 1;
      const t = Math.floor(Date.now() / 1000);
      const v1 = createHmac('sha256', DEVELOPMENT_SECRET).update(`${t}.`).update(body).digest('hex');
      const headers = { 'content-type': 'application/json', 'persona-signature': `t=${t},v1=${v1}` };
      await (await pool.request({ method: 'POST', path, headers, body })).body.dump();
    }
  };
  const posts = async () => {
    left = count;
    const before = process.cpuUsage();
    await Promise.all(Array.from({ length: 8 }, postSome));
    const { user, system } = process.cpuUsage(before);
    return (user + system) / count;
  };
  await posts();
  const us = await posts();
  await pool.close();
  return us;
}

const KEPT = 1_000;

/** Resident memory when nothing is left that can be collected, in MB. */
async function rssMb() {
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return process.memoryUsage().rss / 1e6;
}

/** What lives in memory, in MB. */
function liveMb() {
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1e6;
}

const server = await startServer({ port: 0, webhooks: [{ attributes: { url: process.env.BENCH_URL } }] });
const isQuiet = () => [...server.state.history.all].every(({ state }) => state !== 'pending');
const idleMb = await rssMb();
await post(`${server.url}/v1/deliveries`, KEPT);
while (!isQuiet()) await new Promise((resolve) => setTimeout(resolve, 5));
const keptMb = await rssMb();
const kept = [...server.state.history.all].length;
const fullMb = liveMb();
server.state.reset();
await rssMb();
// The stream remembers its last events, and their deliveries with them: somewhat less than all is counted.
const heldMb = fullMb - liveMb();
const deliveryUs = await cpuUsOf(`${server.url}/v1/deliveries`, isQuiet);
const { body } = server.state.history.latest();
await server.close();
const emptyUs = await emptyRoute();
const postUs = await signedPosts(body);
console.log(JSON.stringify({ deliveryUs, emptyUs, postUs, kept, idleMb, keptMb, heldMb }));
process.exit();
