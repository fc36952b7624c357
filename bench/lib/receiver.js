// A receiver that does everything right, with an oracle, in a process of its own: prints its port.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { DEVELOPMENT_SECRET } from '../../dist/library/index.js';

const MAX_BODY = 2_097_152;
const TOLERANCE_SECONDS = 300;
const counts = new Map();
const states = new Map();

const server = createServer({ maxHeaderSize: 16_384 }, async (request, response) => {
  if (request.url === '/oracle') return response.end(JSON.stringify(known()));
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const status = statusFor(request, Buffer.concat(chunks));
  response.writeHead(status, status === 405 ? { Allow: 'POST' } : {}).end();
});

function statusFor({ method, headers }, body) {
  if (method !== 'POST') return 405;
  if (headers['content-encoding'] !== undefined) return 415;
  if (body.length > MAX_BODY) return 413;
  if (!isGenuine(String(headers['persona-signature']), body)) return 401;
  return take(body);
}

function isGenuine(header, body) {
  return header.split(' ').some((set) => {
    const [, t, v1] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(set) ?? [];
    if (t === undefined || Math.abs(Date.now() / 1000 - Number(t)) > TOLERANCE_SECONDS) return false;
    const digest = createHmac('sha256', DEVELOPMENT_SECRET).update(`${t}.`).update(body).digest();
    return timingSafeEqual(digest, Buffer.from(v1, 'hex'));
  });
}

function take(body) {
  try {
    const { id, attributes } = JSON.parse(body.toString('utf8')).data;
    const object = attributes.payload?.data;
    if (typeof id !== 'string' || typeof attributes.name !== 'string') return 400;
    if (!counts.has(id)) keep(id, object, attributes['created-at'] ?? '');
    return 200;
  } catch {
    return 400;
  }
}

function keep(id, object, createdAt) {
  counts.set(id, 1);
  const status = object?.attributes?.status;
  if (typeof status !== 'string') return;
  const before = states.get(object.id);
  const isNewer = before === undefined || `${createdAt} ${status}` > `${before.createdAt} ${before.status}`;
  if (isNewer) states.set(object.id, { status, createdAt });
}

function known() {
  return Object.fromEntries([
    ...[...counts].map(([id, processed]) => [id, { processed }]),
    ...[...states].map(([id, { status }]) => [id, { status }]),
  ]);
}

process.on('uncaughtException', ({ code }) => code === 'ECONNRESET' || process.exit(1));
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit()).resume();
