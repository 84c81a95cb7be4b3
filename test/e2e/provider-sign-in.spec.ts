import { type Browser, expect, type Locator } from '@playwright/test'
import { clientFor, Esignet, freePorts } from '../core/identity/openid/esignet.ts'
import { settingsFor } from '../core/identity/openid/provider-settings.ts'
import { test } from './desk-test.ts'
import type { OrderedOffice } from './office-process.ts'
import { Batches } from './pages/batches.ts'
import { Desk, type TrainingOfficer, trainingOfficers } from './pages/desk.ts'
import { words } from './pages/words.ts'
import { startProviderOffice } from './provider-office.ts'

/* Officers sign in at e-Signet through the browser, and people at the table show there who they are. */

// Several browsers and a provider at once; on a busy machine each step takes its time.
test.setTimeout(240_000)

const OFFICERS = 'National ID'
const TABLE = 'National ID at the table'
const PIN = '930417'

let esignet: Esignet
let office: OrderedOffice<never>
const desks: Desk[] = []

test.beforeEach(async () => {
  esignet = await Esignet.start()
  office = await startProviderOffice({ provider: esignet.origin })
})
test.afterEach(async () => {
  const said = desks.splice(0).map(({ complaints, strangers }) => [...complaints, ...strangers])
  const ended = await office.close()
  await esignet.close()
  expect(ended).toBe(0)
  expect(said.flat()).toEqual([])
})

async function openDesk(browser: Browser, options: Parameters<typeof Desk.open>[2] = {}): Promise<Desk> {
  const desk = await Desk.open(browser, office, options)
  desks.push(desk)
  await desk.enterTraining()
  return desk
}

async function deskOf(browser: Browser, officer: TrainingOfficer): Promise<Desk> {
  const desk = await openDesk(browser)
  await desk.signIn(officer)
  return desk
}

/** The administrator enters both providers, as the screens of the settings would. */
async function enterProviders(administrator: Desk): Promise<void> {
  const { api, close } = await administrator.openApi()
  const clients = []
  for (const changed of [
    { name: OFFICERS, clientId: 'officers', stepUp: 'approving-and-sending' as const },
    { name: TABLE, clientId: 'table', serves: 'registrants' as const },
  ]) {
    const settings = settingsFor(esignet, await freePorts(2), changed)
    const pin = trainingOfficers.administrator.pin
    const { id } = await api.signIn.save.run({ id: null, basedOn: null, pin, settings })
    const { keys } = await api.signIn.makeKeys.run({ id })
    clients.push(clientFor(settings, keys))
  }
  close()
  esignet.register(...clients)
}

/** A sentence with others around it. */
const within = (key: string, language = 'en'): RegExp => new RegExp(words(key, {}, language).source.slice(4, -4))

/** Presses what leads to the provider; the page that opens goes there, comes back, and says that it can be closed. */
async function throughProvider(desk: Desk, button: Locator, language = 'en'): Promise<void> {
  const opened = desk.context.waitForEvent('page')
  await button.click()
  const page = await opened
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    language === 'ar' ? 'يمكنك إغلاق هذه الصفحة' : 'You can close this page',
  )
  await page.close()
}

