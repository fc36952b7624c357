import type { Redis } from 'ioredis';

/** Not between two connections. */
const STEADY: ReadonlySet<string> = new Set(['wait', 'ready', 'end']);

/** Resolves when each of the clients has its connection again, or has given up. */
export async function untilSteady(clients: readonly Redis[]): Promise<void> {
  await Promise.all(clients.map(steady));
}

function steady(client: Redis): Promise<void> {
  return new Promise((resolve) => {
    if (STEADY.has(client.status)) resolve();
    else client.once('ready', resolve).once('end', resolve);
  });
}
