import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { randomInt } from 'node:crypto';
import type { Random } from '../ports.ts';

/** Numbers that follow from `seed` (a whole number) alone, on every machine. */
export function seededRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  return { below: (limit) => uniformInt(generator, 0, limit - 1) };
}

/** A seed short enough to type. */
export function newSeed(): number {
  return randomInt(1, 1_000_000_000);
}
