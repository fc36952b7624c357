// What a POST /v1/deliveries without wait costs, its delivery to a receiver that accepts included, and what an empty
// POST route of Hono costs: prints processor time in microseconds for each, and the memory of the server before any
// delivery and with 1,000 that are kept.
// BENCH_URL=http://127.0.0.1:… node --expose-gc bench/contestants/server.js [count]
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { startServer } from '../../dist/server/start-server.js';

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

const KEPT = 1_000;

/** Resident memory when nothing is left that can be collected, in MB. */
async function rssMb() {
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return process.memoryUsage().rss / 1e6;
}

const server = await startServer({ port: 0, webhooks: [{ attributes: { url: process.env.BENCH_URL } }] });
const isQuiet = () => [...server.state.history.all].every(({ state }) => state !== 'pending');
const idleMb = await rssMb();
await post(`${server.url}/v1/deliveries`, KEPT);
while (!isQuiet()) await new Promise((resolve) => setTimeout(resolve, 5));
const keptMb = await rssMb();
const kept = [...server.state.history.all].length;
const deliveryUs = await cpuUsOf(`${server.url}/v1/deliveries`, isQuiet);
await server.close();
const emptyUs = await emptyRoute();
console.log(JSON.stringify({ deliveryUs, emptyUs, kept, idleMb, keptMb }));
process.exit();
