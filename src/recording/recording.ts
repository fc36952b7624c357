import { isCredentialHeader } from '../text/credential-header.ts';
import type { Timings } from '../ports.ts';

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
    ...(answer === undefined ? {} : { answer: { ...answer, headers: hidden(answer.headers) } }),
  };
}

function hidden(headers: HeaderList): HeaderList {
  return headers.map(([name, value]) => [name, isCredentialHeader(name) ? HIDDEN : value]);
}
