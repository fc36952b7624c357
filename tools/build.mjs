// Builds dist: the library (tsc), the command (rolldown), the fixtures, each put together once, and the JSON Schemas.
// Prints one line.
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import bundle from '../rolldown.config.js';

const root = fileURLToPath(new URL('..', import.meta.url));

await Promise.all([run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'), bundleCommand()]);
await Promise.all([run('tools/resolve-fixtures.mjs'), run('tools/write-schemas.mjs')]);
console.log(`built in ${(performance.now() / 1000).toFixed(1)} s`);

/** Through the API: rolldown's command line prints a table of chunks whatever its log level. */
async function bundleCommand() {
  const { output, ...input } = bundle;
  const { cleanDir, ...options } = output;
  if (cleanDir) await rm(`${root}/${options.dir}`, { recursive: true, force: true });
  const build = await rolldown({ ...input, cwd: root, logLevel: 'warn' });
  await build.write(options);
  await build.close();
}

/** Runs a script of Node's; its output is ours. Ends the build when it fails: tsc has said why. */
function run(script, ...args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
    child.on('exit', (code) => (code === 0 ? resolve() : process.exit(code ?? 1)));
  });
}
