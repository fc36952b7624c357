// The licences of the packages that a build has bundled, in one file.
import { readdir, readFile, writeFile } from 'node:fs/promises';

const PACKAGE = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/** @param chunks - what rolldown wrote @throws when a package names no licence */
export async function writeLicences(chunks, file) {
  const modules = chunks.flatMap(({ moduleIds = [] }) => moduleIds.map((id) => id.replaceAll('\\', '/')));
  const folders = [...new Set(modules.flatMap((id) => PACKAGE.exec(id)?.[0] ?? []))];
  const licences = await Promise.all(folders.map(licenceOf));
  const texts = [...new Set(licences)].sort();
  await writeFile(
    file,
    `Parts of these packages are in the files of this folder.\n\n${texts.join(`\n${'-'.repeat(72)}\n\n`)}`,
  );
}

async function licenceOf(folder) {
  const { name, version, license, author } = JSON.parse(await readFile(`${folder}/package.json`, 'utf8'));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e(\.(md|txt))?$/i.test(entry));
  if (file === undefined && license === undefined)
    throw new Error(`${name} is bundled, and names no licence`);
  const text =
    file === undefined
      ? `By ${author?.name ?? author}. The text: https://spdx.org/licenses/${license}.html`
      : await readFile(`${folder}/${file}`, 'utf8');
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}
