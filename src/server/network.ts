import { randomBytes } from 'node:crypto';

/** Can only this machine connect to the address? */
export function isHomeLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}

/** What callers from elsewhere must know. */
export function makeToken(): string {
  return randomBytes(24).toString('base64url');
}
