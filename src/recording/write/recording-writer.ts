import { open, type FileHandle } from 'node:fs/promises';
import { FileError } from '../../errors.ts';
import { isRecordingLine } from '../ndjson.ts';
import { diskRecordings } from '../files.ts';

/** A recording that grows: one line at a time, each on the disk before the next. */
export interface RecordingWriter {
  /** @throws {FileError} when it cannot be written; the file then ends with the line before, and may be tried again */
  append(line: string): Promise<void>;
  close(): Promise<void>;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder to write it into',
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
    const file = await open(path, 'a+', 0o600);
    try {
      await checkEnd(path, file);
    } catch (error) {
      await file.close();
      throw error;
    }
    return writerOn(path, file);
  } catch (error) {
    throw writeError(path, error);
  }
}

async function checkEnd(path: string, file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  if (size === 0) return;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  if (buffer[0] !== 0x0a)
    throw new FileError(
      path,
      'its last line is cut off; remove that line, or record into another file (--output)',
    );
  for await (const { bytes } of diskRecordings.lines(path)) {
    if (isRecordingLine(bytes.toString('utf8'))) return;
    throw new FileError(
      path,
      'there is a file of that name that is no recording; choose another with --output',
    );
  }
}

function writerOn(path: string, file: FileHandle): RecordingWriter {
  let last: Promise<void> = Promise.resolve();
  return {
    append: (line) => {
      // One after the other, whatever became of the one before.
      const written = last.then(() => appendLine(path, file, line));
      last = written.catch(() => undefined);
      return written;
    },
    close: async () => {
      await last;
      await file.close();
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
