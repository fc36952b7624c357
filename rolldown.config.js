import { fileURLToPath } from 'node:url';
import { defineConfig } from 'rolldown';

const undiciFile = (path) => fileURLToPath(import.meta.resolve(`undici/lib/${path}`));
const undiciClient = undiciFile('dispatcher/client.js');
const UNDICI = `
export { default as Client } from ${JSON.stringify(undiciClient)};
export { default as buildConnector } from ${JSON.stringify(undiciFile('core/connect.js'))};
`;

/** What a client loads for HTTP/2, for bodies of fetch, and on processors without SIMD. */
const RARE = /\/undici\/lib\/(dispatcher\/client-h2|web\/fetch\/body|llhttp\/llhttp-wasm)\.js$/;

/**
 * undici's index brings fetch, WebSocket, caches, mocks and proxies, and takes longer to load than all the rest of
 * the command together. The command uses only `Client` and what opens its connections, so here, and here alone,
 * `undici` is the modules that define them, without what our requests do not use: that stays in node_modules, and is
 * loaded where it is asked for. None of these are public paths; the copy is made when the package is built, and
 * test/package.test.ts sends with it.
 */
const undiciClientAlone = {
  name: 'undici-client-alone',
  async resolveId(id, importer) {
    if (id === 'undici') return '\0undici';
    const found = importer?.includes('/undici/lib/') ? await this.resolve(id, importer) : null;
    const path = found?.id.replaceAll('\\', '/') ?? '';
    return RARE.test(path) ? { id: path.slice(path.lastIndexOf('undici/lib/')), external: true } : null;
  },
  load: (id) => (id === '\0undici' ? UNDICI : null),
  transform: (code, id) => {
    if (!id.includes('undici')) return null;
    return EARLY.reduce(
      (text, [file, from, to]) => (id === undiciFile(file) ? replaced(text, from, to) : text),
      code,
    );
  },
};

/** What undici loads at once, and does not need for a request of ours. */
const EARLY = [
  // Used where HTTP/2 is allowed.
  [
    'dispatcher/client.js',
    "= require('./client-h2.js')",
    "= (...given) => require('./client-h2.js')(...given)",
  ],
  // For one number, which is this one unless Node was told another.
  [
    'dispatcher/client.js',
    "= require('node:http')",
    `= /max.http.header.size/.test(process.execArgv + process.env.NODE_OPTIONS)
      ? require('node:http') : { maxHeaderSize: 16384 }`,
  ],
  // To know a body that is an incoming message; ours are buffers.
  ['core/util.js', "const { IncomingMessage } = require('node:http')", ''],
  ['core/util.js', '=== IncomingMessage', "=== require('node:http').IncomingMessage"],
];

/** @throws when it is not there: another version of the package */
function replaced(code, from, to) {
  if (!code.includes(from)) throw new Error(`expected ${from}`);
  return code.replace(from, to);
}

/** For commands that are programs of their own; ours are not. */
const commanderWithoutSpawn = {
  name: 'commander-without-spawn',
  transform: (code, id) =>
    /\/commander\/lib\/command\.js$/.test(id.replaceAll('\\', '/'))
      ? replaced(
          code,
          "= require('node:child_process')",
          "= { spawn: (...given) => require('node:child_process').spawn(...given) }",
        )
      : null,
};

/** Builtins that nothing needs before the first byte of a request: loaded where they are used, not at the start. */
const LATER = ['http', 'fs/promises', 'timers/promises'];

const builtinsWhenUsed = {
  name: 'builtins-when-used',
  renderChunk: (code) =>
    LATER.reduce((text, builtin) => {
      const name = `node_${builtin.replace('/', '_')}`;
      return text
        .replace(`let ${name} = require("node:${builtin}");\n`, '')
        .replaceAll(new RegExp(`\\b${name}\\b`, 'g'), `require("node:${builtin}")`);
    }, code),
};

/**
 * Modules of CommonJS are functions here, which are called at once. V8 compiles such a function with the file, and not
 * once more when it is called, if it can tell by a parenthesis in front of it; Node 20 does not see that of an arrow.
 */
const modulesCompiledAtOnce = {
  name: 'modules-compiled-at-once',
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle))
      chunk.code = chunk.code?.replaceAll(WRAPPER, (_, call, names) => `${call}((function(${names}){`);
  },
};

const WRAPPER = /\b(require_rolldown_runtime\.t)\(\(\(?([\w,]+)\)?=>\{/g;

const source = (path) => fileURLToPath(new URL(`src/${path}`, import.meta.url));
const LIGHT = ['main.ts', 'commands/schedule.ts', 'commands/events.ts', 'commands/sign.ts'];

/**
 * Opening and compiling a file takes a third of a millisecond: what every sending command loads is one file, apart
 * from what light commands load too, which is in `main`.
 */
function chunkOf(id, modules) {
  const isLoadedBy = (path) => staticImports(source(`cli/${path}`), modules).has(id);
  if (isLoadedBy('main.ts') || isLoadedBy('terminal/process-io.ts')) return 'main';
  if (!isLoadedBy('commands/send.ts')) return null;
  return LIGHT.some(isLoadedBy) ? 'main' : 'sending';
}

const known = new Map();

/** A module, and all that is loaded together with it. */
function staticImports(entry, modules) {
  const found = known.get(entry) ?? new Set([entry]);
  if (known.has(entry)) return found;
  known.set(entry, found);
  for (const id of found) for (const next of modules.getModuleInfo(id)?.importedIds ?? []) found.add(next);
  return found;
}

/**
 * The command line in few files, for its start-up; the library stays as tsc writes it. Why, and why CommonJS:
 * docs/decisions/2026-11-bundle.md.
 */
export default defineConfig({
  input: { start: 'src/cli/start.ts' },
  platform: 'node',
  // Native, optional, or for few commands: loaded from node_modules by the command that needs them.
  external: ['libsql', 'bullmq', 'ioredis', 'fast-check'],
  transform: { target: 'node20.18' }, // Without `await using`, among others.
  plugins: [undiciClientAlone, commanderWithoutSpawn, builtinsWhenUsed, modulesCompiledAtOnce],
  output: {
    dir: 'dist/command',
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    cleanDir: true,
    // Names stay, so that the stack of a bug report says where.
    codeSplitting: {
      groups: [
        // Two lines, for --version.
        { name: 'version', test: /\/src\/cli\/version\.ts$/ },
        ...['undici', 'zod'].map((name) => ({ name, test: new RegExp(`/node_modules/${name}/`) })),
        { name: chunkOf, debugName: 'by what loads it' },
      ],
    },
    minify: { mangle: false, compress: true, codegen: true },
  },
});
