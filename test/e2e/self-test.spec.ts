import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Locator, type Page, test } from '@playwright/test'
import { type G2pConnectPeer, startG2pConnectPeer } from '../../electron/peers/g2p-connect/start-g2p-connect-peer.ts'
import { managerSettings } from '../core/managers/settings.ts'
import { freePort } from './free-port.ts'
import { type RunningOffice, startOffice } from './office.ts'
import { ADMINISTRATOR_PIN, foundOffice, givePin, goTo } from './pages/founding.ts'
import { words } from './pages/words.ts'

/* An administrator of a real office tests payment systems at the screen before any money of a programme moves. */

let directory: string
let peer: G2pConnectPeer
let office: RunningOffice

test.beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'field-office-self-test-'))
  peer = await startG2pConnectPeer({ ledgerFile: join(directory, 'ledger.jsonl'), controlToken: 'x'.repeat(20) })
  office = await startOffice()
})
test.afterEach(async () => {
  expect(await office.close()).toBe(0)
  await peer.stop()
  await rm(directory, { recursive: true, force: true })
})

/** Founds the office, with a programme, a payment manager that works and one that does not; the browser is signed in. */
function founded(page: Page): Promise<{ readonly working: string; readonly deaf: string }> {
  return foundOffice(page, office, async (api) => {
    await api.programmes.programme.create.run({
      name: 'Cash for families',
      currency: 'ETB',
      target: 'group',
      entitlementRule: { kind: 'fixed', amount: 50_000 },
      fund: null,
      alternateRecipientAllowed: true,
      twoApproversAbove: null,
      paymentManagerId: '',
    })
    const { keyId } = await api.managers.makeMessageKey.run({ purpose: 'signing', type: 'ed25519' })
    const keep = async (name: string, paymentEndpointUrl: string, statusEndpointUrl: string): Promise<string> => {
      const urls = { paymentEndpointUrl, statusEndpointUrl }
      const settings = managerSettings(keyId, { ...urls, name, mode: 'sync', receiverId: 'payments.example.org' })
      const edit = { id: null, basedOn: null, pin: ADMINISTRATOR_PIN, settings, approvalsLost: 0 }
      return (await api.managers.save.run(edit)).id
    }
    const nobody = `http://127.0.0.1:${await freePort()}/`
    return {
      working: await keep('Works', peer.urls.syncDisburse, peer.urls.syncStatus),
      deaf: await keep('Deaf', `${nobody}disburse`, `${nobody}status`),
    }
  })
}

async function openManager(page: Page, id: string): Promise<Locator> {
  await goTo(page, `/settings/managers/${id}`)
  const section = page.getByRole('region', { name: words('settings:selfTest.title') })
  await section.waitFor()
  return section
}

test.setTimeout(180_000)

test('an administrator sees what is bad, doubtful and good, and proves that nothing is paid twice', async ({
  page,
}) => {
  const { working, deaf } = await founded(page)
  const run = { name: words('settings:selfTest.run') }

  const failing = await openManager(page, deaf)
  await expect(failing.getByText(words('settings:selfTest.never'))).toBeVisible()
  await failing.getByRole('button', run).click()
  await expect(failing.locator('[data-verdict="bad"]')).toContainText('Send no payments')
  await expect(failing.locator('[data-check="reach"]')).toContainText(/\S+ .+\./)
  await expect(failing.locator('[data-check="reach"]')).toHaveAttribute('data-outcome', 'bad')

  const passing = await openManager(page, working)
  await passing.getByRole('button', run).click()
  await expect(passing.locator('[data-verdict="doubt"]')).toBeVisible()
  await expect(passing.locator('[data-check="encrypted"]')).toHaveAttribute('data-outcome', 'doubt')
  await expect(passing.locator('[data-check="encrypted"]')).toContainText('not encrypted')
  await expect(passing.locator('[data-check="status-by-references"]')).toHaveAttribute('data-outcome', 'good')
  await expect(passing.locator('[data-outcome="bad"]')).toHaveCount(0)
  expect(await peer.ledger()).toEqual([])

  // Not yet shown, so it may not be claimed.
  const proof = page.getByRole('region', { name: words('settings:form.proof') })
  const protection = proof.getByRole('switch')
  await protection.click({ force: true })
  await expect(proof.getByText(words('errors:conformance.no-proof'))).toBeVisible()
  await protection.click({ force: true })

  await passing.getByRole('switch').click({ force: true })
  await passing.getByLabel(words('settings:selfTest.payee')).fill('account:777@sandbox')
  await passing.getByLabel(words('settings:selfTest.payeeName')).fill('Sandbox holder')
  await passing.getByLabel(words('settings:selfTest.amount')).fill('1')
  const withMoney = passing.getByRole('button', { name: words('settings:selfTest.runSandbox') })
  await withMoney.click()
  await givePin(page, '000000')
  await expect(page.getByRole('dialog').locator('[data-fault="identity.wrong-pin"]')).toBeVisible()
  await expect(page.getByRole('dialog').locator('input[type="password"]')).toBeFocused()
  expect(await peer.ledger()).toEqual([])
  await givePin(page, ADMINISTRATOR_PIN)
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(passing.locator('[data-check="sandbox-repeat"]')).toHaveAttribute('data-outcome', 'good', {
    timeout: 60_000,
  })
  await expect(passing.locator('[data-verdict]')).toBeVisible()
  // What was typed is still there for the next time.
  await expect(passing.getByLabel(words('settings:selfTest.payee'))).toHaveValue('account:777@sandbox')
  expect(new Set((await peer.ledger()).map(({ referenceId }) => referenceId)).size).toBe(1)

  await protection.click({ force: true })
  await page.getByRole('button', { name: words('settings:save'), exact: true }).click()
  await givePin(page, ADMINISTRATOR_PIN)
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(protection).toBeChecked()
  await expect(proof.getByText(words('errors:conformance.no-proof'))).toBeHidden()
})
