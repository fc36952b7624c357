// Packages that are small without all that they bring along: bundled into dist, so that nobody has to install the whole of them.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { rolldown } from 'rolldown';

const FOLDER = 'bundled';
/** File names in that folder. */
const PACKAGES = { hono: 'hono', '@hono/node-server': 'hono-node-server', 'fast-check': 'fast-check' };

/** @returns what was written, for its licences */
export async function bundlePackages(root) {
  await rm(`${root}/dist/${FOLDER}`, { recursive: true, force: true });
  const input = Object.fromEntries(Object.entries(PACKAGES).map(([name, file]) => [file, name]));
  const build = await rolldown({ input, cwd: root, platform: 'node', logLevel: 'warn' });
  const { output } = await build.write({
    dir: `dist/${FOLDER}`,
    format: 'es',
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    minify: true,
  });
  await build.close();
  return output;
}

/** Lets the library that tsc has written import the bundled files. */
export async function importBundled(dist) {
  const files = await readdir(dist, { recursive: true });
  const modules = files.filter((file) => /^(sandbox|server|conformance)\b.*\.js$/.test(file));
  await Promise.all(
    modules.map(async (file) => {
      const code = await readFile(join(dist, file), 'utf8');
      const changed = withBundled(code, relative(dirname(file), FOLDER).replaceAll('\\', '/'));
      if (changed !== code) await writeFile(join(dist, file), changed);
    }),
  );
}

function withBundled(code, folder) {
  return code.replaceAll(/\b(from |import\()'([^'.]+)'/g, (all, before, name) =>
    Object.hasOwn(PACKAGES, name) ? `${before}'${folder}/${PACKAGES[name]}.js'` : all,
  );
}
