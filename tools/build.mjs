// Builds dist: the library (tsc), the command (rolldown), the fixtures, each put together once, and the JSON Schemas.
// Prints one line.
import { spawn } from 'node:child_process';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import bundle from '../rolldown.config.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Of the inspector, in the order in which they hold: what is for narrow windows comes last. */
const STYLES = [
  ...['base', 'controls', 'frame', 'deliveries', 'delivery', 'attempt', 'dialogs', 'webhooks'],
  ...['conformance', 'send', 'inquiries', 'narrow'],
];

await Promise.all([
  run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'),
  bundleCommand(),
  bundleInspector(),
]);
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

/** One script and one style sheet: the page must come from one place, and load nothing later. */
async function bundleInspector() {
  const folder = `${root}/dist/inspector`;
  await rm(folder, { recursive: true, force: true });
  const build = await rolldown({
    input: { app: 'src/inspector/app.tsx' },
    cwd: root,
    platform: 'browser',
    logLevel: 'warn',
    transform: { target: 'es2022', jsx: { runtime: 'automatic' } },
    tsconfig: 'src/inspector/tsconfig.json',
  });
  await build.write({ dir: folder, format: 'es', entryFileNames: '[name].js', minify: true });
  await build.close();
  // Not under the name of a page in src: there it would be one without its script.
  await copyFile(`${root}/src/inspector/page.html`, `${folder}/index.html`);
  const sheets = await Promise.all(
    STYLES.map((name) => readFile(`${root}/src/inspector/styles/${name}.css`)),
  );
  await writeFile(`${folder}/app.css`, Buffer.concat(sheets));
}

/** Runs a script of Node's; its output is ours. Ends the build when it fails: tsc has said why. */
function run(script, ...args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
    child.on('exit', (code) => (code === 0 ? resolve() : process.exit(code ?? 1)));
  });
}
