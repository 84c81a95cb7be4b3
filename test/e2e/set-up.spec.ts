import { expect } from '@playwright/test'
import { test } from './desk-test.ts'
import { startOffice } from './office.ts'
import { goTo } from './pages/founding.ts'
import { words } from './pages/words.ts'

const PASSPHRASE = 'seven goats on a green hill'
const PIN = '481516'

test('a real office is set up at the screen, and its first administrator leaves with a recovery key that was tried', async ({
  page,
}) => {
  const office = await startOffice()
  try {
    await page.goto(await office.newLink())
    const button = (key: string) => page.getByRole('button', { name: words(key) })
    const field = (key: string) => page.getByRole('textbox', { name: words(key) })
    await page
      .getByRole('button')
      .filter({ has: page.getByText(words('sign-in:first.real')) })
      .click()
    await field('sign-in:new.officeName').fill('Hill office')
    await page.getByLabel(words('sign-in:new.passphrase')).fill(PASSPHRASE)
    await page.getByLabel(words('sign-in:new.passphraseAgain')).fill('something else')
    await field('sign-in:new.name').fill('Almaz Bekele')
    await field('sign-in:new.login').fill('almaz')
    await page.getByLabel(words('sign-in:new.pin')).fill(PIN)
    await page.getByLabel(words('sign-in:new.pinAgain')).fill(PIN)
    await button('sign-in:new.create').click()
    await expect(page.getByText(words('sign-in:check.passphraseAgain'))).toBeVisible()
    await page.getByLabel(words('sign-in:new.passphraseAgain')).fill(PASSPHRASE)
    await button('sign-in:new.create').click()

    const key = (await page.locator('[data-recovery-key]').first().innerText()).trim()
    await field('backups:recovery.typeBack').fill(key.toLowerCase().replaceAll('-', ' '))
    await button('backups:recovery.prove').click()
    await page.getByRole('button', { name: words('common:officerMenu', { name: 'Almaz Bekele' }) }).waitFor()
    await expect(page.getByText(words('backups:home.recovery.none'))).toBeHidden()
    await goTo(page, '/settings/backups')
    await expect(page.getByText(words('backups:recovery.proven')).first()).toBeVisible()
  } finally {
    expect(await office.close()).toBe(0)
  }
})
