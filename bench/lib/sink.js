// A receiver in a process of its own, so cheap that the sender is what is measured: C where there is a compiler,
// else node:net, which is dearer and makes every sender look a little slower.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pinned } from './pin.js';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** @returns {Promise<{kind: string, url: string, count: () => Promise<number>, stop: () => void}>} */
export async function startSink({ core } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'hookcast-bench-'));
  const compiled = compile(join(folder, 'sink'));
  const command = compiled === undefined ? [process.execPath, here('sink-node.js')] : [compiled];
  const [program, ...args] = pinned(command, core);
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async () => (await lines.next()).value;
  const port = await nextLine();
  return {
    kind: compiled === undefined ? 'node:net' : 'C, epoll',
    url: `http://127.0.0.1:${port}/webhooks`,
    count: async () => {
      child.stdin.write('\n');
      return Number(await nextLine());
    },
    stop: () => {
      child.stdin.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function compile(target) {
  if (process.platform !== 'linux') return undefined;
  try {
    execFileSync('cc', ['-O2', '-o', target, here('sink.c')], { stdio: 'ignore' });
    return target;
  } catch {
    return undefined;
  }
}
