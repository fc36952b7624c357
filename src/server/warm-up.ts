/** By then whoever waited for the server has asked; a request that comes earlier loads what it needs alone. */
const IDLE_MS = 100;

/** What the first request or delivery of each kind would wait for. */
const PARTS: readonly (() => Promise<unknown>)[] = [
  () => import('./control-api.ts'),
  () => import('../http/undici-sender.ts'),
  () => import('@hono/node-server'),
  () => import('./sandbox/mount-sandbox.ts'),
  () => import('../sandbox/requests/schemas.ts'),
];

/** Loads it all while the server is idle, with turns for requests in between. @returns what ends that */
export function warmUp(): () => void {
  let isOver = false;
  const loadAll = async () => {
    for (const load of PARTS) {
      if (isOver) return;
      await load();
      await new Promise(setImmediate);
    }
  };
  const timer = setTimeout(() => void loadAll(), IDLE_MS).unref();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
