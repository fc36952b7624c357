import { isCredentialHeader } from '../../text/credential-header.ts';
import { HIDDEN, maskText } from '../../text/mask.ts';
import { SECRET_PREFIX } from '../../persona/contract.ts';

/**
 * A copy without secrets. Some checks send the secret itself, where a signature belongs, and some receivers
 * repeat what they got; reports are handed round.
 */
export function redacted<T>(value: T): T {
  return redactAny(value) as T;
}

function redactAny(value: unknown): unknown {
  if (typeof value === 'string') return maskText(value);
  if (Buffer.isBuffer(value)) return redactBytes(value);
  if (Array.isArray(value)) return isCredential(value) ? [value[0], HIDDEN] : value.map(redactAny);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redactAny(inner)]));
}

/** The only pairs of texts in a report are headers. */
function isCredential(value: readonly unknown[]): boolean {
  return value.length === 2 && typeof value[0] === 'string' && isCredentialHeader(value[0]);
}

/** Latin-1 maps bytes to characters one to one, so that other bytes stay what they are. */
function redactBytes(bytes: Buffer): Buffer {
  return bytes.includes(SECRET_PREFIX) ? Buffer.from(maskText(bytes.toString('latin1')), 'latin1') : bytes;
}
