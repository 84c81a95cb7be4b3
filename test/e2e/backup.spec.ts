import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { test } from './desk-test.ts'
import { type RunningOffice, startOffice } from './office.ts'
import { ADMINISTRATOR_PIN, foundOffice, givePin, goTo } from './pages/founding.ts'
import { words } from './pages/words.ts'

const NEW_PASSPHRASE = 'quite another passphrase'
const offices: RunningOffice[] = []
const folders: string[] = []

test.afterEach(async () => {
  for (const office of offices.splice(0)) await office.close()
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

async function opened(): Promise<RunningOffice> {
  const office = await startOffice()
  offices.push(office)
  return office
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stick-'))
  folders.push(folder)
  return folder
}

const button = (page: Page, key: string) => page.getByRole('button', { name: words(key) })
const field = (page: Page, key: string) => page.getByRole('textbox', { name: words(key) })
const fault = (page: Page, code: string) => page.locator(`[data-fault="${code}"]`)
const says = (page: Page, key: string) => page.getByText(words(key)).first()

async function signIn(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Almaz Bekele' }).click()
  await page.getByLabel('PIN', { exact: true }).fill(ADMINISTRATOR_PIN)
  await button(page, 'sign-in:pin.signIn').click()
}

test('an office is backed up, opened by its recovery key, and comes back on another machine', async ({
  page,
  browser,
}) => {
  const [office, folder] = [await opened(), await newFolder()]
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

  await goTo(page, '/settings/office')
  await button(page, 'settings:office.lockNow').click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: words('settings:office.lockNow') })
    .click()
  await button(page, 'backups:recover.link').click()
  await field(page, 'backups:recover.key').fill(key)
  await page.getByLabel(words('backups:recover.newPassphrase')).fill(NEW_PASSPHRASE)
  await page.getByLabel(words('backups:recover.again')).fill(NEW_PASSPHRASE)
  await button(page, 'backups:recover.open').click()
  await signIn(page)
  await page.getByRole('button', { name: words('common:officerMenu', { name: 'Almaz Bekele' }) }).waitFor()
  await goTo(page, '/')
  await expect(says(page, 'backups:home.fine')).toBeVisible()

  const machine = await opened()
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
  await signIn(other)
  await other.getByRole('button', { name: words('common:officerMenu', { name: 'Almaz Bekele' }) }).waitFor()
  await goTo(other, '/outbox')
  await expect(fault(other, 'dispatch.moved')).toBeVisible()
})
