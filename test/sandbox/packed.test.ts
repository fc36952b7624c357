import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { freePort } from '../helpers/free-port.ts';
import { spawnCli } from '../helpers/spawn-cli.ts';
import { temporaryFolder, type TemporaryFolder } from '../helpers/temporary-folder.ts';
import { blockWith, OUTPUT } from './page.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

test('docs/sandbox.md: the commands of the page do what it says, from the packed package', async () => {
  await using folder = await installedPackage();
  const port = await freePort();
  const command = blockWith('npx hookcast serve').split('npx hookcast ')[1]?.trim() ?? '';
  const flags = command.replace('localhost:3000', `localhost:${port}`).split(' ');
  await using serve = await startServe(folder, [...flags, '--decide-after', '1ms']);
  const env = { ...process.env, PORT: String(port) };
  const inFolder = (program: string, args: string[], more: Record<string, string> = {}) =>
    run(program, args, { cwd: folder.path, env: { ...env, ...more } });

  for (const file of ['app.mjs', 'app.py']) await folder.write(file, blockWith(`${file}:`));
  const byBaseUrl = { PERSONA_API_BASE_URL: `${serve.url}/api/v1` };
  expect((await inFolder(process.execPath, ['app.mjs'], byBaseUrl)).stdout).toMatch(OUTPUT);
  expect((await inFolder('python3', ['app.py'], byBaseUrl)).stdout).toMatch(OUTPUT);
  const byRedirect = {
    PERSONA_API_BASE_URL: 'https://api.withpersona.com/api/v1',
    HOOKCAST_SANDBOX_URL: serve.url,
  };
  const redirected = ['--import', 'hookcast/redirect', 'app.mjs'];
  expect((await inFolder(process.execPath, redirected, byRedirect)).stdout).toMatch(OUTPUT);

  const advance = blockWith('clock/advance').replace('http://localhost:4665', serve.url);
  expect((await inFolder('sh', ['-c', advance])).stdout).toMatch(/^\{"moved":true/);
  const inTest = await folder.write('test.mjs', blockWith('createSandbox({'));
  expect((await inFolder(process.execPath, [inTest])).stdout).toMatch(/^http:\/\/localhost:\d+\/api\/v1\n$/);
  const seed = await folder.write('seed.json', blockWith('"transitions"'));
  await using seeded = await startServe(folder, ['serve', '--seed-file', seed]);
  const headers = { Authorization: 'Bearer persona_sandbox_my-key' };
  expect((await fetch(`${seeded.url}/api/v1/inquiries/inq_1`, { headers })).status).toBe(200);
});

/** A folder with the packed package and what it depends on. */
async function installedPackage(): Promise<TemporaryFolder> {
  const folder = await temporaryFolder();
  const modules = join(folder.path, 'node_modules');
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder.path];
  const [{ filename }] = JSON.parse((await run('npm', pack, { cwd: root })).stdout) as [{ filename: string }];
  await mkdir(join(modules, 'hookcast'), { recursive: true });
  const place = join(modules, 'hookcast');
  await run('tar', ['-xzf', filename, '-C', place, '--strip-components=1'], { cwd: folder.path });
  const { dependencies } = JSON.parse(await readFile(join(place, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(join(root, 'node_modules', name), join(modules, name));
  }
  return folder;
}

async function startServe({ path }: TemporaryFolder, flags: readonly string[]) {
  const bin = join(path, 'node_modules', 'hookcast', 'bin', 'hookcast.js');
  const serve = spawnCli([...flags, '--port', '0', '--json'], {}, bin);
  await serve.until(/"listening".*\n/);
  const url: string = JSON.parse(serve.output().split('\n')[0] ?? '').url;
  return { url, [Symbol.asyncDispose]: () => serve[Symbol.asyncDispose]() };
}
