/** The outside world, as narrow as the core needs it. Implementations lie beside what they serve. */

/** Two hands: what time it is, and how much time passes. Only the first follows a machine whose clock is set. */
export interface Clock {
  /** Wall clock: milliseconds since 1970 (UTC), with fractions where the platform has them. It can be set back. */
  now(): number;
  /**
   * Milliseconds since some moment; never runs backwards, and goes on while the machine sleeps. All waits are measured
   * with it. @default the wall clock
   */
  monotonic?(): number;
  /** Resolves `ms` later, never early. Rejects with the signal's reason when that aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Random {
  /** A whole number from 0 up to but not including `limit`. */
  below(limit: number): number;
}

export interface Files {
  /** @throws {FileError} with the path and the reason; its `isFolder` says that the path is a folder */
  read(path: string): Promise<Buffer>;
}

export interface FileWriter {
  exists(path: string): Promise<boolean>;
  /**
   * Writes a file, and creates the folders above it.
   * @throws {FileError} with the path and the reason, also when the file exists and `overwrite` is false
   */
  write(path: string, content: string, options: { overwrite: boolean }): Promise<void>;
}

/** A request ready to leave: `body` is exactly what was signed. */
export interface HttpRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent instead of `headers` where their order, or a name that stands twice, matters. */
  readonly headerList?: readonly (readonly [name: string, value: string])[] | undefined;
  readonly body: Buffer;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** At most the first 64 KiB. */
  readonly body: Buffer;
  /** True when there was more body than was kept or read. */
  readonly truncated: boolean;
}

/** Durations of one exchange in milliseconds, counted from its start; absent where it did not get that far. */
export interface Timings {
  readonly connectMs?: number | undefined;
  readonly firstByteMs?: number | undefined;
  readonly totalMs: number;
}

/** What an exchange was waiting for when its time was up: `tls` is the handshake of an open connection. */
export type Phase = 'connect' | 'tls' | 'headers' | 'body';

export type Exchange =
  | { readonly kind: 'response'; readonly response: HttpResponse; readonly timings: Timings }
  | { readonly kind: 'timed-out'; readonly phase: Phase; readonly timings: Timings }
  | {
      readonly kind: 'unreachable';
      readonly code: string;
      readonly reason: string;
      readonly timings: Timings;
    }
  | { readonly kind: 'cancelled'; readonly timings: Timings };

export interface HttpSender {
  /**
   * One POST. Never rejects: whatever happens on the network is a value. `timeoutMs` bounds the whole
   * exchange: name resolution, connection, TLS, request, headers and the complete body of the response.
   */
  send(request: HttpRequest, limits: { timeoutMs: number; signal?: AbortSignal }): Promise<Exchange>;
}
