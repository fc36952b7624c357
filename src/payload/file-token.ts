import { createHash } from 'node:crypto';
import { Noise, quickKey, type NoiseKey } from '../event/noise.ts';
import { mapScalars, scalar, type JsonObject } from '../json/node.ts';
import { SAMPLE_ACCESS_TOKEN } from '../persona/contract.ts';

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

interface TokenForm {
  readonly bytes: Buffer;
  readonly places: TokenPlaces;
}

const SIGNATURE_LENGTH = 43;
const NO_SIGNATURE = 'A'.repeat(SIGNATURE_LENGTH);
const HEADER = base64url({ alg: 'HS256' });

/** The token in an URL that needs the API key. */
function keyedTokenForm(): TokenForm {
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

/** `https://files.withpersona.com/front.jpg?access_token=sample`, from 2023-01-05 on (changelog). */
const SIGNED_URL = new RegExp(
  `^(https://files\\.withpersona\\.com/[^?]+\\?access_token=)${SAMPLE_ACCESS_TOKEN}$`,
);

/** `https://withpersona.com/api/v1/files/sample/front.jpg`, before: fetched with the API key, never expires. */
const KEYED_URL = new RegExp(`^(https://withpersona\\.com/api/v1/files/)${SAMPLE_ACCESS_TOKEN}(/.+)$`);

/**
 * Gives each file URL of a fixture a token of its own, as Persona does: a JWT issued when the event happened,
 * with the claims of a recorded delivery. The same event always gets the same tokens, since a body is made
 * again where it is not kept. The tokens open nothing.
 */
export function issueFileTokens(
  document: JsonObject,
  event: { readonly id: string; readonly createdAtMs: number },
  rule: TokenRule,
): JsonObject {
  const issuedAt = Math.floor(event.createdAtMs / 1000);
  const key = tokenKey(event.id);
  let count = 0;
  const issue = (form: TokenForm) => {
    count += 1;
    return issueToken(form, key, count);
  };
  return mapScalars(document, (leaf) => {
    if (typeof leaf.value !== 'string' || !leaf.value.includes(SAMPLE_ACCESS_TOKEN)) return leaf;
    const signed = SIGNED_URL.exec(leaf.value)?.[1];
    if (signed !== undefined)
      return scalar(from(rule, signed) + issue(signedTokenForm(signed, issuedAt, rule)));
    const keyed = KEYED_URL.exec(leaf.value);
    if (keyed === null) return leaf;
    return scalar(`${from(rule, keyed[1] ?? '')}${issue(keyedTokenForm())}${keyed[2] ?? ''}`);
  }) as JsonObject;
}

/** A sandbox serves the files itself, each kind below its own path. */
function from({ origin }: TokenRule, url: string): string {
  if (origin === undefined) return url;
  return url
    .replace('https://files.withpersona.com/', `${origin}/files/`)
    .replace('https://withpersona.com/', `${origin}/`);
}

/** What the tokens of an event are made from. */
export function tokenKey(eventId: string): NoiseKey {
  const bytes = Buffer.from(eventId);
  return quickKey(bytes, 0, bytes.length);
}

/** The event's token of that number, counted from 1 in the order of the document. */
function issueToken({ bytes, places }: TokenForm, key: NoiseKey, count: number): string {
  const noise = new Noise();
  noise.start(key, count);
  individualise(bytes, 0, { places, noise });
  return bytes.toString('latin1');
}
