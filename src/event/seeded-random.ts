import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { randomInt } from 'node:crypto';
import type { Random } from '../ports.ts';

export interface SeededRandom extends Random {
  /** The same numbers from here on; to draw from one leaves the other alone. */
  copy(): SeededRandom;
}

/** Numbers that follow from `seed` (a whole number) alone, on every machine. */
export function seededRandom(seed: number): SeededRandom {
  return drawingFrom(xoroshiro128plus(seed));
}

function drawingFrom(generator: ReturnType<typeof xoroshiro128plus>): SeededRandom {
  return {
    below: (limit) => uniformInt(generator, 0, limit - 1),
    copy: () => drawingFrom(generator.clone()),
  };
}

/** A seed short enough to type. */
export function newSeed(): number {
  return randomInt(1, 1_000_000_000);
}
