import { defineConfig } from 'vitest/config';

/** Every mutant against every check: minutes, so not part of `npm test`. */
export default defineConfig({
  test: {
    include: ['test/mutants/*.matrix.ts'],
    testTimeout: 120_000,
    maxWorkers: '100%',
    // Some limits are real time (a hang-up, a latency), and a busy machine can miss one: a second try tells.
    retry: 1,
  },
});
