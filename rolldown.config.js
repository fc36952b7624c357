import { fileURLToPath } from 'node:url';
import { defineConfig } from 'rolldown';

const undiciClient = fileURLToPath(import.meta.resolve('undici/lib/dispatcher/client.js'));
const UNDICI = `export { default as Client } from ${JSON.stringify(undiciClient)};`;

/**
 * What packages load at once and requests of ours do not need, or need in another form: by the package, and by what it
 * asks for.
 */
const STAND_INS = {
  '/undici/lib/': {
    // Node explains a failed assertion by parsing the source around it, which here is a whole bundle: seconds of
    // processor time. undici also asserts what a peer has sent.
    'node:assert': `module.exports = (value, message = 'undici found what it does not expect') => {
      if (!value) throw Object.assign(new Error(message), { code: 'ERR_ASSERTION' });
    };`,
    // To know a body that is an incoming message (ours are buffers), and for one number, which we pass.
    'node:http': 'module.exports = { IncomingMessage: class {} };',
    // Used where HTTP/2 is allowed.
    './client-h2.js': `module.exports = (...given) => require('undici/lib/dispatcher/client-h2.js')(...given);`,
  },
  '/commander/lib/': {
    // For commands that are programs of their own.
    'node:child_process': `module.exports = {
      spawn: (...given) => require('node:child_process').spawn(...given),
    };`,
  },
};

const standIns = {
  name: 'stand-ins',
  resolveId(id, importer = '') {
    const folder = Object.keys(STAND_INS).find((path) => importer.replaceAll('\\', '/').includes(path));
    return Object.hasOwn(STAND_INS[folder] ?? {}, id) ? `\0${folder}:${id}.cjs` : null;
  },
  load(id) {
    const [, folder, name] = /^\0(\/.+\/):(.+)\.cjs$/.exec(id) ?? [];
    return STAND_INS[folder]?.[name] ?? null;
  },
};

/** What a client loads for HTTP/2, for bodies of fetch, and on processors without SIMD. */
const RARE = /\/undici\/lib\/(dispatcher\/client-h2|web\/fetch\/body|llhttp\/llhttp-wasm)\.js$/;

/**
 * undici's index brings fetch, WebSocket, caches, mocks and proxies, and takes longer to load than all the rest of
 * the command together. The command uses only `Client`, so here, and here alone, `undici` is the module that defines
 * it, without what our requests do not use: that stays in node_modules, and is
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
};

/** Builtins that nothing needs before the first byte of a request: loaded where they are used, not at the start. */
const LATER = ['http', 'fs/promises', 'timers/promises', 'zlib'];

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
/** Loaded with the first request, and all at once. */
const SENDER = fileURLToPath(new URL('src/http/undici-sender.ts', import.meta.url));
const LIGHT = ['main.ts', 'commands/schedule.ts', 'commands/events.ts', 'commands/sign.ts'];

/**
 * Opening and compiling a file takes a third of a millisecond: what every sending command loads is one file, apart
 * from what light commands load too, which is in `main`.
 */
function chunkOf(id, modules) {
  const isLoadedBy = (path) => staticImports(source(`cli/${path}`), modules).has(id);
  if (isLoadedBy('main.ts') || isLoadedBy('terminal/process-io.ts')) return 'main';
  if (isLoadedBy('commands/send.ts')) return LIGHT.some(isLoadedBy) ? 'main' : 'sending';
  return staticImports(SENDER, modules).has(id) ? 'undici' : null;
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
  // Optional: loaded from node_modules by the command that needs them.
  external: ['bullmq', 'ioredis'],
  transform: { target: 'node20.18' }, // Without `await using`, among others.
  plugins: [standIns, undiciClientAlone, builtinsWhenUsed, modulesCompiledAtOnce],
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
        { name: 'version', test: /\/src\/text\/version\.ts$/ },
        { name: 'zod', test: /\/node_modules\/zod\// },
        { name: chunkOf, debugName: 'by what loads it' },
      ],
    },
    minify: { mangle: false, compress: true, codegen: true },
  },
});
