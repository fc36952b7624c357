// How long a new user waits, from an empty folder: install, the demo, and the first insight about a receiver of their own
// that verifies re-serialised JSON. Prints one line for each. Usage: npm run --silent first-minute
import { execFileSync, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const LIMIT_S = 60;
const SECRET = 'wbhsec_abcdefgh-1234-5678-9ijk-lmnopqrstuvw';
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'hookcast-'));
try {
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const [{ filename }] = JSON.parse(execFileSync('npm', pack, { cwd: root, encoding: 'utf8' }));
  const begin = performance.now();
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', join(folder, filename)], {
    cwd: folder,
  });
  told('installed', begin);
  await firstLine(['demo'], /.+/);
  told("the demo's first line", begin);
  const receiver = await careless();
  const to = `http://127.0.0.1:${receiver.address().port}/webhooks`;
  await firstLine(['conform', '--to', to, '--secret', SECRET], /stringify/);
  receiver.close();
  receiver.closeAllConnections();
  const seconds = told('what is wrong with a receiver', begin);
  process.exitCode = seconds < LIMIT_S ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function told(what, begin) {
  const seconds = (performance.now() - begin) / 1000;
  console.log(`${seconds.toFixed(1).padStart(5)} s  ${what}`);
  return seconds;
}

/** Runs the installed command until a line of its output matches. @throws when none does */
function firstLine(args, pattern) {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', ['exec', '--no', '--', 'hookcast', ...args], { cwd: folder, detached: true });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (!pattern.test(text)) return;
      process.kill(-child.pid);
      resolve();
    });
    child.on('close', () => reject(new Error(`${args[0]} never printed ${pattern}:\n${text}`)));
  });
}

/** A receiver with the commonest mistake. */
function careless() {
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    const [, t = '', v1 = ''] = /t=(\d+),v1=(\w+)/.exec(request.headers['persona-signature'] ?? '') ?? [];
    let json = '';
    try {
      json = JSON.stringify(JSON.parse(body));
    } catch {
      // Not JSON: refused below.
    }
    const isGenuine = createHmac('sha256', SECRET).update(`${t}.${json}`).digest('hex') === v1;
    response.writeHead(isGenuine ? 200 : 401).end();
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}
