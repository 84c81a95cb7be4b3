import { createHash, generateKeyPairSync } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, type Page } from '@playwright/test'
import { ANNOUNCEMENT_FILE, signAnnouncement } from '../../electron/core/updates/announcement.ts'
import { publicJwk } from '../../electron/core/vault/signing-keys.ts'
import type { UpdateAnnouncement } from '../../shared/model/update.ts'
import { test } from './desk-test.ts'
import { ADMINISTRATOR_PIN, foundOffice, givePin, goTo, recoverOffice, signInFounder } from './pages/founding.ts'
import { words } from './pages/words.ts'

test.beforeEach(async ({ page, newMachine }) => {
  await foundOffice(page, await newMachine(), async () => undefined)
})

const button = (page: Page, key: string) => page.getByRole('button', { name: words(key) })
const field = (page: Page, key: string) => page.getByRole('textbox', { name: words(key) })
const fault = (page: Page, code: string) => page.locator(`[data-fault="${code}"]`)

test('the key of the data is replaced: the new recovery key is shown once, typed back, and opens the office', async ({
  page,
}) => {
  await goTo(page, '/settings/keys')
  await button(page, 'keys:replace.begin').click()
  await givePin(page, ADMINISTRATOR_PIN)
  const key = (await page.locator('[data-recovery-key]').first().innerText()).trim()
  const form = page.locator('form').filter({ has: button(page, 'keys:replace.run') })
  const typeBack = form.getByRole('textbox', { name: words('backups:recovery.typeBack') })
  await typeBack.fill(`${key.slice(0, -1)}${key.endsWith('7') ? '8' : '7'}`)
  await form.getByLabel(words('keys:replace.passphrase')).last().fill('a long enough passphrase')
  await form.getByLabel(words('common:pin.label', { name: 'Almaz Bekele' })).fill(ADMINISTRATOR_PIN)
  await button(page, 'keys:replace.run').click()
  await expect(fault(page, 'vault.recovery-key-group')).toBeVisible()
  await typeBack.fill(key.toLowerCase())
  await form.getByLabel(words('common:pin.label', { name: 'Almaz Bekele' })).fill(ADMINISTRATOR_PIN)
  await button(page, 'keys:replace.run').click()
  // Everybody signs in anew, and the key stands nowhere any more.
  await expect(page.getByRole('heading', { name: words('sign-in:pick.title') })).toBeVisible()
  await signInFounder(page)
  await expect(page.locator('[data-recovery-key]')).toHaveCount(0)
  await recoverOffice(page, key, 'quite another passphrase')
  await expect(page.getByRole('button', { name: 'Almaz Bekele' })).toBeVisible()
})

test('a new version comes from a folder once the publisher’s key is known, and only under that key', async ({
  page,
  newFolder,
}) => {
  const folder = await newFolder()
  const [publisher, stranger] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')]
  const content = Buffer.alloc(100_000, 'an installer ')
  const sha256 = createHash('sha256').update(content).digest('hex')
  const name = 'g2p-field-office-9.1.0-linux-x64.AppImage'
  await writeFile(join(folder, name), content)
  const publish = async (by: typeof publisher): Promise<void> => {
    const announcement: UpdateAnnouncement = {
      format: 1,
      product: 'g2p-field-office',
      channel: 'stable',
      version: '9.1.0',
      releasedAt: 1_770_000_000_000,
      from: '0.1.0',
      rollOut: 100,
      notes: { en: 'Payments by drum', ar: 'دفعات بالطبل' },
      installers: [{ platform: 'linux', arch: 'x64', kind: 'AppImage', name, bytes: content.length, sha256 }],
    }
    await writeFile(join(folder, ANNOUNCEMENT_FILE), await signAnnouncement(announcement, by.privateKey))
  }
  await goTo(page, '/settings/updates')
  await field(page, 'updates:key').fill(publicJwk(publisher.privateKey).x)
  await button(page, 'settings:save').click()
  await givePin(page, ADMINISTRATOR_PIN)
  await expect(page.getByRole('dialog')).toHaveCount(0)

  await publish(stranger)
  await page.getByRole('textbox', { name: words('updates:folder'), exact: true }).fill(folder)
  await button(page, 'updates:take').click()
  await expect(page.locator('[data-fault^="updates."]').first()).toBeVisible()
  await expect(page.getByText('Payments by drum')).toHaveCount(0)
  await publish(publisher)
  await button(page, 'updates:take').click()
  await expect(page.getByText('Payments by drum')).toBeVisible()
  await expect(page.getByText('9.1.0').first()).toBeVisible()
  await expect(page.getByText('does not replace its own program')).toBeVisible()
})
