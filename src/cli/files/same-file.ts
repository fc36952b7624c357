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
