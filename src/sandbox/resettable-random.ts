import { seededRandom } from '../event/seeded-random.ts';
import type { Random } from '../ports.ts';

/** Numbers that can begin again, so that `reset` brings the same ids back. */
export interface ResettableRandom extends Random {
  reset(): void;
}

export function resettableRandom(seed: number): ResettableRandom {
  let random = seededRandom(seed);
  return {
    below: (limit) => random.below(limit),
    reset: () => {
      random = seededRandom(seed);
    },
  };
}
