import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

// Each office of a test starts threads of its own, and each of them would strip and compile all their source again.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('out/compile-cache', import.meta.url))

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/e2e/**', 'node_modules/**'],
    // A test that only passes on its second run hides a race.
    retry: 0,
    passWithNoTests: false,
    restoreMocks: true,
    // The usual share leaves one core of two idle; tests mostly wait for sealed keys and other processes.
    maxWorkers: '100%',
    // These end what hangs; how fast a machine or its disk is decides nothing.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
  },
})
