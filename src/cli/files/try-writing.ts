import { FileError, HookcastError, systemCodeOf } from '../../errors.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder to write it into',
  ENOTDIR: 'a file stands where its folder should be',
  EEXIST: 'a file of that name stands in its place',
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
