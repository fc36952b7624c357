import { createReadStream } from 'node:fs';
import { access, open, readdir, readFile, stat } from 'node:fs/promises';
import { FileError } from '../errors.ts';
import type { RecordingFiles } from './recording.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EISDIR: 'this is a folder, not a file',
  EACCES: 'no permission to read it',
  ENOTDIR: 'a part of this path is a file, not a folder',
  ERR_FS_FILE_TOO_LARGE: 'too large to be read at once; NDJSON is read line by line: hookcast export',
};

/** Recordings on the disk. */
export const diskRecordings: RecordingFiles = {
  isFolder: (path) => tryReading(path, async () => (await stat(path)).isDirectory()),
  list: (folder) =>
    tryReading(folder, async () => {
      const entries = await readdir(folder, { withFileTypes: true });
      return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
    }),
  exists: (path) =>
    access(path).then(
      () => true,
      () => false,
    ),
  head: (path, bytes) => tryReading(path, () => readHead(path, bytes)),
  read: (path) => tryReading(path, () => readFile(path)),
  lines: readLines,
};

async function readHead(path: string, bytes: number): Promise<Buffer> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
  return buffer.subarray(0, bytesRead);
}

async function* readLines(path: string): AsyncGenerator<Line> {
  try {
    yield* linesOf(createReadStream(path) as AsyncIterable<Buffer>);
  } catch (error) {
    throw readError(path, error);
  }
}

interface Line {
  readonly bytes: Buffer;
  readonly isComplete: boolean;
}

/** By line feeds alone: Node's readline also breaks at U+2028, which JSON lets stand in a text. */
export async function* linesOf(chunks: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Line> {
  let begun: Buffer[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let feed = chunk.indexOf(0x0a); feed >= 0; feed = chunk.indexOf(0x0a, start)) {
      yield { bytes: Buffer.concat([...begun, chunk.subarray(start, feed)]), isComplete: true };
      begun = [];
      start = feed + 1;
    }
    if (start < chunk.length) begun.push(chunk.subarray(start));
  }
  if (begun.length > 0) yield { bytes: Buffer.concat(begun), isComplete: false };
}

async function tryReading<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw readError(path, error);
  }
}

function readError(path: string, cause: unknown): unknown {
  if (!(cause instanceof Error && 'code' in cause)) return cause;
  const code = String(cause.code);
  return new FileError(path, REASONS[code] ?? code, { cause, isFolder: code === 'EISDIR' });
}
