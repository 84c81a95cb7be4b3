import { test as base } from '@playwright/test'

/**
 * A test at desks: its browsers are closed when it ends. Playwright keeps contexts that a test opened itself until the worker
 * ends, and the pages of every test before would go on looking for their offices meanwhile.
 */
export const test = base.extend<{ closedDesks: undefined }>({
  closedDesks: [
    async ({ browser }, use) => {
      await use(undefined)
      for (const context of browser.contexts()) await context.close()
    },
    { auto: true },
  ],
})
