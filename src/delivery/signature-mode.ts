import { SIGNATURE_HEADER, USUAL_TOLERANCE_SECONDS } from '../persona/contract.ts';
import type { HttpRequest } from '../ports.ts';
import { Secret, secretsAt, sign } from '../signing/sign.ts';
import { buildRequest, type AttemptPosition, type Endpoint } from './request.ts';

/** How an attempt is signed: as it should be, or wrong on purpose. */
export const SIGNATURE_MODES = ['valid', 'none', 'wrong-secret', 'stale', 'tampered'] as const;
export type SignatureMode = (typeof SIGNATURE_MODES)[number];

/** Of the right form, and known to no receiver. */
const FOREIGN_SECRET = new Secret('wbhsec_ffffffff-0bad-4000-8000-0000000ffff0');

/** The age of a stale signature: twice the tolerance that receivers choose. */
const STALE_SECONDS = 2 * USUAL_TOLERANCE_SECONDS;

/** Builds the request of an attempt, signed as `mode` says. */
export function requestFor(
  endpoint: Endpoint,
  { body, mode }: { readonly body: Buffer; readonly mode: SignatureMode },
  position: AttemptPosition,
): HttpRequest {
  switch (mode) {
    case 'valid':
      return buildRequest(endpoint, body, position);
    case 'none':
      return buildRequest({ ...endpoint, secrets: [] }, body, position);
    case 'wrong-secret':
      return buildRequest({ ...endpoint, secrets: [{ secret: FOREIGN_SECRET }] }, body, position);
    case 'stale':
      return signedOtherwise(endpoint, { body, signed: body, ageSeconds: STALE_SECONDS }, position);
    case 'tampered':
      // The signature is genuine, and belongs to other bytes.
      return signedOtherwise(endpoint, { body, signed: changed(body), ageSeconds: 0 }, position);
  }
}

function signedOtherwise(
  endpoint: Endpoint,
  { body, signed, ageSeconds }: { body: Buffer; signed: Buffer; ageSeconds: number },
  position: AttemptPosition,
): HttpRequest {
  const request = buildRequest(endpoint, body, position);
  const secrets = secretsAt(endpoint.secrets, position.simulatedAtMs);
  const timestampSeconds = Math.floor(position.nowMs / 1000) - ageSeconds;
  const signature = sign(signed, secrets, timestampSeconds);
  return { ...request, headers: { ...request.headers, [SIGNATURE_HEADER]: signature } };
}

/** Another letter or digit somewhere in the middle; of a body without any, one byte more. */
function changed(body: Buffer): Buffer {
  const copy = Buffer.from(body);
  for (let index = body.length >> 1; index < body.length; index += 1) {
    const byte = copy[index] ?? 0;
    if (byte < 0x31 || byte > 0x39) continue;
    copy[index] = byte - 1;
    return copy;
  }
  return Buffer.concat([body, Buffer.from(' ')]);
}
