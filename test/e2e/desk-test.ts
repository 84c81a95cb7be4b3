import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base } from '@playwright/test'
import { type RunningOffice, startOffice } from './office.ts'

interface Fixtures {
  readonly closedDesks: undefined
  /** Starts an office on a machine of its own; it is closed when the test ends. */
  readonly newMachine: () => Promise<RunningOffice>
  /** An empty folder, as of a stick that is carried from one machine to another. */
  readonly newFolder: () => Promise<string>
}

/**
 * A test at desks: its browsers are closed when it ends. Playwright keeps contexts that a test opened itself until the worker
 * ends, and the pages of every test before would go on looking for their offices meanwhile.
 */
export const test = base.extend<Fixtures>({
  closedDesks: [
    async ({ browser }, use) => {
      await use(undefined)
      for (const context of browser.contexts()) await context.close()
    },
    { auto: true },
  ],
  newMachine: async ({ closedDesks: _ }, use) => {
    const offices: RunningOffice[] = []
    await use(async () => {
      const office = await startOffice()
      offices.push(office)
      return office
    })
    for (const office of offices) await office.close()
  },
  newFolder: async ({ closedDesks: _ }, use) => {
    const folders: string[] = []
    await use(async () => {
      const folder = await mkdtemp(join(tmpdir(), 'stick-'))
      folders.push(folder)
      return folder
    })
    for (const folder of folders) await rm(folder, { recursive: true, force: true })
  },
})
