import { validateHeaderName, validateHeaderValue } from 'node:http';
import { UsageError } from '../errors.ts';
import {
  ATTEMPTS_LEFT_HEADER,
  ATTEMPTS_MADE_HEADER,
  CONTENT_TYPE,
  DEFAULT_USER_AGENT,
  FIRST_ATTEMPTED_AT_HEADER,
  SIGNATURE_HEADER,
} from '../persona/contract.ts';
import type { HttpRequest } from '../ports.ts';
import { secretsAt, sign, type SigningSecret } from '../signing/sign.ts';

/** Where a webhook's requests go and what they bear, whatever the event. */
export interface Endpoint {
  readonly url: URL;
  readonly secrets: readonly SigningSecret[];
  /** The webhook's `custom-http-headers`. */
  readonly customHeaders?: Readonly<Record<string, string>> | undefined;
  readonly userAgent?: string | undefined;
}

/** With headers of one delivery beside those of the webhook. */
export function withHeaders(endpoint: Endpoint, headers: Readonly<Record<string, string>>): Endpoint {
  return { ...endpoint, customHeaders: { ...endpoint.customHeaders, ...headers } };
}

/** Where an attempt stands in its delivery. */
export interface AttemptPosition {
  readonly attempt: number;
  readonly attemptsLeft: number;
  /** When this attempt is sent, milliseconds since 1970. */
  readonly nowMs: number;
  /** Simulated time since the first attempt, what the scale skipped included. */
  readonly simulatedElapsedMs: number;
  /** When this attempt would be sent without a time scale; a secret that has expired by then does not sign. */
  readonly simulatedAtMs: number;
}

/**
 * Builds the request of one attempt, signed again: `t` is the real time of this attempt, and the first attempt
 * lies the simulated time before it, so that a late retry looks as it would in production.
 */
export function buildRequest(endpoint: Endpoint, body: Buffer, position: AttemptPosition): HttpRequest {
  const timestampSeconds = Math.floor(position.nowMs / 1000);
  const secrets = secretsAt(endpoint.secrets, position.simulatedAtMs);
  const headers = {
    'Content-Type': CONTENT_TYPE,
    'Content-Length': String(body.byteLength),
    'User-Agent': endpoint.userAgent ?? DEFAULT_USER_AGENT,
    ...(secrets.length === 0 ? {} : { [SIGNATURE_HEADER]: sign(body, secrets, timestampSeconds) }),
    [ATTEMPTS_MADE_HEADER]: String(position.attempt),
    [ATTEMPTS_LEFT_HEADER]: String(position.attemptsLeft),
    [FIRST_ATTEMPTED_AT_HEADER]: String(Math.floor((position.nowMs - position.simulatedElapsedMs) / 1000)),
  };
  return { url: endpoint.url, headers: withCustom(headers, endpoint.customHeaders), body };
}

/** A custom header of a name that is there already (`User-Agent`) replaces it, in any case of letters. */
function withCustom(
  headers: Readonly<Record<string, string>>,
  custom: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const names = new Set(Object.keys(custom).map((name) => name.toLowerCase()));
  if (names.size === 0) return headers;
  const kept = Object.entries(headers).filter(([name]) => !names.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...custom };
}

/** Headers that belong to the delivery or to the connection; a webhook cannot set them. */
const RESERVED: ReadonlySet<string> = new Set(
  [
    SIGNATURE_HEADER,
    ATTEMPTS_MADE_HEADER,
    ATTEMPTS_LEFT_HEADER,
    FIRST_ATTEMPTED_AT_HEADER,
    'Content-Length',
    'Content-Type',
    'Connection',
    'Expect',
    'Host',
    'Keep-Alive',
    'TE',
    'Trailer',
    'Transfer-Encoding',
    'Upgrade',
  ].map((name) => name.toLowerCase()),
);

/** Checks custom headers once, before anything is sent. @throws {UsageError} */
export function checkCustomHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (RESERVED.has(name.toLowerCase())) {
      throw new UsageError(`header '${name}': set by the delivery itself, it cannot be a custom header`);
    }
    try {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch (error) {
      throw new UsageError(`header '${name}': not a name and value that HTTP allows`, { cause: error });
    }
  }
}
