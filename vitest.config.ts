import { defineConfig } from 'vitest/config'

const heavy = '**/test/**/*.heavy.test.ts'

export default defineConfig({
  test: {
    reporters: ['default', './tools/count-reporter.mjs'],
    globalSetup: './tools/temporary-folder.mjs',
    projects: [
      {
        test: {
          name: 'quick',
          include: ['**/test/**/*.test.ts', 'contracts/test-ts/**/*.test.ts'],
          exclude: [heavy, '**/node_modules/**', '**/dist/**'],
          testTimeout: 90_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
          // Files of a worker share its modules, and leave them as they were: loading them anew for each file would make
          // all these tests half as long again. Packages are loaded by Node.js itself, as they are in use.
          isolate: false,
          server: { deps: { external: [/\/dist\//] } },
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Real proofs: each takes all cores and gigabytes, so one file at a time, after the quick ones.
        test: {
          name: 'heavy',
          include: [heavy],
          exclude: ['**/node_modules/**', '**/dist/**'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
