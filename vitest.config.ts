import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    testTimeout: 30_000,
    // Some tests kill real processes in real time. Here a failure is seen at once; there a second try must fail, too.
    retry: process.env['CI'] === 'true' ? 1 : 0,
    // Vitest leaves one core idle otherwise; on a machine with two that doubles the time.
    maxWorkers: '100%',
    // Files share their modules, warm code and fixtures. So whoever replaces what is global puts it back.
    isolate: false,
    coverage: {
      include: ['src/**'],
      thresholds: { statements: 90, branches: 85, functions: 90, lines: 90 },
    },
  },
});
