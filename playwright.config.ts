import { defineConfig } from '@playwright/test'
import { findChromium } from './test/e2e/chromium.ts'

const { executablePath, args, env } = await findChromium()

export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'out/test/e2e',
  fullyParallel: true,
  workers: 2,
  forbidOnly: true,
  // These end what hangs; how fast a machine or its disk is decides nothing.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: [['list'], ['json', { outputFile: 'out/test/playwright.json' }]],
  use: {
    browserName: 'chromium',
    launchOptions: { executablePath, args: [...args], env: { ...process.env, ...env } as Record<string, string> },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    serviceWorkers: 'block',
  },
})
