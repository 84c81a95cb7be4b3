import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { test } from './desk-test.ts'
import { ADMINISTRATOR_PIN, foundOffice, givePin, goTo, recoverOffice, signInFounder } from './pages/founding.ts'
import { words } from './pages/words.ts'

const NEW_PASSPHRASE = 'quite another passphrase'

const button = (page: Page, key: string) => page.getByRole('button', { name: words(key) })
const field = (page: Page, key: string) => page.getByRole('textbox', { name: words(key) })
const fault = (page: Page, code: string) => page.locator(`[data-fault="${code}"]`)
const says = (page: Page, key: string) => page.getByText(words(key)).first()

test('an office is backed up, opened by its recovery key, and comes back on another machine', async ({
  page,
  browser,
  newMachine,
  newFolder,
}) => {
  const [office, folder] = [await newMachine(), await newFolder()]
  await foundOffice(page, office, async () => undefined)
  await expect(says(page, 'backups:home.none')).toBeVisible()
  await page.getByRole('link', { name: words('backups:home.recovery.none') }).click()

  await button(page, 'backups:recovery.make').click()
  await givePin(page, ADMINISTRATOR_PIN)
  const key = (await page.locator('[data-recovery-key]').first().innerText()).trim()
  await expect(says(page, 'backups:recovery.unproven')).toBeVisible()
  const typed = key.toLowerCase().replaceAll('-', ' ')
  await field(page, 'backups:recovery.typeBack').fill(`${typed.slice(0, -1)}${typed.endsWith('7') ? '8' : '7'}`)
  await button(page, 'backups:recovery.prove').click()
  await expect(fault(page, 'vault.recovery-key-group')).toContainText('8')
  await field(page, 'backups:recovery.typeBack').fill(typed)
  await button(page, 'backups:recovery.prove').click()
  await expect(says(page, 'backups:recovery.proven')).toBeVisible()
  await expect(page.locator('[data-recovery-key]')).toHaveCount(0)

  await field(page, 'backups:where.folder').fill(join(folder, 'not there'))
  await button(page, 'settings:save').click()
  await expect(fault(page, 'backup.folder-missing')).toBeVisible()
  await field(page, 'backups:where.folder').fill(folder)
  await button(page, 'settings:save').click()
  await expect(says(page, 'backups:list.empty')).toBeVisible()
  await button(page, 'backups:state.now').click()
  await expect(page.getByRole('table', { name: words('backups:list.caption') })).toContainText('District office')
  expect(await readdir(folder)).toHaveLength(1)
  await goTo(page, '/')
  await expect(says(page, 'backups:home.fine')).toBeVisible()

  await recoverOffice(page, key, NEW_PASSPHRASE)
  await signInFounder(page)
  await goTo(page, '/')
  await expect(says(page, 'backups:home.fine')).toBeVisible()

  const machine = await newMachine()
  const other = await (await browser.newContext({ locale: 'en-GB' })).newPage()
  await other.goto(machine.url)
  await other.getByRole('button', { name: /^Restore a backup/ }).click()
  await field(other, 'backups:restore.place').fill(await newFolder())
  await button(other, 'backups:restore.find').click()
  await expect(fault(other, 'backup.none-there')).toBeVisible()
  await field(other, 'backups:restore.place').fill(folder)
  await other.keyboard.press('Enter')
  await other.getByRole('button', { name: /^District office/ }).click()
  // The passphrase of the day of the backup, not the one that holds now.
  await other.getByLabel(words('backups:restore.withPassphrase')).last().fill(NEW_PASSPHRASE)
  await button(other, 'backups:restore.run').click()
  await expect(fault(other, 'vault.wrong-passphrase')).toBeVisible()
  await other.getByLabel(words('backups:restore.withPassphrase')).last().fill('a long enough passphrase')
  await button(other, 'backups:restore.run').click()
  await signInFounder(other)
  await goTo(other, '/outbox')
  await expect(fault(other, 'dispatch.moved')).toBeVisible()
})
