import { once } from 'node:events';
import { createServer } from 'node:net';
import { threadId } from 'node:worker_threads';

/**
 * Below the ports that systems give to whoever asks for any (from 32768, or 49152): another test, or a client's
 * connection, would take one of those before the program that it is meant for. Each process and thread begins elsewhere.
 */
const FIRST = 20_000;
const COUNT = 12_000;
let offset = (process.pid * 127 + threadId * 1_009) % COUNT;

/** A port that a program started now can listen on, or that nobody listens on. */
export async function freePort(): Promise<number> {
  for (;;) {
    offset = (offset + 1) % COUNT;
    const port = FIRST + offset; // While this one is tried, others may ask.
    if (await canListen(port)) return port;
  }
}

/** On all addresses, as the program may. */
async function canListen(port: number): Promise<boolean> {
  const server = createServer().listen(port);
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
