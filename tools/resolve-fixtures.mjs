// Part of the build: puts each fixture together once, so that a command reads one file instead of a score.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundledFixtures } from '../dist/fixture/files.js';
import { loadFixture } from '../dist/fixture/load.js';
import { pack } from '../dist/json/packed.js';

const directory = fileURLToPath(new URL('../dist/fixtures', import.meta.url));
await rm(directory, { recursive: true, force: true });
const library = { ...bundledFixtures(), resolvedDirectory: undefined };
for (const name of library.names) {
  const path = `${directory}/${name}.json`;
  await mkdir(dirname(path), { recursive: true });
  const { trigger, document } = await loadFixture(name, library);
  await writeFile(path, JSON.stringify({ trigger, document: pack(document) }));
}
