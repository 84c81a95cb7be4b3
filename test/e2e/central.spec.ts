import { type Browser, expect } from '@playwright/test'
import { test } from './desk-test.ts'
import { openTestDistrict, type TestDistrict } from './district.ts'
import type { DistrictOffice } from './district-office.ts'
import { HeldCalls } from './held-calls.ts'
import { Batches } from './pages/batches.ts'
import { CentralDesk } from './pages/central.ts'
import { Desk } from './pages/desk.ts'
import { words } from './pages/words.ts'

/* Two laptops of a district at their screens: what they did while neither heard of the other, and what they see when they meet. */

// Four browsers, two offices and two servers at once; on a busy machine each step takes its time.
test.setTimeout(180_000)

const HOUSEHOLDS = 60

let district: TestDistrict
const desks: Desk[] = []

test.beforeEach(async () => {
  district = await openTestDistrict()
})
test.afterEach(async () => {
  // Before the offices end, of which each browser complains.
  const said = desks.splice(0).map(({ complaints, strangers }) => [...complaints, ...strangers])
  expect(await district.close()).toEqual([0, 0])
  expect(said.flat()).toEqual([])
})

/** One laptop with its clerk and its approver, each at a browser. */
class Laptop {
  readonly clerk: Desk
  readonly approver: Desk
  readonly central: CentralDesk
  readonly batches: Batches

  private constructor(clerk: Desk, approver: Desk) {
    this.clerk = clerk
    this.approver = approver
    this.central = new CentralDesk(clerk)
    this.batches = new Batches(clerk)
  }

  static async open(browser: Browser, office: DistrictOffice): Promise<Laptop> {
    const [clerk, approver] = await Promise.all(
      (['clerk', 'approver'] as const).map(async (officer) => {
        const desk = await Desk.open(browser, office)
        desks.push(desk)
        await desk.enterTraining()
        await desk.signIn(officer)
        return desk
      }),
    )
    return new Laptop(clerk as Desk, approver as Desk)
  }

  /** Waits until everything that the district has is here. */
  async meetsDistrict(people: number): Promise<void> {
    const { api, close } = await this.clerk.openApi()
    await expect
      .poll(async () => (await api.registry.page.ask({ kind: 'group', ...FIRST })).total, { timeout: 60_000 })
      .toBe(people)
    close()
    await expect(this.central.chip('good')).toBeVisible({ timeout: 60_000 })
  }

  /** @returns the id of the one batch of the first cycle, approved and told to leave */
  async prepareApproveSend(): Promise<string> {
    const { api, close } = await this.clerk.openApi()
    const [cycle] = await api.batches.cycles.ask(undefined)
    await this.batches.openPlan(cycle?.cycleId ?? '')
    await this.batches.prepare()
    const { rows } = await api.batches.page.ask({ offset: 0, limit: 10 })
    close()
    const batchId = rows[0]?.id ?? ''
    await this.approveAndSend(batchId)
    return batchId
  }

  async approveAndSend(batchId: string): Promise<void> {
    await this.batches.open(batchId)
    await this.batches.submit()
    const reviewing = new Batches(this.approver)
    await reviewing.open(batchId)
    await reviewing.beginReview()
    await reviewing.lookAtEachPart()
    await reviewing.approve()
    await this.batches.send()
  }

  /** @returns the first person by name, whose area this clerk wrote */
  async writeArea(area: string): Promise<{ readonly id: string; readonly name: string }> {
    const { api, close } = await this.clerk.openApi()
    const { rows } = await api.registry.page.ask({ kind: 'individual', ...FIRST })
    const { view } = await api.registry.record.ask({ id: rows[0]?.id ?? '' })
    await api.registry.edit.run({ id: view.id, base: view.changedAt, facts: { area } })
    close()
    return { id: view.id, name: view.name }
  }

  async areaOf(id: string): Promise<string> {
    const { api, close } = await this.clerk.openApi()
    const { view } = await api.registry.record.ask({ id })
    close()
    return view.area
  }

  /** It asks by itself what became of the payments. */
  async isSettled(batchId: string): Promise<void> {
    await this.batches.open(batchId)
    await expect(this.batches.state('settled')).toBeVisible({ timeout: 60_000 })
  }
}

const FIRST = { offset: 0, limit: 1, order: { column: 'name', direction: 'asc' } } as const

