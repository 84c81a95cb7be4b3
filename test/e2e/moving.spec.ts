import { readdir } from 'node:fs/promises'
import { expect, type Page } from '@playwright/test'
import { test } from './desk-test.ts'
import { ADMINISTRATOR_PIN, foundOffice, givePin, goTo, signInFounder } from './pages/founding.ts'
import { words } from './pages/words.ts'

const button = (page: Page, key: string) => page.getByRole('button', { name: words(key) })
const field = (page: Page, key: string) => page.getByRole('textbox', { name: words(key) })

test('an office moves to another laptop: the old one says so before and after signing in, the new one goes on', async ({
  page,
  browser,
  newMachine,
  newFolder,
}) => {
  const [office, folder] = [await newMachine(), await newFolder()]
  await foundOffice(page, office, async () => undefined)
  await goTo(page, '/settings/moving')
  await button(page, 'moving:move.begin').click()
  await field(page, 'moving:move.folder').fill(folder)
  await givePin(page, ADMINISTRATOR_PIN)
  await expect(page.locator('[data-retired]').getByText(words('moving:retired.title'))).toBeVisible()
  expect(await readdir(folder)).toHaveLength(1)
  await signInFounder(page)
  await expect(page.locator('[data-retired]')).toBeVisible()
  await goTo(page, '/settings/moving')
  await expect(page.getByText(folder)).toBeVisible()
  await expect(button(page, 'moving:move.begin')).toHaveCount(0)
  await goTo(page, '/settings/office')
  await expect(field(page, 'settings:office.name')).not.toBeEditable()
  await expect(button(page, 'settings:save')).toHaveCount(0)
  await goTo(page, '/programmes')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words('programmes:list.title'))
  await expect(button(page, 'programmes:list.new')).toHaveCount(0)
  // What is still done here is still offered.
  await goTo(page, '/audit')
  await expect(button(page, 'audit:verify.run')).toBeVisible()
  await expect(page.locator('[data-retired]')).toBeVisible()

  const machine = await newMachine()
  const other = await (await browser.newContext({ locale: 'en-GB' })).newPage()
  await other.goto(machine.url)
  await other.getByRole('button', { name: /^Restore a backup/ }).click()
  await field(other, 'backups:restore.place').fill(folder)
  await button(other, 'backups:restore.find').click()
  await other.getByRole('button', { name: /^District office/ }).click()
  await other.getByLabel(words('backups:restore.withPassphrase')).last().fill('a long enough passphrase')
  await button(other, 'backups:restore.run').click()
  await signInFounder(other)
  await expect(other.locator('[data-retired]')).toHaveCount(0)
  await goTo(other, '/outbox')
  await button(other, 'outbox:doubt.confirm').click()
  await givePin(other, ADMINISTRATOR_PIN)
  await expect(other.locator('[data-fault="dispatch.moved"]')).toHaveCount(0)
})

test('a lost laptop has a list of what to do, which follows what is done', async ({ page, newMachine }) => {
  await foundOffice(page, await newMachine(), async () => undefined)
  await goTo(page, '/settings/moving')
  await button(page, 'moving:lost.report').click()
  await field(page, 'moving:lost.reason').fill('stolen from the car')
  await givePin(page, ADMINISTRATOR_PIN)
  const lost = page.locator('[data-lost="own"]')
  await expect(lost.locator('[data-step="confirm"]')).toHaveAttribute('data-done', 'true')
  await expect(lost.locator('[data-step="data-key"]')).toHaveAttribute('data-done', 'false')
  await lost.locator('[data-step="police"]').getByRole('checkbox').click()
  await expect(lost.locator('[data-step="police"]')).toHaveAttribute('data-done', 'true')
  await lost.locator('[data-step="data-key"]').getByRole('link').click()
  await expect(page).toHaveURL(/settings\/keys/)
})
