import { open, unlink, type FileHandle } from 'node:fs/promises';
import { FileError } from '../../errors.ts';
import { isRecordingLine } from '../ndjson.ts';
import { diskRecordings } from '../files.ts';

/** A recording that grows: one line at a time, each on the disk before the next. */
export interface RecordingWriter {
  /** @throws {FileError} when it cannot be written; the file then ends with the line before, and may be tried again */
  append(line: string): Promise<void>;
  close(): Promise<void>;
  /** Closes, and removes the file if this writer began it and nothing was written. */
  discard(): Promise<void>;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'the folder to write it into does not exist',
  ENOTDIR: 'a part of this path is a file, not a folder',
  EISDIR: 'this is a folder, not a file',
  EACCES: 'no permission to write it',
  EROFS: 'no permission to write it',
  ENOSPC: 'the disk is full',
};

/**
 * Opens a recording to append to, or begins one that only its owner may read: bodies hold personal data.
 * @throws {FileError} also for a file that holds something else, or whose last line is cut off
 */
export async function openRecording(path: string): Promise<RecordingWriter> {
  try {
    const { file, isNew } = await openOrCreate(path);
    try {
      await checkEnd(path, file);
      // Whatever the umask and an older file allowed: bodies hold personal data.
      await file.chmod(0o600);
    } catch (error) {
      await file.close();
      throw error;
    }
    return writerOn(path, file, isNew);
  } catch (error) {
    throw writeError(path, error);
  }
}

async function openOrCreate(path: string): Promise<{ file: FileHandle; isNew: boolean }> {
  try {
    return { file: await open(path, 'ax+', 0o600), isNew: true };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    return { file: await open(path, 'a+', 0o600), isNew: false };
  }
}

async function checkEnd(path: string, file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  if (size === 0) return;
  await checkFirstLine(path);
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  if (buffer[0] !== 0x0a)
    throw new FileError(path, 'its last line is cut off; remove that line, or record into another file');
}

async function checkFirstLine(path: string): Promise<void> {
  for await (const { bytes } of diskRecordings.lines(path)) {
    const text = bytes.toString('utf8');
    // A first line that is also the last may be cut off.
    if (isRecordingLine(text) || text.startsWith('{"type":"recording",')) return;
    throw new FileError(path, 'a file of that name exists and is not a recording; choose another');
  }
}

function writerOn(path: string, file: FileHandle, isNew: boolean): RecordingWriter {
  let last: Promise<void> = Promise.resolve();
  const close = async () => {
    await last;
    await file.close();
  };
  return {
    append: (line) => {
      // One after the other, whatever became of the one before.
      const written = last.then(() => appendLine(path, file, line));
      last = written.catch(() => undefined);
      return written;
    },
    close,
    discard: async () => {
      await last;
      const { size } = await file.stat();
      await close();
      if (isNew && size === 0) await unlink(path);
    },
  };
}

async function appendLine(path: string, file: FileHandle, line: string): Promise<void> {
  const { size } = await file.stat();
  try {
    await file.writeFile(`${line}\n`);
  } catch (error) {
    // Half a line would make the whole recording unreadable.
    await file.truncate(size).catch(() => undefined);
    throw writeError(path, error);
  }
}

function writeError(path: string, cause: unknown): unknown {
  if (cause instanceof FileError || !(cause instanceof Error && 'code' in cause)) return cause;
  const code = String(cause.code);
  return new FileError(path, REASONS[code] ?? code, { cause });
}
