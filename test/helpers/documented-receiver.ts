import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * A receiver's check as Persona's documentation describes it for Node: take `t` from the first set, collect the
 * `v1` of all sets, and compare each with the HMAC over `<t>.<raw body>`.
 */
export function isGenuine(header: string, rawBody: Buffer, secret: string): boolean {
  const t = /^t=(\d+),/.exec(header)?.[1] ?? '';
  const signatures = header.split(' ').map((pair) => pair.split('v1=')[1] ?? '');
  const expected = createHmac('sha256', secret)
    .update(`${t}.${rawBody.toString('utf8')}`)
    .digest('hex');
  return signatures.some((given) => {
    try {
      return timingSafeEqual(Buffer.from(given), Buffer.from(expected));
    } catch {
      return false; // Lengths differ.
    }
  });
}
