// A Redis of the benchmark's own: a free port, nothing on disk.
import { spawn, spawnSync } from 'node:child_process';
import { createConnection, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** @returns {Promise<{ url: string, flush: () => void, stop: () => void } | undefined>} undefined without redis-server */
export async function startRedis() {
  if (spawnSync('redis-server', ['--version']).status !== 0) return undefined;
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child = spawn('redis-server', args, { stdio: 'ignore' });
  while (!(await answers(port))) await sleep(20);
  return {
    url: `redis://127.0.0.1:${port}`,
    flush: () => ask(port, 'FLUSHALL'),
    stop: () => child.kill(),
  };
}

function ask(port, command) {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1', () => socket.write(`${command}\r\n`));
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString());
    });
    socket.once('error', () => resolve(''));
  });
}

async function answers(port) {
  return (await ask(port, 'PING')).startsWith('+PONG');
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