test('somebody signs in for the first time, waits for an administrator, and approves a batch with a new sign-in, in Arabic and the dark', async ({
  browser,
}) => {
  const administrator = await deskOf(browser, 'administrator')
  await enterProviders(administrator)
  const clerk = await deskOf(browser, 'clerk')
  const made = await clerk.openApi()
  const [cycle] = await made.api.batches.cycles.ask(undefined)
  await made.api.batches.prepare.run({ cycleId: cycle?.cycleId ?? '' })
  const { rows } = await made.api.batches.page.ask({ offset: 0, limit: 1 })
  const batchId = rows[0]?.id ?? ''
  await made.api.batches.submit.run({ batchId })
  made.close()

  // Nobody here knows her yet.
  esignet.ways.user = 'selam'
  const desk = await openDesk(browser, { colorScheme: 'dark' })
  const { page } = desk
  const signIn = desk.button('sign-in:provider.signIn', { name: OFFICERS })
  await throughProvider(desk, signIn)
  await expect(page.getByRole('textbox', { name: words('sign-in:provider.name') })).toHaveValue('Selam Tadesse')
  const pins = page.locator('input[type="password"]')
  await pins.nth(0).fill(PIN)
  await pins.nth(1).fill(PIN)
  await desk.button('sign-in:provider.ask').click()
  await expect(page.getByRole('heading', { name: words('sign-in:provider.asked') })).toBeVisible()
  await desk.button('sign-in:provider.back').click()
  // Until somebody agreed the same way leads to the same answer.
  await throughProvider(desk, signIn)
  await expect(page.getByRole('alert').filter({ hasText: within('errors:sign-in.waits') })).toBeVisible()

  await administrator.goTo('/settings/sign-in')
  await administrator.button('providers:approve').click()
  const dialog = administrator.dialog()
  await dialog.getByRole('textbox', { name: words('settings:officers.login') }).fill('selam')
  await dialog.getByRole('checkbox', { name: words('common:roles.approver') }).check()
  await administrator.confirmWithPin()
  await expect(administrator.page.getByText(words('providers:approved', { name: 'Selam Tadesse' }))).toBeVisible()

  await throughProvider(desk, signIn)
  const menu = page.getByRole('button', { name: words('common:officerMenu', { name: 'Selam Tadesse' }) })
  await menu.click()
  await page.getByRole('menuitem', { name: 'العربية' }).click()
  await page.locator('html[lang="ar"][dir="rtl"]').waitFor({ state: 'attached' })
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark')
  await page.keyboard.press('Escape')

  const inArabic = (key: string, filled: Record<string, string> = {}): RegExp => words(key, filled, 'ar')
  const button = (key: string, filled?: Record<string, string>) =>
    page.getByRole('button', { name: inArabic(key, filled) })
  await desk.goTo(`/batches/${batchId}`)
  await button('batches:actions.review').click()
  for (const part of ['figures', 'preflight', 'changes']) {
    await page.getByRole('checkbox', { name: inArabic(`batches:review.seen.${part}`) }).check({ timeout: 60_000 })
  }
  await button('batches:actions.approve').last().click()
  const asks = page
    .getByRole('dialog')
    .filter({ has: page.locator('input[type="password"]') })
    .last()
  await asks.locator('input[type="password"]').fill(PIN)
  await asks.locator('button[type="submit"]').click()
  // The PIN alone is not enough; somebody else at her table is not either.
  const confirm = asks.getByRole('button', { name: inArabic('common:provider.confirm', { name: OFFICERS }) })
  esignet.ways.user = 'somebody-else'
  await throughProvider(desk, confirm, 'ar')
  await expect(asks.getByRole('alert').filter({ hasText: within('errors:sign-in.other-officer', 'ar') })).toBeVisible()
  esignet.ways.user = 'selam'
  await throughProvider(desk, confirm, 'ar')
  await expect(asks.getByText(inArabic('common:provider.confirmed', { name: OFFICERS }))).toBeVisible()
  await asks.locator('input[type="password"]').fill(PIN)
  await asks.locator('button[type="submit"]').click()
  await new Batches(desk).state('approved').waitFor({ timeout: 60_000 })
})

test('a person at the table shows who they are, and the officer decides what goes into the record', async ({
  browser,
}) => {
  const administrator = await deskOf(browser, 'administrator')
  await enterProviders(administrator)
  const clerk = await deskOf(browser, 'clerk')
  const { page } = clerk
  const { api, close } = await clerk.openApi()
  const someone = { kind: 'individual', offset: 0, limit: 1, order: { column: 'name', direction: 'asc' } } as const
  const { rows } = await api.registry.page.ask(someone)
  const id = rows[0]?.id ?? ''
  const before = await api.registry.record.ask({ id })

  const begin = clerk.button('registrants:check.with', { name: TABLE })
  await clerk.goTo(`/registrants/${id}`)
  await expect(page.getByText(words('registrants:check.never'))).toBeVisible()

  // Somebody who is plainly somebody else.
  Object.assign(esignet.ways, { user: 'psut-of-another', name: 'Quentin Zxywv', claims: { birthdate: '1931/02/03' } })
  await throughProvider(clerk, begin)
  const accept = clerk.button('registrants:check.accept')
  await expect(page.getByRole('alert').filter({ hasText: within('registrants:check.doubts.name') })).toBeVisible()
  await expect(accept).toBeDisabled()
  await clerk.button('registrants:check.another').click()
  await expect(clerk.notice('registrants:check.anotherDone')).toBeVisible()
  expect((await api.registry.record.ask({ id })).view).toEqual(before.view)

  // The person of the record, with a new address.
  const { name, birthdate } = before.view
  const claims = { ...(birthdate === null ? {} : { birthdate }), address: { formatted: 'Market street 7' } }
  Object.assign(esignet.ways, { user: 'psut-of-the-person', name, claims })
  await throughProvider(clerk, begin)
  const address = page.locator('[data-fact="address"]')
  await address.getByRole('radio').last().check()
  await accept.click()
  await expect(page.getByText(/Market street 7/)).toBeVisible()
  await expect(page.getByText('ESIGNET_PSUT')).toBeVisible()
  await expect(page.getByText(words('registrants:check.never'))).toBeHidden()
  const { view } = await api.registry.record.ask({ id })
  expect(view.address).toBe('Market street 7')
  // The officer is still who sits there.
  await expect(clerk.officerMenu('clerk')).toBeVisible()
  close()
})
