import { defineConfig } from 'vitest/config';
import { availableParallelism } from 'node:os';
import { EXHAUSTIVE, leftOutNotice } from './test/left-out.ts';

const cores = availableParallelism();
const exhaustive = Object.keys(EXHAUSTIVE);

export default defineConfig(({ mode }) => {
  const isSample = mode === 'sample';
  const tests = isSample ? 'sample' : 'all';
  const quick = { name: 'quick', include: ['test/**/*.test.ts'], exclude: exhaustive };
  // Afterwards, and less at once: most of these start processes, which need a core each.
  const slow = { name: 'exhaustive', include: exhaustive, maxWorkers: cores, sequence: { groupOrder: 1 } };
  const projects = isSample ? [quick] : [quick, slow];
  return {
    test: {
      // These only end what hangs. On a busy machine a test may take ten times as long as on a quiet one.
      testTimeout: 120_000,
      hookTimeout: 120_000,
      expect: { poll: { timeout: 60_000 } },
      setupFiles: ['test/helpers/seed.ts'],
      // Half of the slowest files wait, for processes and in real time: meanwhile others have the core.
      maxWorkers: Math.ceil(cores * 1.5),
      // Tests that are side by side wait, for processes or limits of time.
      maxConcurrency: 20,
      // Transformed once for all runs, and not in each.
      experimental: { fsModuleCache: true },
      // Files share their modules, warm code and fixtures. So whoever replaces what is global puts it back.
      isolate: false,
      // Here, since a project that extends this file reads it again, and then without the mode.
      projects: projects.map((test) => ({
        extends: true,
        test: { ...test, env: { HOOKCAST_TESTS: tests } },
      })),
      ...(isSample
        ? { reporters: ['default', { onTestRunEnd: () => void process.stdout.write(leftOutNotice()) }] }
        : {}),
      coverage: {
        include: ['src/**'],
        // What runs in a browser, or only in processes that tests start.
        exclude: [
          'src/inspector/**',
          'src/sandbox/redirect/{index,start}.ts',
          'src/cli/terminal/process-*.ts',
        ],
        thresholds: { statements: 90, branches: 83, functions: 90, lines: 90 },
      },
    },
  };
});
