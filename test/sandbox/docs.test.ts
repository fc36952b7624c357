import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { mountSandbox } from '../../src/server/sandbox/mount-sandbox.ts';
import { startServer } from '../../src/server/start-server.ts';
import { closeServer, listen } from '../../src/receiver/listen.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const run = promisify(execFile);
const page = await readFile(new URL('../../docs/sandbox.md', import.meta.url), 'utf8');

/** The block of code that begins with a comment on this file. */
function blockOf(file: string): string {
  const blocks = [...page.matchAll(/^```(?:js|python)\n([^]*?)^```$/gm)].map(([, code = '']) => code);
  return blocks.find((code) => code.split('\n')[0]?.includes(`${file}:`)) ?? '';
}

async function freePort(): Promise<number> {
  const server = createServer();
  const url = await listen(server, {});
  await closeServer(server);
  return Number(new URL(url).port);
}

test.each([
  ['app.mjs', process.execPath],
  ['app.py', 'python3'],
])('docs/sandbox.md: %s does what the page says', async (file, program) => {
  await using folder = await temporaryFolder();
  const port = await freePort();
  await using server = await startServer({
    port: 0,
    webhooks: [{ attributes: { url: `http://localhost:${port}/webhooks` } }],
    mount: (state) => mountSandbox(state, { seed: {}, options: { decide: 'approve', decideAfterMs: 1 } }),
  });
  await writeFile(join(folder.path, file), blockOf(file));
  const { stdout } = await run(program, [join(folder.path, file)], {
    env: { ...process.env, PORT: String(port), PERSONA_API_BASE_URL: `${server.url}/api/v1` },
  });
  expect(stdout).toMatch(/^created; its page is http:\/\/127\.0\.0\.1:\d+\/verify\?/m);
  expect(stdout).toMatch(/^webhook inquiry\.approved$/m);
  expect(stdout).toMatch(/^GET says approved; the webhook says the same: [Tt]rue$/m);
});
