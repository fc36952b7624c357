import type { Exchange } from '../ports.ts';

/** A piece of a request body, and how long to pause before it is written. */
export interface BodyPart {
  readonly bytes: Buffer;
  readonly pauseMs?: number;
}

/** A request exactly as it shall go over the wire, wrong on purpose in one place where a check wants it so. */
export interface WireRequest {
  readonly method: string;
  readonly url: URL;
  /** In this order and spelling; a name may stand twice. Host and Connection are added. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly parts: readonly BodyPart[];
  /** Hold the body back until `100 Continue`, at most this long. */
  readonly expectContinueMs?: number;
  /** Hang up after the last part instead of waiting for an answer. */
  readonly hangUp?: boolean;
  /** Requests with the same key share one connection, one after the other. */
  readonly connection?: string;
}

/** One exchange of a check, for the report. */
export interface WireRecord {
  /** What this request was for: `control before`, `forged`. */
  readonly label: string;
  readonly request: WireRequest;
  readonly exchange: Exchange;
  /** Milliseconds since the check began. */
  readonly startedMs: number;
}

export interface WireSender {
  /** Never rejects for what a receiver does. */
  send(request: WireRequest, limits: { timeoutMs: number; signal?: AbortSignal }): Promise<Exchange>;
  close(): Promise<void>;
}

export function bodyOf({ parts }: Pick<WireRequest, 'parts'>): Buffer {
  return Buffer.concat(parts.map(({ bytes }) => bytes));
}
