import { expect, test } from '@playwright/test'
import { type RunningOffice, startOffice } from './office.ts'
import { foundOffice, goTo } from './pages/founding.ts'
import { words } from './pages/words.ts'

/* An administrator says what kind of receiver it is; the settings follow, and can be changed and taken back. */

let office: RunningOffice

test.beforeEach(async () => {
  office = await startOffice()
})
test.afterEach(async () => {
  expect(await office.close()).toBe(0)
})

test('choosing a receiver fills in what suits it; what is changed is marked, with a way back', async ({ page }) => {
  await foundOffice(page, office, async () => undefined)
  await goTo(page, '/settings/managers/new')

  const receiver = page.getByRole('combobox', { name: words('settings:fields.profile') })
  const amounts = page.getByRole('combobox', { name: words('settings:fields.amountsFormat') })
  const envelopes = page.getByRole('textbox', { name: words('settings:fields.envelopeUrl') })
  const differs = page.getByText(words('settings:profile.differs', { count: '1' }))
  await expect(receiver).toHaveValue(words('settings:profiles.g2p-connect-1_0.name'))
  await expect(envelopes).toHaveCount(0)

  await receiver.click()
  await page.getByRole('option', { name: words('settings:profiles.openg2p-bridge.name') }).click()
  await expect(envelopes).toBeVisible()
  await expect(page.getByRole('textbox', { name: words('settings:fields.envelopeStatusUrl') })).toBeVisible()
  await expect(amounts).toHaveValue(words('settings:amounts.shortest'))
  await expect(differs).toHaveCount(0)

  await amounts.click()
  await page.getByRole('option', { name: words('settings:amounts.two-decimals') }).click()
  await expect(differs).toBeVisible()
  await page.screenshot({ path: test.info().outputPath('changed.png'), fullPage: true })
  await page
    .getByRole('button', { name: words('settings:profile.takeNamed', { field: 'How amounts are written' }) })
    .click()
  await expect(amounts).toHaveValue(words('settings:amounts.shortest'))
  await expect(differs).toHaveCount(0)
})
