import { createHash } from 'node:crypto';
import type { Noise } from '../event/noise.ts';

export interface TokenRule {
  /** `file-access-token-expires-in`. */
  readonly expiresInSeconds: number;
  /** Where files are fetched from, instead of Persona's host: `http://localhost:4665`. */
  readonly origin?: string | undefined;
}

/** What differs between the tokens of one file, by its place from the first character of the token on. */
export interface TokenPlaces {
  /** 43 characters: the length of an HMAC-SHA256 in base64url. */
  readonly signatureAt: number;
  /** Of the groups of four characters that stand for three hex digits of `jti`. */
  readonly hexAt: readonly number[];
  /** What follows from the time alone. */
  readonly times: readonly { readonly start: number; readonly end: number }[];
}

export interface TokenForm {
  readonly bytes: Buffer;
  readonly places: TokenPlaces;
}

const SIGNATURE_LENGTH = 43;
const NO_SIGNATURE = 'A'.repeat(SIGNATURE_LENGTH);
const HEADER = base64url({ alg: 'HS256' });

/** The token in an URL that needs the API key. */
export function keyedTokenForm(): TokenForm {
  return { bytes: Buffer.from(NO_SIGNATURE), places: { signatureAt: 0, hexAt: [], times: [] } };
}

/**
 * A JWT with the claims of a recorded delivery, in their order, before it is given to one event. `sub` has the
 * form of a storage key and is that of the file.
 */
export function signedTokenForm(file: string, issuedAt: number, { expiresInSeconds }: TokenRule): TokenForm {
  const { subject, uuid } = claimsOf(file);
  const claims = {
    sub: subject,
    aud: 'files.withpersona.com',
    iss: 'withpersona.com',
    iat: issuedAt,
    nbf: issuedAt,
    jti: uuid,
    exp: issuedAt + expiresInSeconds,
  };
  const text = `${HEADER}.${base64url(claims)}.${NO_SIGNATURE}`;
  return { bytes: Buffer.from(text), places: placesIn(JSON.stringify(claims), text.length) };
}

interface FileClaims {
  readonly subject: string;
  readonly uuid: string;
}

/** Of the files of the fixtures, which stand in event after event. */
const FILE_CLAIMS = new Map<string, FileClaims>();
const FILE_CLAIMS_MAX = 1_000;

function claimsOf(file: string): FileClaims {
  const known = FILE_CLAIMS.get(file);
  if (known !== undefined) return known;
  const hex = hexOf(file);
  const uuid = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  const claims = { subject: subjectOf(hex), uuid };
  if (FILE_CLAIMS.size < FILE_CLAIMS_MAX) FILE_CLAIMS.set(file, claims);
  return claims;
}

function hexOf(file: string): string {
  return createHash('sha256').update(file).digest('hex');
}

function subjectOf(hex: string): string {
  return BigInt(`0x1${hex}`).toString(36).slice(1, 29);
}

export type TokenVerdict = 'valid' | 'expired' | 'wrong';

/** Whether a token is one of ours for the file, and still good. Its signature says nothing: tokens open a sample. */
export function judgeToken(token: string, file: string, nowSeconds: number): TokenVerdict {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    const { sub, exp } = (claims ?? {}) as { sub?: unknown; exp?: unknown };
    if (sub !== subjectOf(hexOf(file)) || typeof exp !== 'number') return 'wrong';
    return exp > nowSeconds ? 'valid' : 'expired';
  } catch {
    return 'wrong';
  }
}

/** Makes a token that no other event has. `noise` has been started for the token. */
export function individualise(bytes: Uint8Array, start: number, { places, noise }: Individuality): void {
  noise.writeBase64(bytes, start + places.signatureAt, SIGNATURE_LENGTH);
  noise.writeHexInBase64(bytes, start, places.hexAt);
}

export interface Individuality {
  readonly places: TokenPlaces;
  readonly noise: Noise;
}

/** Base64 makes four characters of three bytes. So a whole group can be written without its neighbours. */
function placesIn(claims: string, tokenLength: number): TokenPlaces {
  const claimsAt = HEADER.length + 1;
  const characterAt = (byte: number) => claimsAt + Math.floor(byte / 3) * 4;
  const group = (from: string, to: string) => ({
    start: characterAt(claims.indexOf(from) + from.length),
    end: Math.min(characterAt(claims.indexOf(to) + 2) + 4, tokenLength - SIGNATURE_LENGTH - 1),
  });
  return {
    signatureAt: tokenLength - SIGNATURE_LENGTH,
    hexAt: freeDigitsOf(claims).map(characterAt),
    times: [group('"iat":', ',"jti"'), group('"exp":', '}')],
  };
}

/** The bytes at which three hex digits of `jti` make a group. Dashes, version and variant stay what they are. */
function freeDigitsOf(claims: string): number[] {
  const start = claims.indexOf('"jti":"') + '"jti":"'.length;
  return (FREE_DIGITS[start % 3] ?? []).map((index) => start + index);
}

/** By how far `jti` stands behind a group of three bytes. */
const FREE_DIGITS: readonly (readonly number[])[] = [0, 1, 2].map((rest) => {
  const form = 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx';
  return Array.from({ length: form.length - 2 }, (_, index) => index).filter(
    (index) => (rest + index) % 3 === 0 && form.slice(index, index + 3) === 'xxx',
  );
});

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
