import { fileURLToPath } from 'node:url';
import { defineConfig } from 'rolldown';

/** Functions that answer with a promise: what they need is loaded with their first call. */
const LATE = [
  ...['createSandbox', 'loadSeed', 'startServer', 'startReceiver', 'conform', 'loadScenario', 'loadWebhook'],
  ...['openDeliveryQueue', 'openQueueStore', 'workOnQueue', 'resumeJournal'],
];

const INDEX = fileURLToPath(new URL('src/index.ts', import.meta.url));

/** The table of contents stays as it is read; here, its re-exports of late functions become calls. */
const lateFunctions = {
  name: 'late-functions',
  transform(code, id) {
    if (id !== INDEX) return null;
    return code.replaceAll(/^export \{([^}]*)\} from ('[^']+');/gm, (all, list, path) => {
      const names = list.split(',').map((name) => name.trim());
      const late = names.filter((name) => LATE.includes(name));
      const others = names.filter((name) => name !== '' && !LATE.includes(name));
      return [
        ...(others.length === 0 ? [] : [`export { ${others.join(', ')} } from ${path};`]),
        ...late.map(
          (name) =>
            `export async function ${name}(...given) { return (await import(${path})).${name}(...given); }`,
        ),
      ].join('\n');
    });
  },
};

/**
 * The library in few files, for its start-up: as tsc writes it, Node would open 400 for one function. Declarations
 * stay as tsc writes them. Why: docs/decisions/2026-11-bundle.md.
 */
export default defineConfig({
  input: {
    index: 'src/index.ts',
    vitest: 'src/conformance/testing.ts',
    redirect: 'src/sandbox/redirect/index.ts',
    thread: 'src/load/workers/thread.ts',
  },
  platform: 'node',
  // Loaded with the first delivery, or by who asks for a queue or a journal.
  external: ['undici', 'vitest', 'bullmq', 'ioredis', 'libsql'],
  transform: { target: 'node20.18' },
  plugins: [lateFunctions],
  output: {
    dir: 'dist/library',
    format: 'es',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    cleanDir: true,
    // Names stay, so that the stack of a bug report says where.
    minify: { mangle: false, compress: true, codegen: true },
  },
});
