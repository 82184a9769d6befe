// How the tests run: two workers that keep their modules, on the two real servers of test/global.ts.
import { defineConfig } from 'vitest/config'

const soak = process.env.COOPLINE_SOAK === '1'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/bench/**'],
    globalSetup: ['test/global.ts'],
    pool: 'forks',
    isolate: false,
    maxWorkers: 2,
    testTimeout: soak ? 900_000 : 30_000,
    hookTimeout: soak ? 120_000 : 60_000,
    teardownTimeout: 30_000,
  },
})
