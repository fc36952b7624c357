import { createHash, createHmac } from 'node:crypto';
import { mapScalars, scalar, type JsonObject } from '../json/node.ts';
import { SAMPLE_ACCESS_TOKEN } from '../persona/contract.ts';

/** `https://files.withpersona.com/front.jpg?access_token=sample`, from 2023-01-05 on (changelog). */
const SIGNED_URL = new RegExp(
  `^(https://files\\.withpersona\\.com/[^?]+\\?access_token=)${SAMPLE_ACCESS_TOKEN}$`,
);
/** `https://withpersona.com/api/v1/files/sample/front.jpg`, before: fetched with the API key, never expires. */
const KEYED_URL = new RegExp(`^(https://withpersona\\.com/api/v1/files/)${SAMPLE_ACCESS_TOKEN}(/.+)$`);

export interface TokenRule {
  /** `file-access-token-expires-in`. */
  readonly expiresInSeconds: number;
}

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
  let count = 0;
  const issue = () => {
    count += 1;
    return tokenSeed(event.id, count);
  };
  return mapScalars(document, (leaf) => {
    if (typeof leaf.value !== 'string' || !leaf.value.includes(SAMPLE_ACCESS_TOKEN)) return leaf;
    const signed = SIGNED_URL.exec(leaf.value)?.[1];
    if (signed !== undefined)
      return scalar(signed + jwt(issue(), Math.floor(event.createdAtMs / 1000), rule));
    const keyed = KEYED_URL.exec(leaf.value);
    return keyed === null
      ? leaf
      : scalar(`${keyed[1] ?? ''}${issue().toString('base64url')}${keyed[2] ?? ''}`);
  }) as JsonObject;
}

function tokenSeed(eventId: string, count: number): Buffer {
  return createHash('sha256').update(`${eventId}/${count}`).digest();
}

/** Claims in the order of the recorded delivery; `sub` has the form of a storage key. */
function jwt(seed: Buffer, issuedAt: number, { expiresInSeconds }: TokenRule): string {
  const hex = seed.toString('hex');
  const uuid = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  const claims = {
    sub: BigInt(`0x${hex}`).toString(36).slice(0, 28),
    aud: 'files.withpersona.com',
    iss: 'withpersona.com',
    iat: issuedAt,
    nbf: issuedAt,
    jti: uuid,
    exp: issuedAt + expiresInSeconds,
  };
  const text = `${base64url({ alg: 'HS256' })}.${base64url(claims)}`;
  return `${text}.${createHmac('sha256', seed).update(text).digest('base64url')}`;
}

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
