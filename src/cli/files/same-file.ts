import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../../errors.ts';
import { isInside } from '../../text/inside.ts';

/**
 * Refuses an output that is one of the inputs, in whatever spelling: by links, or inside a folder that is read.
 * @throws {UsageError}
 */
export async function refuseSameFile(output: string, inputs: readonly string[]): Promise<void> {
  const target = await realPathOf(output);
  const there = await identityOf(output);
  for (const input of inputs) {
    const source = await realPathOf(input);
    const isSame = target === source || (there !== undefined && there === (await identityOf(input)));
    if (isSame) throw new UsageError(`--output ${output}: it is one of the sources`);
    if (isInside(source, target) && (await isFolder(source)))
      throw new UsageError(`--output ${output}: it is in the folder ${input}, which is one of the sources`);
  }
}

/** A file that a flag has a command write. */
export interface Written {
  readonly flag: string;
  readonly path: string;
}

/**
 * Refuses files that a command would write twice, or over something that it reads.
 * @throws {UsageError}
 */
export async function refuseOverwriting(
  written: readonly Written[],
  read: readonly (string | undefined)[],
): Promise<void> {
  const sources = await Promise.all(read.filter((path) => path !== undefined).map(nameOf));
  const taken: string[] = [];
  for (const { flag, path } of written) {
    const name = await nameOf(path);
    if (name === undefined) continue;
    if (sources.includes(name))
      throw new UsageError(`${flag} ${path}: this command also reads that file; choose another`);
    if (taken.includes(name))
      throw new UsageError(`${flag} ${path}: this file would be written twice; choose another`);
    taken.push(name);
  }
}

/** The same for all names of a file; undefined of a device, which keeps nothing. */
async function nameOf(path: string): Promise<string | undefined> {
  const there = await stat(path).catch(() => undefined);
  if (there !== undefined && !there.isFile()) return undefined;
  return (await identityOf(path)) ?? (await realPathOf(path));
}

/** Of a file that is not there yet: in its folder's real path. */
async function realPathOf(path: string): Promise<string> {
  const there = await realpath(path).catch(() => undefined);
  if (there !== undefined) return there;
  const folder = await realpath(dirname(path)).catch(() => dirname(path));
  return join(folder, basename(path));
}

/** The same for all hard links of a file. */
async function identityOf(path: string): Promise<string | undefined> {
  const there = await stat(path, { bigint: true }).catch(() => undefined);
  return there?.isFile() === true ? `${there.dev}:${there.ino}` : undefined;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}
