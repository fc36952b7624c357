import { createHash, timingSafeEqual } from 'node:crypto';
import { PRODUCTION_KEY, SANDBOX_KEY, TOKEN_INVALID_TITLE } from '../../persona/api.ts';
import { ApiError } from '../errors.ts';
import type { Settings } from '../settings.ts';

/**
 * Checks the bearer. Any key of a sandbox is let in, unless the seed names one. A production key is refused whatever
 * it is: it was about to leave over plain HTTP.
 * @throws {ApiError} 401 or 403, never with the key
 */
export function checkKey(header: string | null, { key, isLenient }: Settings): string {
  if (header === null || header.trim() === '') throw new ApiError(401);
  const token = /^Bearer\s+(\S+)$/i.exec(header.trim())?.[1];
  const bare = token ?? header.trim();
  if (PRODUCTION_KEY.test(bare))
    throw new ApiError(
      403,
      'This is a production key, sent to a sandbox over plain HTTP. Rotate it in the dashboard, and use persona_sandbox_… here.',
    );
  if (token === undefined) throw new ApiError(401, { title: TOKEN_INVALID_TITLE });
  const isKnown = key === undefined ? isLenient || SANDBOX_KEY.test(token) : isSame(token, key);
  if (!isKnown) throw new ApiError(401, { title: TOKEN_INVALID_TITLE });
  return token;
}

function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Why a 401 was answered, for the log: 401 has no `details` in Persona's form. */
export function keyHint(header: string | null, { key }: Settings): string {
  if (header === null || header.trim() === '')
    return 'no key came: send Authorization: Bearer persona_sandbox_…';
  if (!/^Bearer\s/i.test(header))
    return 'the key came without "Bearer": send Authorization: Bearer persona_sandbox_…';
  if (key !== undefined) return 'the key is not the one that the seed names';
  return 'the key does not start with persona_sandbox_; any key that does is let in';
}
