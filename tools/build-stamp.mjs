// What a build read and what it wrote, as hashes of names and contents: times and sizes lie after a checkout.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The build itself is among them; npm's list says which versions are installed of what is bundled. */
const INPUTS = [
  ...['src', 'fixtures', 'tools', 'package.json', 'node_modules/.package-lock.json'],
  ...['tsconfig.json', 'tsconfig.build.json', 'rolldown.config.js', 'rolldown.library.config.js'],
];
/** Not in dist, which is packed. */
const STAMP = 'node_modules/.cache/hookcast-build.json';

export function hashInputs(root) {
  return hashOf(root, INPUTS);
}

export function hashOutputs(root) {
  return hashOf(root, ['dist']);
}

/** What the last build that succeeded has left. */
export function readStamp(root) {
  const file = join(root, STAMP);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

export function writeStamp(root, stamp) {
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
