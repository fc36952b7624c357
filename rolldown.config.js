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
  // It loads node:http2 at once, and would use it where HTTP/2 is allowed.
  transform: (code, id) =>
    id === undiciClient
      ? code.replace("= require('./client-h2.js')", "= (...given) => require('./client-h2.js')(...given)")
      : null,
};

/**
 * The command line in few files, for its start-up; the library stays as tsc writes it. Why, and why CommonJS:
 * docs/decisions/2026-11-bundle.md.
 */
export default defineConfig({
  input: { start: 'src/cli/start.ts' },
  platform: 'node',
  // Native, optional, or for few commands: loaded from node_modules by the command that needs them.
  external: ['libsql', 'bullmq', 'ioredis', 'fast-check', 'hdr-histogram-js'],
  transform: { target: 'node20.18' }, // Without `await using`, among others.
  plugins: [undiciClientAlone],
  output: {
    dir: 'dist/command',
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    cleanDir: true,
    // Names stay, so that the stack of a bug report says where.
    codeSplitting: {
      groups: ['undici', 'zod'].map((name) => ({ name, test: new RegExp(`/node_modules/${name}/`) })),
    },
    minify: { mangle: false, compress: true, codegen: true },
  },
});
