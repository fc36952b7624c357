import { defineConfig } from 'vitest/config';

/** Every mutant against every check: minutes, so not part of `npm test`. */
export default defineConfig({
  test: {
    include: ['test/mutants/*.matrix.ts'],
    testTimeout: 120_000,
    maxWorkers: '100%',
  },
});
