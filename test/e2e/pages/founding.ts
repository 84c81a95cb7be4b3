import type { Page } from '@playwright/test'
import type { Api } from '../../../renderer/api/client.ts'
import type { RunningOffice } from '../office.ts'
import { openOfficeApi } from '../office-api.ts'
import { words } from './words.ts'

/** PIN of the administrator of a founded office. */
export const ADMINISTRATOR_PIN = '481516'

/**
 * Founds a real office at a browser: its first administrator is signed in there.
 *
 * @param furnish what the office gets before the screen is looked at
 */
export async function foundOffice<T>(page: Page, office: RunningOffice, furnish: (api: Api) => Promise<T>): Promise<T> {
  await page.goto(await office.newLink())
  const { api, close } = await openOfficeApi(page.context(), office.origin)
  await api.setup.create.run({
    officeName: 'District office',
    passphrase: 'a long enough passphrase',
    officer: { name: 'Almaz Bekele', login: 'almaz', pin: ADMINISTRATOR_PIN },
  })
  const { officers } = await api.setup.status.ask(undefined)
  await api.session.signIn.run({ officerId: officers[0]?.id ?? '', pin: ADMINISTRATOR_PIN })
  const furnished = await furnish(api)
  close()
  await page.reload()
  await page.getByRole('button', { name: words('common:officerMenu', { name: 'Almaz Bekele' }) }).waitFor()
  return furnished
}

/** Signs the founder in at the list of officers. */
export async function signInFounder(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Almaz Bekele' }).click()
  await page.getByLabel('PIN', { exact: true }).fill(ADMINISTRATOR_PIN)
  await page.getByRole('button', { name: words('sign-in:pin.signIn') }).click()
  await page.getByRole('button', { name: words('common:officerMenu', { name: 'Almaz Bekele' }) }).waitFor()
}

/** Locks the office and opens it by its recovery key, under another passphrase. */
export async function recoverOffice(page: Page, key: string, passphrase: string): Promise<void> {
  const lock = words('settings:office.lockNow')
  await goTo(page, '/settings/office')
  await page.getByRole('button', { name: lock }).click()
  await page.getByRole('dialog').getByRole('button', { name: lock }).click()
  await page.getByRole('button', { name: words('backups:recover.link') }).click()
  await page.getByRole('textbox', { name: words('backups:recover.key') }).fill(key)
  await page.getByLabel(words('backups:recover.newPassphrase')).fill(passphrase)
  await page.getByLabel(words('backups:recover.again')).fill(passphrase)
  await page.getByRole('button', { name: words('backups:recover.open') }).click()
}

/** Goes to a place within the office (`/settings/managers/new`) without loading it anew. */
export const goTo = (page: Page, place: string): Promise<void> =>
  page.evaluate((hash) => {
    location.hash = hash
  }, `#${place}`)

/** Answers the question for the PIN. */
export async function givePin(page: Page, pin: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.locator('input[type="password"]').fill(pin)
  await dialog.locator('button[type="submit"]').click()
}
