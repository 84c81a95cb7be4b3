import { expect } from '@playwright/test'
import { test } from './desk-test.ts'
import { type RunningOffice, startOffice } from './office.ts'
import { Batches } from './pages/batches.ts'
import { Desk } from './pages/desk.ts'
import { words } from './pages/words.ts'

/* What a newcomer does first in the training office, and what must not go wrong on the way. Each test has an office of its own. */

let office: RunningOffice
test.beforeEach(async () => {
  office = await startOffice()
})
test.afterEach(async () => {
  expect(await office.close()).toBe(0)
})

/** Nothing was said to the console that is not plain talk, and nobody outside was asked for anything. */
function expectQuiet(...desks: readonly Desk[]): void {
  for (const { complaints, strangers } of desks)
    expect({ complaints, strangers }).toEqual({ complaints: [], strangers: [] })
}

/** The smaller of the two batches of the cycle that waits in every new training office, prepared. */
async function prepareFirstCycle(clerk: Desk): Promise<string> {
  const { api, close } = await clerk.openApi()
  const [cycle] = await api.batches.cycles.ask(undefined)
  const batches = new Batches(clerk)
  await batches.openPlan(cycle?.cycleId ?? '')
  await batches.prepare()
  const { rows } = await api.batches.page.ask({ offset: 0, limit: 10 })
  close()
  return rows.sort((one, other) => one.count - other.count)[0]?.id ?? ''
}

test('a newcomer pays the first households with two officers; the maker cannot be the checker', async ({ browser }) => {
  const clerk = await Desk.open(browser, office)
  await clerk.enterTraining()
  await clerk.signIn('clerk')
  const batchId = await prepareFirstCycle(clerk)
  const batches = new Batches(clerk)
  await batches.open(batchId)
  await batches.submit()
  await expect(clerk.button('batches:actions.review')).toBeDisabled()

  const approver = await Desk.open(browser, office)
  await approver.enterTraining()
  await approver.signIn('approver')
  const reviewing = new Batches(approver)
  await reviewing.open(batchId)
  await reviewing.beginReview()
  await expect(reviewing.approveButton()).toBeDisabled()
  await reviewing.lookAtEachPart()
  await reviewing.approve()

  await clerk.cutLine(true)
  await batches.send()
  await expect(clerk.page.getByText(words('batches:next.line'))).toBeVisible()
  await clerk.cutLine(false)
  await expect
    .poll(
      async () => {
        await batches.checkNow()
        return batches.state('settled').isVisible()
      },
      { timeout: 100_000, intervals: [4_000] },
    )
    .toBe(true)
  expectQuiet(clerk, approver)
})

test('signing out takes everything off the screen; a reload does not sign out', async ({ browser }) => {
  const clerk = await Desk.open(browser, office)
  await clerk.enterTraining()
  await clerk.signIn('clerk')
  await clerk.page.reload()
  await expect(clerk.officerMenu('clerk')).toBeVisible()
  await clerk.goTo('/batches')
  await expect(clerk.page.getByRole('heading', { level: 1, name: words('batches:list.title') })).toBeVisible()
  await clerk.signOut()
  expect(clerk.address()).toBe('/')
  await clerk.page.goBack()
  await expect(clerk.page.getByRole('heading', { name: words('sign-in:pick.title') })).toBeVisible()
  expectQuiet(clerk)
})

test('a wrong PIN is refused with a sentence and the field is empty again', async ({ browser }) => {
  const desk = await Desk.open(browser, office)
  await desk.enterTraining()
  await desk.page.getByRole('button', { name: 'Samir Haddad' }).click()
  await desk.page.getByLabel('PIN', { exact: true }).fill('111111')
  await desk.button('sign-in:pin.signIn').click()
  await expect(desk.page.getByRole('alert')).toBeVisible()
  await expect(desk.page.getByLabel('PIN', { exact: true })).toHaveValue('')
  expectQuiet(desk)
})

test('in Arabic the page runs from right to left and fits its window', async ({ browser }) => {
  const desk = await Desk.open(browser, office)
  await desk.enterTraining()
  await desk.signIn('administrator')
  await desk.chooseLanguage('ar')
  for (const address of ['/', '/registrants', '/programmes', '/batches', '/outbox', '/audit', '/settings']) {
    await desk.goTo(address)
    await desk.page.getByRole('heading', { level: 1 }).waitFor()
    for (const width of [1360, 390]) {
      await desk.page.setViewportSize({ width, height: 844 })
      const page = await desk.page.evaluate(() => ({
        direction: getComputedStyle(document.body).direction,
        overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      }))
      expect({ address, width, ...page }).toEqual({ address, width, direction: 'rtl', overflow: 0 })
    }
  }
  expectQuiet(desk)
})

test('says that the office program is out of reach, and goes on when it is back', async ({ browser }) => {
  let away = false
  const lines = new Set<{ close(): Promise<void> }>()
  const desk = await Desk.open(browser, office, {}, (page) =>
    page.routeWebSocket('**/api', (line) => {
      if (away) {
        void line.close()
        return
      }
      line.connectToServer()
      lines.add(line)
    }),
  )
  await desk.enterTraining()
  await desk.signIn('clerk')
  away = true
  for (const line of lines) await line.close()
  await expect(desk.page.getByText(words('common:core.lost'))).toBeVisible()
  away = false
  await expect(desk.page.getByText(words('common:core.lost'))).toBeHidden({ timeout: 30_000 })
  await expect(desk.officerMenu('clerk')).toBeVisible()
  expectQuiet(desk)
})
