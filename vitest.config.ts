import { defineConfig } from 'vitest/config';

/** Nothing here replaces what is global: these files share their modules, which saves a third of their time. */
const SHARING = [
  'json',
  'persona',
  'payload',
  'event',
  'fixture',
  'signing',
  'delivery',
  'webhook',
  'replay',
].map((folder) => `test/${folder}/**/*.test.ts`);

export default defineConfig({
  test: {
    testTimeout: 30_000,
    // Some tests kill real processes in real time. Here a failure is seen at once; there a second try must fail, too.
    retry: process.env['CI'] === 'true' ? 1 : 0,
    // Vitest leaves one core idle otherwise; on a machine with two that doubles the time.
    maxWorkers: '100%',
    projects: [
      { extends: true, test: { name: 'sharing', include: SHARING, isolate: false } },
      { extends: true, test: { name: 'isolated', include: ['test/**/*.test.ts'], exclude: SHARING } },
    ],
    coverage: {
      include: ['src/**'],
      thresholds: { statements: 90, branches: 85, functions: 90, lines: 90 },
    },
  },
});
