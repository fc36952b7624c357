import { timingSafeEqual } from 'node:crypto';
import { parseSignatureHeader, type SignatureSet } from './parse-header.ts';
import type { Secret } from './sign.ts';

export type Verification =
  | { readonly kind: 'valid'; readonly timestampSeconds: number; readonly ageSeconds?: number }
  /** The signature is right, but its `t` is too far from the time of the check. */
  | { readonly kind: 'stale'; readonly timestampSeconds: number; readonly ageSeconds: number }
  | { readonly kind: 'mismatch'; readonly sets: readonly SignatureSet[] }
  | { readonly kind: 'malformed'; readonly reason: string };

export interface VerifyOptions {
  /** Any of them may have signed. */
  readonly secrets: readonly Secret[];
  /** Unix seconds to measure the age of `t` against; absent: the age does not matter. */
  readonly nowSeconds?: number | undefined;
  /** How old or how far ahead `t` may be. Persona documents no limit; 300 is usual. */
  readonly toleranceSeconds?: number | undefined;
}

/**
 * What a receiver has to do with `Persona-Signature`: any set may match, each with its own `t`, over the bytes
 * that arrived, compared in constant time.
 */
export function verify(body: Uint8Array, header: string, options: VerifyOptions): Verification {
  const parsed = parseSignatureHeader(header);
  if (parsed.kind === 'malformed') return parsed;
  const match = parsed.sets.find((set) => options.secrets.some((secret) => isSignedBy(secret, set, body)));
  if (match === undefined) return { kind: 'mismatch', sets: parsed.sets };
  return judgeAge(Number(match.t), options);
}

/** No seconds of this millennium have so many digits: is this `t` in milliseconds? */
export function isInMilliseconds(timestampSeconds: number): boolean {
  return timestampSeconds >= 100_000_000_000;
}

function isSignedBy(secret: Secret, { t, v1 }: SignatureSet, body: Uint8Array): boolean {
  const expected = Buffer.from(secret.key.hex(`${t}.`, body), 'hex');
  const given = /^[0-9a-f]{64}$/.test(v1) ? Buffer.from(v1, 'hex') : undefined;
  return given !== undefined && timingSafeEqual(expected, given);
}

function judgeAge(timestampSeconds: number, { nowSeconds, toleranceSeconds }: VerifyOptions): Verification {
  if (nowSeconds === undefined || toleranceSeconds === undefined) return { kind: 'valid', timestampSeconds };
  const ageSeconds = nowSeconds - timestampSeconds;
  const kind = Math.abs(ageSeconds) <= toleranceSeconds ? 'valid' : 'stale';
  return { kind, timestampSeconds, ageSeconds };
}
