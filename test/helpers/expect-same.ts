import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';

/** `toEqual` for large values: vitest's own walk, which takes long, is made only where they differ. */
export function expectSame(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toEqual(expected);
}
