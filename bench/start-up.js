// What a command costs until it does something, against an empty Node: ratios of medians over interleaved rounds.
// Every process runs on one core where taskset exists, and without NODE_EXTRA_CA_CERTS: Node 20 reads that file at
// every start, which would flatter all ratios.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { pinned } from './lib/pin.js';
import { median } from './lib/rounds.js';

const BIN = fileURLToPath(new URL('../bin/hookcast.js', import.meta.url));
const BASELINE = 'node -e 0';

/** Times `node -e 0` takes: the median of what is measured may be at most that many. */
const LIMITS = { '--version': 1.6, 'first byte of send': 3.5, 'serve answers /healthz': 3 };

/**
 * @param {{ rounds?: number, bin?: string }} options
 * @returns {Promise<{ goal: string, value: number, limit: number | undefined, isMet: boolean }[]>} `value` is in
 *   medians of `node -e 0`; a row without a limit is there to be compared, and always met
 */
export async function measureStartUp({ rounds = 11, bin = BIN } = {}) {
  const contestants = {
    [BASELINE]: () => untilExit(['-e', '0']),
    ...Object.fromEntries(
      ['--version', '--help', 'schedule', 'events'].map((command) => [
        command,
        () => untilExit([bin, command]),
      ]),
    ),
    'first byte of send': () => untilFirstByte(bin),
    'serve answers /healthz': () => untilServed(bin, '/healthz'),
    'serve answers /api/v1': () => untilServed(bin, '/api/v1/inquiries'),
  };
  const times = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, measure] of Object.entries(contestants)) {
      const ms = await measure();
      if (round > 0) times[name].push(ms); // The first round fills the disk cache.
    }
  }
  const baselineMs = median(times[BASELINE]);
  return Object.keys(contestants).map((name) => {
    const value = median(times[name]) / baselineMs;
    const limit = LIMITS[name];
    return { goal: `${name} (${median(times[name]).toFixed(0)} ms)`, value, limit, isMet: !(value > limit) };
  });
}

async function untilExit(argv) {
  const startMs = performance.now();
  await once(start(argv), 'exit');
  return performance.now() - startMs;
}

async function untilFirstByte(bin) {
  let firstByteMs;
  const server = createServer((socket) => {
    socket.once('data', () => {
      firstByteMs = performance.now();
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
    });
    socket.on('error', () => undefined);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const startMs = performance.now();
  const url = `http://127.0.0.1:${server.address().port}`;
  await once(start([bin, 'send', 'inquiry.approved', '--to', url, '--time-scale', 'instant']), 'exit');
  server.close();
  if (firstByteMs === undefined) throw new Error('nothing was sent: is dist/ built?');
  return firstByteMs - startMs;
}

/** Through a socket: to load a client would be in the time. */
async function untilServed(bin, path) {
  const startMs = performance.now();
  const server = start([bin, 'serve', '--port', '0', '--json'], ['ignore', 'pipe', 'ignore']);
  const [line] = await once(server.stdout, 'data');
  const { port } = new URL(JSON.parse(line).url);
  const socket = connect(Number(port), '127.0.0.1');
  const key = 'Authorization: Bearer persona_sandbox_bench';
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n${key}\r\nConnection: close\r\n\r\n`);
  const [answer] = await once(socket, 'data');
  const ms = performance.now() - startMs;
  if (!answer.toString().startsWith('HTTP/1.1 200')) throw new Error(`${path}: ${answer}`);
  socket.destroy();
  server.kill();
  await once(server, 'exit');
  return ms;
}

function start(argv, stdio = 'ignore') {
  const env = { ...process.env };
  delete env.NODE_EXTRA_CA_CERTS;
  const [command, ...rest] = pinned([process.execPath, ...argv], 0);
  return spawn(command, rest, { env, stdio });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const rows = await measureStartUp({ rounds: Number(process.env.ROUNDS ?? 11) });
  for (const { goal, value, limit, isMet } of rows) {
    const verdict = limit === undefined ? '' : `  at most ${limit.toFixed(1)}: ${isMet ? 'met' : 'missed'}`;
    console.log(`${goal.padEnd(30)} ${value.toFixed(2).padStart(6)} x ${BASELINE}${verdict}`);
  }
}
