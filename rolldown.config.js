import { fileURLToPath } from 'node:url';
import { defineConfig } from 'rolldown';

const undiciClient = fileURLToPath(import.meta.resolve('undici/lib/dispatcher/client.js'));
const UNDICI = '\0undici';

/**
 * undici's index brings fetch, WebSocket, caches, mocks and proxies, and takes longer to load than all the rest of
 * the command together. The command uses only `Client`, so here, and here alone, `undici` is the module that defines
 * it: no public path, but the copy is made when the package is built, so no other version can come under it.
 * test/package.test.ts holds it to be the same class.
 */
const undiciClientAlone = {
  name: 'undici-client-alone',
  resolveId: (id) => (id === 'undici' ? UNDICI : null),
  load: (id) =>
    id === UNDICI ? `export { default as Client } from ${JSON.stringify(undiciClient)};` : null,
};

/** The command line in few files, for its start-up; the library stays as tsc writes it (docs/decisions). */
export default defineConfig({
  input: { start: 'src/cli/start.ts' },
  platform: 'node',
  // Native, optional, or for few commands: loaded from node_modules by the command that needs them.
  external: ['libsql', 'bullmq', 'ioredis', 'fast-check', 'hdr-histogram-js'],
  plugins: [undiciClientAlone],
  output: {
    dir: 'dist/command',
    format: 'esm',
    chunkFileNames: '[name]-[hash].js',
    cleanDir: true,
    // Names stay, so that the stack of a bug report says where.
    minify: { mangle: false, compress: true, codegen: true },
  },
});
