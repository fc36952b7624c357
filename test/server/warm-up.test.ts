import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const WARM_UP = new URL('../../dist/server/warm-up.js', import.meta.url).href;

/** What comes of the script in a process that knows `warmUp` and a `timer` of as long as that waits, set after it. */
async function ran(script: string): Promise<string> {
  const program = `
    import { createRequire } from 'node:module';
    import { warmUp } from '${WARM_UP}';
    const timer = () => new Promise((resolve) => setTimeout(resolve, 100));
    const undici = () => Object.keys(createRequire('${WARM_UP}').cache).some((path) => path.includes('/undici/'));
    ${script}`;
  const argv = ['--input-type=module', '--eval', program];
  return (await promisify(execFile)(process.execPath, argv)).stdout;
}

test('an idle server loads the HTTP client, among the rest, and is held by that as little as by its timer', async () => {
  const untilLoaded = 'warmUp(); while (!undici()) await timer(); console.log("loaded");';
  expect(await ran(untilLoaded)).toBe('loaded\n');
  expect(await ran('warmUp(); process.on("exit", () => console.log(undici()));')).toBe('false\n');
});

test('a server that ends before that loads nothing', async () => {
  expect(await ran('warmUp()(); await timer(); await timer(); console.log(undici());')).toBe('false\n');
});
