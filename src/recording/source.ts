import { ContentError } from '../errors.ts';
import type { DeliveryStore } from '../journal/delivery-store.ts';
import type { HeaderList } from './recording.ts';

/** Reads recordings from disk; errors are FileErrors with the path. */
export interface RecordingFiles {
  isFolder(path: string): Promise<boolean>;
  /** The names of the files in a folder, in any order; folders in it are left out. */
  list(folder: string): Promise<readonly string[]>;
  exists(path: string): Promise<boolean>;
  /** The first bytes; fewer when the file has no more. */
  head(path: string, bytes: number): Promise<Buffer>;
  read(path: string): Promise<Buffer>;
  /** Without the line feed; a file of any size. `isComplete` is false for a last line that has none. */
  lines(path: string): AsyncIterable<{ readonly bytes: Buffer; readonly isComplete: boolean }>;
}

export interface ReadContext {
  readonly files: RecordingFiles;
  /** Told of what was left out or is doubtful; it stops nothing. */
  readonly warn: (warning: string) => void;
  /** Of files that hold nothing but a body, and have no file of headers beside them. */
  readonly headers?: HeaderList | undefined;
  /** Opens a journal by its path, or a queue by its address (`redis://…`). */
  readonly openStore?: ((source: string) => Promise<DeliveryStore>) | undefined;
}

/** A file that is not a recording in any known form. */
export class ForeignFileError extends ContentError {}

/** A recording with a fault: `where` is its line or entry. */
export function fault(
  path: string,
  where: string,
  { expected, found, hint }: { expected: string; found: string; hint?: string },
): ContentError {
  return new ContentError(path, { where, expected, found, ...(hint === undefined ? {} : { hint }) });
}
