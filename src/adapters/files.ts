import { existsSync, readFileSync } from 'node:fs';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FileError } from '../errors.ts';
import { FIXTURE_NAMES } from '../fixture/catalogue.ts';
import type { FixtureLibrary } from '../fixture/load.ts';
import type { Files, FileWriter } from '../ports.ts';

const READ_REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a folder, not a file',
  EACCES: 'no permission to read it',
  ENOTDIR: 'a part of this path is a file, not a folder',
};

const WRITE_REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'there is a file of that name already',
  EISDIR: 'a folder of that name is in the way',
  EACCES: 'no permission to write it',
  EROFS: 'no permission to write it',
  ENOSPC: 'no space left',
  ENOTDIR: 'a part of this path is a file, not a folder',
};

export const diskFiles: Files = {
  // The files are small, and a command has nothing else to do: waiting for a thread takes longer than reading.
  read(path) {
    return new Promise((resolve, reject) => {
      try {
        resolve(readFileSync(path));
      } catch (error) {
        reject(fileError(path, error, READ_REASONS));
      }
    });
  },
};

export const diskWriter: FileWriter = {
  async exists(path) {
    try {
      await access(path);
      return true;
    } catch {
      return false; // Whatever else is wrong with the path, writing there will say it.
    }
  },
  async write(path, content, { overwrite }) {
    await makeFolder(dirname(path));
    try {
      await writeFile(path, content, { flag: overwrite ? 'w' : 'wx' });
    } catch (error) {
      throw fileError(path, error, WRITE_REASONS);
    }
  },
};

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw fileError(path, error, { ...WRITE_REASONS, EEXIST: 'this is a file, not a folder' });
  }
}

function fileError(path: string, cause: unknown, reasons: Readonly<Record<string, string>>): FileError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
  return new FileError(path, reasons[code] ?? code, { cause, isFolder: code === 'EISDIR' });
}

/** The fixtures that come with the package; from a build, put together beforehand. */
export function bundledFixtures(): FixtureLibrary {
  // src/adapters, dist/adapters and dist/command are equally far from the top.
  const directory = fileURLToPath(new URL('../../fixtures', import.meta.url));
  const resolved = fileURLToPath(new URL('../fixtures', import.meta.url)); // dist/fixtures; there is no src/fixtures.
  return {
    files: diskFiles,
    directory,
    names: FIXTURE_NAMES,
    ...(existsSync(resolved) ? { resolvedDirectory: resolved } : {}),
  };
}
