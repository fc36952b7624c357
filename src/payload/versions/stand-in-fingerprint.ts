import { createHash } from 'node:crypto';

/** What stands for the fingerprint of a device of which only the id is known. */
export function standInFingerprint(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 32);
}
