import { defineConfig } from 'vitest/config';

/** Tests that run the built service in real time: one after the other, when nothing else runs. */
const REAL_TIME = ['test/e2e/**/*.test.ts', 'test/app/**/*.test.ts', 'test/bench/bench.test.ts'];

export default defineConfig({
  test: {
    environment: 'node',
    // Many tests start real programs, and a shared machine can be slow: a limit is for what hangs.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    setupFiles: ['./test/support/properties.ts'],
    reporters: [['default', { summary: false }], './test/support/reporter.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: REAL_TIME,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'whole', include: REAL_TIME, maxWorkers: 1, fileParallelism: false, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
