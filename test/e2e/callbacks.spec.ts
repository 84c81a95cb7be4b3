import { expect, test } from '@playwright/test'
import { managerSettings } from '../core/managers/settings.ts'
import { freePort } from './free-port.ts'
import { type RunningOffice, startOffice } from './office.ts'
import { ADMINISTRATOR_PIN, foundOffice, givePin, goTo } from './pages/founding.ts'
import { words } from './pages/words.ts'

/* An administrator lets payment systems call the office. */

let office: RunningOffice

test.beforeEach(async () => {
  office = await startOffice()
})
test.afterEach(async () => {
  expect(await office.close()).toBe(0)
})

test('while nobody can call, the screen says why no secret address can be made', async ({ page }) => {
  await foundOffice(page, office, async (api) => {
    const { keyId } = await api.managers.makeMessageKey.run({ purpose: 'signing', type: 'ed25519' })
    const settings = managerSettings(keyId, { name: 'National switch' })
    await api.managers.save.run({ id: null, basedOn: null, pin: ADMINISTRATOR_PIN, settings, approvalsLost: 0 })
  })
  await goTo(page, '/settings/callbacks')
  const make = page.getByRole('button', { name: 'Make an address: National switch' })
  await expect(make).toBeDisabled()
  await expect(make).toHaveAccessibleDescription(words('callbacks:pathsNeedBase'))

  await page.getByRole('switch', { name: 'Listen for callbacks' }).click({ force: true })
  await page.getByLabel(words('callbacks:port')).fill(String(await freePort()))
  await page.getByRole('button', { name: words('callbacks:save'), exact: true }).click()
  await givePin(page, ADMINISTRATOR_PIN)
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(make).toBeEnabled()
  await expect(page.getByText(words('callbacks:pathsNeedBase'))).toHaveCount(0)
  await make.click()
  await givePin(page, ADMINISTRATOR_PIN)
  await expect(page.getByText(words('callbacks:shownOnce'))).toBeVisible()
})
