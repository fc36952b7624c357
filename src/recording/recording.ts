import { isCredentialHeader } from '../text/credential-header.ts';
import type { Timings } from '../ports.ts';
import { ContentError } from '../errors.ts';
import type { DeliveryStore } from '../journal/delivery-store.ts';

/** In the order in which they stood, names in their own case; one character for each byte (latin-1). */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** Why a body is not the one that was signed: its signature does not fit. */
export type Alteration = 'scrubbed' | 're-encoded';

/** One request as it was. The body is never parsed and re-serialised. */
export interface Recording {
  readonly method: string;
  /** As it was addressed; of a message without `Host`, on `http://localhost`. */
  readonly url: string;
  readonly headers: HeaderList;
  readonly body: Buffer;
  /** When it was sent, whole milliseconds since 1970; absent where it is unknown. */
  readonly atMs?: number | undefined;
  readonly eventId?: string | undefined;
  readonly eventName?: string | undefined;
  /** Counts from 1. */
  readonly attempt?: number | undefined;
  /** The same for all attempts of one delivery of a journal or queue. */
  readonly deliveryId?: string | undefined;
  readonly answer?: RecordedAnswer | undefined;
  /** Why there is no answer, where that is known. */
  readonly failure?: RecordedFailure | undefined;
  readonly timings?: Timings | undefined;
  readonly altered?: Alteration | undefined;
}

export interface RecordedAnswer {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: Buffer;
  /** There was more than was kept. */
  readonly truncated: boolean;
}

export interface RecordedFailure {
  /** The system's (`ECONNREFUSED`), or `TIMED_OUT`, `CANCELLED`, `HUNG_UP`. */
  readonly code: string;
  readonly reason: string;
}

/** Stands where a credential was. */
export const HIDDEN = '[secret]';

/** The value of a header, its name in any case; undefined when it is not there. */
export function headerOf(headers: HeaderList, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return headers.find(([candidate]) => candidate.toLowerCase() === wanted)?.[1];
}

/** A copy that can be handed round: credentials are hidden, in the request and in the answer. */
export function withoutCredentials(recording: Recording): Recording {
  const { answer } = recording;
  return {
    ...recording,
    headers: hidden(recording.headers),
    answer: answer && { ...answer, headers: hidden(answer.headers) },
  };
}

function hidden(headers: HeaderList): HeaderList {
  return headers.map(([name, value]) => [name, isCredentialHeader(name) ? HIDDEN : value]);
}

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

/** Where something stands: a line or entry of a file. */
export interface Place {
  readonly path: string;
  readonly where: string;
}

/** A recording with a fault. */
export function fault(
  { path, where }: Place,
  told: { expected: string; found: string; hint?: string | undefined },
): ContentError {
  return new ContentError(path, { where, ...told });
}
