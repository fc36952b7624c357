import { FileError, HookcastError, systemCodeOf } from '../../errors.ts';
import { tryReplacing } from '../../fixture/replace-file.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'the folder to write it into does not exist',
  ENOTDIR: 'a part of this path is a file, not a folder',
  EEXIST: 'a part of this path is a file, not a folder',
  EISDIR: 'this is a folder, not a file',
  EACCES: 'no permission to write it',
  EROFS: 'no permission to write it',
  ENOSPC: 'the disk is full',
};

/** @throws {FileError} with a reason for people */
export async function tryWriting(path: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    // A fault of what is written, such as a source that cannot be read.
    if (error instanceof HookcastError) throw error;
    const code = systemCodeOf(error);
    throw new FileError(path, REASONS[code] ?? `cannot be written${code === '' ? '' : ` (${code})`}`, {
      cause: error,
    });
  }
}

/** Before a run whose end replaces the file, so that its path is no surprise then. @throws {FileError} */
export function checkReplacing(path: string): Promise<void> {
  return tryWriting(path, () => tryReplacing(path));
}
