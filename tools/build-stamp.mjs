// What a build read and what it wrote, as hashes of names and contents: times and sizes lie after a checkout.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The build itself is among them; npm's list says which versions are installed of what is bundled. */
const INPUTS = [
  ...['src', 'fixtures', 'tools', 'package.json', 'node_modules/.package-lock.json'],
  ...['tsconfig.json', 'tsconfig.build.json', 'rolldown.config.js', 'rolldown.library.config.js'],
];
const OUTPUTS = ['dist'];
/** Not in dist, which is packed. */
const STAMP = 'node_modules/.cache/hookcast-build.json';

/** @returns whether it had to build: something is not as the last build that succeeded read or left it */
export async function buildWhereNeeded(root, build) {
  const last = readStamp(root);
  // From before: what changes meanwhile is built the next time.
  const inputs = hashOf(root, INPUTS);
  const isIntact = last.outputs === hashOf(root, OUTPUTS);
  if (isIntact && last.inputs === inputs) return false;
  // By its own list tsc would leave out what it has written once, even where that is gone.
  if (!isIntact) rmSync(join(root, 'dist/.tsbuildinfo'), { force: true });
  await build();
  writeStamp(root, { inputs, outputs: hashOf(root, OUTPUTS) });
  return true;
}

function readStamp(root) {
  const file = join(root, STAMP);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

function writeStamp(root, stamp) {
  const file = join(root, STAMP);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(stamp));
}

function hashOf(root, paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap((path) => filesAt(root, path))) {
    const content = readFileSync(join(root, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** The file there, or all files in the folder there. */
function filesAt(root, path) {
  const place = join(root, path);
  if (!existsSync(place)) return [];
  const names = statSync(place).isFile()
    ? [path]
    : readdirSync(place, { recursive: true }).map((name) => join(path, name));
  return names.filter((name) => statSync(join(root, name)).isFile()).sort();
}
