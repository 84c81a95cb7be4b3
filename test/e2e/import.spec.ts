import { readFile } from 'node:fs/promises'
import { expect } from '@playwright/test'
import { peopleFile } from '../tour/people-file.ts'
import { test } from './desk-test.ts'
import { startOffice } from './office.ts'
import { Desk } from './pages/desk.ts'
import { Registrants } from './pages/registrants.ts'

test('a file with mistakes: the good rows come in, the others can be saved with their reasons', async ({ browser }) => {
  const office = await startOffice()
  try {
    const clerk = await Desk.open(browser, office, { acceptDownloads: true })
    await clerk.enterTraining()
    await clerk.signIn('clerk')
    const file = peopleFile(60)
    const registrants = new Registrants(clerk)
    await registrants.beginImport(file.name, file.content)
    await registrants.checkImport()
    expect(await registrants.importCount('added')).toBe(file.good)
    expect(await registrants.importCount('refused')).toBe(file.refused)
    const saved = await registrants.saveBadRows()
    const lines = (await readFile(await saved.path(), 'utf8')).trim().split('\r\n')
    expect(lines).toHaveLength(file.refused + 1)
    expect(lines[1]).toContain('row 5')
    await registrants.runImport()
    await registrants.openList()
    await registrants.search(file.last)
    await expect(registrants.row(file.last)).toBeVisible()
    expect({ complaints: clerk.complaints, strangers: clerk.strangers }).toEqual({ complaints: [], strangers: [] })
  } finally {
    expect(await office.close()).toBe(0)
  }
})
