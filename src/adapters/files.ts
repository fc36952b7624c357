import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { FileError } from '../errors.ts';
import { FIXTURE_NAMES } from '../fixture/catalogue.ts';
import type { FixtureLibrary } from '../fixture/load.ts';
import type { Files } from '../ports.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a folder, not a file',
  EACCES: 'no permission to read it',
  ENOTDIR: 'a part of this path is a file, not a folder',
};

export const diskFiles: Files = {
  async read(path) {
    try {
      return await readFile(path);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
      throw new FileError(path, REASONS[code] ?? code, { cause: error });
    }
  },
};

/** The fixtures that come with the package. */
export function bundledFixtures(): FixtureLibrary {
  // src/adapters and dist/adapters are equally far from the top.
  const directory = fileURLToPath(new URL('../../fixtures', import.meta.url));
  return { files: diskFiles, directory, names: FIXTURE_NAMES };
}
