import { execFile } from 'node:child_process';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const execute = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const text = await readFile(join(root, 'Dockerfile'), 'utf8');

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

const INSTRUCTIONS: readonly Instruction[] = text
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => ({ name: line.slice(0, line.indexOf(' ')), rest: line.slice(line.indexOf(' ') + 1) }));

const valuesOf = (name: string) => INSTRUCTIONS.filter((one) => one.name === name).map(({ rest }) => rest);

test('the image is slim, runs as a user of its own, and says whether it is healthy', () => {
  expect(valuesOf('FROM').every((image) => /^node:\d+-slim( AS \w+)?$/.test(image))).toBe(true);
  expect(valuesOf('USER')).toEqual(['node']);
  expect(valuesOf('HEALTHCHECK').join()).toContain('CMD ["hookcast", "health"]');
  expect(JSON.parse(valuesOf('ENTRYPOINT').join())).toEqual(['hookcast']);
  expect(JSON.parse(valuesOf('CMD').join())).toEqual(['serve', '--host', '0.0.0.0']);
});

test('its commands build a command that runs', { timeout: 240_000 }, async () => {
  await using folder = await temporaryFolder();
  const image = join(folder.path, 'image');
  const work = await runInstructions(folder.path);
  const { stdout } = await execute(join(image, 'bin', 'hookcast'), ['--version'], { cwd: work });
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

/** Runs COPY and RUN without an engine: each stage in a folder of its own, /tmp and the global prefix in others. */
async function runInstructions(folder: string): Promise<string> {
  const places = { tmp: join(folder, 'tmp'), work: folder };
  await mkdir(places.tmp);
  for (const { name, rest } of INSTRUCTIONS) {
    if (name === 'WORKDIR') {
      places.work = join(folder, basename(rest));
      await mkdir(places.work, { recursive: true });
    }
    if (name === 'COPY' && rest === '. .') await copyTracked(places.work);
    if (name === 'RUN') {
      const command = rest.replaceAll('/tmp', places.tmp);
      const env = { ...process.env, npm_config_prefix: join(folder, 'image') };
      await execute('sh', ['-ec', command], { cwd: places.work, env, maxBuffer: 1e8 });
    }
  }
  return places.work;
}

/** What a clone has: the files that git tracks, as they are now. */
async function copyTracked(target: string): Promise<void> {
  const { stdout } = await execute('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: root,
    maxBuffer: 1e8,
  });
  for (const path of stdout.trim().split('\n')) {
    await mkdir(dirname(join(target, path)), { recursive: true });
    await cp(join(root, path), join(target, path));
  }
}
