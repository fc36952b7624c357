// Builds dist: the modules with their types (tsc), and of them the library, the command and the inspector (rolldown);
// the fixtures, each put together once, the JSON Schemas, and the licences of what is bundled. Prints one line.
import { spawn } from 'node:child_process';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import command from '../rolldown.config.js';
import library from '../rolldown.library.config.js';
import { bundlePackages, importBundled } from './bundle-packages.mjs';
import { writeLicences } from './write-licences.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Of the inspector, in the order in which they hold: what is for narrow windows comes last. */
const STYLES = [
  ...['base', 'controls', 'frame', 'deliveries', 'delivery', 'attempt', 'dialogs', 'webhooks'],
  ...['conformance', 'send', 'inquiries', 'narrow'],
];

const [, ...outputs] = await Promise.all([
  run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json').then(() =>
    importBundled(`${root}/dist`),
  ),
  bundle(command),
  bundle(library),
  bundleInspector(),
  bundlePackages(root),
]);
await Promise.all([
  run('tools/resolve-fixtures.mjs'),
  run('tools/write-schemas.mjs'),
  writeLicences(outputs.flat(), `${root}/dist/THIRD-PARTY-LICENCES.txt`),
]);
console.log(`built in ${(performance.now() / 1000).toFixed(1)} s`);

/** Through the API: rolldown's command line prints a table of chunks whatever its log level. */
async function bundle({ output, ...input }) {
  const { cleanDir, ...options } = output;
  if (cleanDir) await rm(`${root}/${options.dir}`, { recursive: true, force: true });
  const build = await rolldown({ ...input, cwd: root, logLevel: 'warn' });
  const { output: chunks } = await build.write(options);
  await build.close();
  return chunks;
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
  const names = { dir: folder, entryFileNames: '[name].js' };
  const { output: chunks } = await build.write({ ...names, format: 'es', minify: true });
  await build.close();
  // Not under the name of a page in src: there it would be one without its script.
  await copyFile(`${root}/src/inspector/page.html`, `${folder}/index.html`);
  const sheets = await Promise.all(
    STYLES.map((name) => readFile(`${root}/src/inspector/styles/${name}.css`)),
  );
  await writeFile(`${folder}/app.css`, Buffer.concat(sheets));
  return chunks;
}

/** Runs a script of Node's; its output is ours. Ends the build when it fails: tsc has said why. */
function run(script, ...args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
    child.on('exit', (code) => (code === 0 ? resolve() : process.exit(code ?? 1)));
  });
}