test('two offices approve the same cycle offline: one pays, the other sees who pays and pays only the rest', async ({
  browser,
}) => {
  const [town, hills] = await Promise.all([Laptop.open(browser, district.town), Laptop.open(browser, district.hills)])
  await town.meetsDistrict(HOUSEHOLDS)
  await hills.meetsDistrict(HOUSEHOLDS)
  await Promise.all([town.clerk.cutLine(true), hills.clerk.cutLine(true)])
  // Somebody whom only the hills know.
  await district.hills.order({ entitle: HOUSEHOLDS + 1 })

  const [inTown, inHills] = await Promise.all([town.prepareApproveSend(), hills.prepareApproveSend()])
  expect(inHills).not.toBe(inTown)
  await expect(town.central.chip('waiting')).toContainText(/1 batch/)
  expect(await district.payments.ledger()).toEqual([])

  await town.clerk.cutLine(false)
  await town.isSettled(inTown)
  await hills.clerk.cutLine(false)
  await expect(hills.batches.state('returned')).toBeVisible({ timeout: 60_000 })
  const { page } = hills.clerk
  const attention = words('errors:central.payments-claimed-elsewhere', { count: '60', office: 'Town office' })
  await expect(page.getByRole('alert').getByText(attention)).toBeVisible()
  const elsewhere = page.getByRole('alert').filter({ hasText: 'Sent by Town office since' })
  await expect(elsewhere).toContainText(`another batch has now: ${HOUSEHOLDS}`)
  await expect(hills.batches.state('returned')).toBeVisible()
  await hills.approveAndSend(inHills)
  await hills.isSettled(inHills)

  const ledger = await district.payments.ledger()
  expect(ledger.map(({ paidCount, deliveries }) => ({ paidCount, deliveries }))).toEqual(
    Array.from({ length: HOUSEHOLDS + 1 }, () => ({ paidCount: 1, deliveries: 1 })),
  )
  for (const laptop of [hills, town]) await expect(laptop.central.chip('good')).toBeVisible({ timeout: 60_000 })
  // Each sees the other's batch, and who sent it.
  await town.batches.open(inHills)
  await expect(town.batches.state('settled')).toBeVisible()
  await hills.batches.open(inTown)
  await expect(hills.batches.state('settled')).toBeVisible()
})

test('what two clerks wrote of one person is decided at the screen, and every record tells where it is', async ({
  browser,
}) => {
  const [town, hills] = await Promise.all([Laptop.open(browser, district.town), Laptop.open(browser, district.hills)])
  await town.meetsDistrict(HOUSEHOLDS)
  await hills.meetsDistrict(HOUSEHOLDS)
  await Promise.all([town.clerk.cutLine(true), hills.clerk.cutLine(true)])
  const person = await town.writeArea('Mekelle')
  expect(await hills.writeArea('Gondar')).toEqual(person)

  await town.clerk.goTo(`/registrants/${person.id}`)
  await expect(town.central.receipt('none')).toBeVisible()
  await expect(town.central.chip('waiting')).toContainText('1 registrant')
  await town.clerk.cutLine(false)
  await expect(town.central.chip('good')).toBeVisible({ timeout: 60_000 })
  await expect(town.central.receipt('there')).toBeVisible({ timeout: 30_000 })

  await hills.clerk.cutLine(false)
  const panel = await hills.central.openTab('conflicts')
  await expect(panel.getByRole('link').filter({ hasText: person.name })).toBeVisible({ timeout: 60_000 })
  await hills.central.openConflict(person.name)
  const versions = hills.clerk.page.getByRole('table')
  for (const area of ['Mekelle', 'Gondar']) await expect(versions.getByText(area)).toBeVisible()
  // The other office sees it too, and whoever decides decides for both.
  const inTown = await town.central.openTab('conflicts')
  await expect(inTown.getByRole('link').filter({ hasText: person.name })).toBeVisible({ timeout: 60_000 })
  await town.central.openConflict(person.name)
  await town.central.settle('allEarlier')
  expect(await town.central.syncNow()).not.toBe('')
  await expect(hills.clerk.page.getByText(words('central:conflicts.wasSettled'))).toBeVisible({ timeout: 60_000 })
  await town.clerk.goTo(`/registrants/${person.id}`)
  await expect.poll(() => town.areaOf(person.id), { timeout: 60_000 }).toBe('Mekelle')
  await expect.poll(() => hills.areaOf(person.id)).toBe('Mekelle')

  const offices = await hills.central.openTab('offices')
  for (const name of ['Town office', 'Hill office']) await expect(offices.getByText(name)).toBeVisible()
  await expect(await hills.central.openTab('standing')).toContainText('north')
  const attention = await hills.central.openTab('attention')
  await expect(attention.getByText(words('central:attention.nothing'))).toBeVisible()
  const files = await hills.central.openTab('files')
  await expect(files.getByRole('heading', { name: words('central-files:export.title') })).toBeVisible()
})

test('what the central server says late of a record moves nothing that could be clicked', async ({ browser }) => {
  const receipts = new HeldCalls('central.receipt')
  const clerk = await Desk.open(browser, district.town, {}, (page) => receipts.watch(page))
  desks.push(clerk)
  await clerk.enterTraining()
  await clerk.signIn('clerk')
  const { api, close } = await clerk.openApi()
  const { rows } = await api.registry.page.ask({ kind: 'individual', ...FIRST })
  close()
  receipts.hold()
  await clerk.goTo(`/registrants/${rows[0]?.id}`)
  const edit = clerk.button('registrants:record.edit')
  await edit.waitFor()
  await receipts.caught()
  const before = await edit.boundingBox()
  receipts.letGo()
  await new CentralDesk(clerk).receipt('there').or(new CentralDesk(clerk).receipt('none')).waitFor()
  expect(await edit.boundingBox()).toEqual(before)
})
