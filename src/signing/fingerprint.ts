import type { Secret } from './secret.ts';

const LABEL = 'hookcast fingerprint';
const NOTHING = new Uint8Array();
const DIGITS = 32;

/**
 * Names a secret without telling it: an HMAC of a fixed text under the secret, 128 bits in hex. Who has the secret
 * recognises it; who has not can at best try secrets one by one.
 */
export function fingerprintOf({ key }: Secret): string {
  return key.hex(LABEL, NOTHING).slice(0, DIGITS);
}
