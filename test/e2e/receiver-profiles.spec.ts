import { expect, test } from '@playwright/test'
import { type RunningOffice, startOffice } from './office.ts'
import { openOfficeApi } from './office-api.ts'
import { words } from './pages/words.ts'

/* An administrator says what kind of receiver it is; the settings follow, and can be changed and taken back. */

const PIN = '481516'
let office: RunningOffice

test.beforeEach(async () => {
  office = await startOffice()
})
test.afterEach(async () => {
  expect(await office.close()).toBe(0)
})

test('choosing a receiver fills in what suits it; what is changed is marked, with a way back', async ({ page }) => {
  await page.goto(await office.newLink())
  const { api, close } = await openOfficeApi(page.context(), office.origin)
  await api.setup.create.run({
    officeName: 'District office',
    passphrase: 'a long enough passphrase',
    officer: { name: 'Almaz Bekele', login: 'almaz', pin: PIN },
  })
  const { officers } = await api.setup.status.ask(undefined)
  await api.session.signIn.run({ officerId: officers[0]?.id ?? '', pin: PIN })
  close()
  await page.reload()
  await page.getByRole('button', { name: words('common:officerMenu', { name: 'Almaz Bekele' }) }).waitFor()
  await page.evaluate(() => {
    location.hash = '#/settings/managers/new'
  })

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
