import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { mountSandboxLater } from '../../src/server/sandbox/mount-sandbox-later.ts';
import { startServer } from '../../src/server/start-server.ts';
import { freePort } from '../helpers/free-port.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { blockWith, OUTPUT } from './page.ts';

const run = promisify(execFile);

test.each([
  ['app.mjs', process.execPath],
  ['app.py', 'python3'],
])('docs/sandbox.md: %s does what the page says', async (file, program) => {
  await using folder = await temporaryFolder();
  const port = await freePort();
  await using server = await startServer({
    port: 0,
    webhooks: [{ attributes: { url: `http://localhost:${port}/webhooks` } }],
    mount: (state) =>
      mountSandboxLater(state, { seed: {}, options: { decide: 'approve', decideAfterMs: 1 } }),
  });
  await writeFile(join(folder.path, file), blockWith(`${file}:`));
  const { stdout } = await run(program, [join(folder.path, file)], {
    env: { ...process.env, PORT: String(port), PERSONA_API_BASE_URL: `${server.url}/api/v1` },
  });
  expect(stdout).toMatch(OUTPUT);
});
