import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PaymentState } from '../../shared/model/payment.ts'
import { Batches } from '../e2e/pages/batches.ts'
import type { Desk } from '../e2e/pages/desk.ts'
import { Programmes } from '../e2e/pages/programmes.ts'
import { words } from '../e2e/pages/words.ts'
import { holdPrinter, takePaper } from '../print/paper.ts'
import { pagesOf } from '../print/pdf-pages.ts'
import { type Cast, follow } from './chapters.ts'
import type { PeopleFile } from './people-file.ts'
import { findDisagreements, paymentsInStore, readLedger } from './reckoning.ts'

const LONG = 120_000

interface Approved {
  readonly cycleId: string
  readonly batchIds: readonly string[]
}

/**
 * A few households are paid by a Payment Hub, and the same ones in cash by a printed list that two officers tick off.
 *
 * @param hubLedger the file of the Payment Hub's own books
 * @returns payments by state for each way, and where the books, the paper and the store do not agree
 */
export async function payInOtherWays(cast: Cast, file: PeopleFile, hubLedger: string) {
  const disagreements: string[] = []
  const hub = await approvedBatches(cast, file, { name: 'School year', manager: 'Payment Hub' })
  await payByHub(cast, hub)
  const paidByHub = await paymentsInStore(cast.api, hub.cycleId)
  disagreements.push(...findDisagreements(readLedger(hubLedger, Date.now()), paidByHub))

  const cash = await approvedBatches(cast, file, { name: 'Cash days', manager: 'Pay list' })
  for (const [index, batchId] of cash.batchIds.entries()) {
    disagreements.push(...(await printList(cast, batchId, index + 1)))
    await tickOff(cast, batchId)
  }
  const paidInCash = await paymentsInStore(cast.api, cash.cycleId)
  const cashStates = states(paidInCash)
  const { paid = 0, rejected = 0, blocked = 0 } = cashStates
  if (rejected !== cash.batchIds.length || paid + rejected + blocked !== paidInCash.length) {
    disagreements.push(`one was absent at each table, and the store says ${JSON.stringify(cashStates)}`)
  }
  return { figures: { hub: states(paidByHub), cash: cashStates }, cashBatchId: cash.batchIds[0] ?? '', disagreements }
}

const states = (payments: readonly { readonly state: PaymentState }[]): Partial<Record<PaymentState, number>> =>
  Object.fromEntries(
    Object.entries(Object.groupBy(payments, ({ state }) => state)).map(([state, those]) => [state, those.length]),
  )

/** Founds a programme that pays its own way, enrols a few households and carries their payments to the approval. */
async function approvedBatches(
  { clerk, approver, administrator, api }: Cast,
  { first, few }: PeopleFile,
  { name, manager }: { readonly name: string; readonly manager: string },
): Promise<Approved> {
  const founding = new Programmes(administrator)
  const programmeId = await founding.create({ name, amount: '250', fund: '1000000', manager })
  const programmes = new Programmes(clerk)
  await programmes.open(programmeId, 'enrolment')
  const enrol = await programmes.beginEnrolment(
    `[('is_group', '=', True), ('registry_number', '>=', '${first}'), ('registry_number', '<=', '${few}')]`,
  )
  await enrol.click()
  await clerk.dialog().waitFor({ state: 'hidden', timeout: LONG })
  const cycleId = await programmes.createCycle(programmeId)
  await programmes.makeEntitlements()
  await programmes.openCycle(cycleId)
  await programmes.submitCycle()
  const approving = new Programmes(approver)
  await approving.openCycle(cycleId)
  await approving.approveCycle()
  const batches = new Batches(clerk)
  await batches.openPlan(cycleId)
  await batches.prepare()
  const { rows } = await api.batches.page.ask({ offset: 0, limit: 10, cycleId })
  const batchIds = rows.map(({ id }) => id)
  const reviewing = new Batches(approver)
  for (const id of batchIds) {
    await batches.open(id)
    await batches.submit()
    await reviewing.open(id)
    await reviewing.beginReview()
    await reviewing.lookAtEachPart()
    await reviewing.approve()
  }
  return { cycleId, batchIds }
}

async function payByHub(cast: Cast, { cycleId, batchIds }: Approved): Promise<void> {
  const { clerk, gallery } = cast
  const batches = new Batches(clerk)
  const [first = ''] = batchIds
  for (const id of batchIds) {
    await batches.open(id)
    await batches.send()
    if (id === first) await gallery.take(clerk, 'hub-batch-sent')
  }
  await follow(cast, cycleId, [], LONG)
  await batches.open(first)
  await gallery.take(clerk, 'hub-batch')
  await batches.open(first, 'transmissions')
  await gallery.take(clerk, 'hub-batch-transmissions')
}

/**
 * Two copies of the list on paper, in English and from right to left; pictures of their pages lie beside the others.
 *
 * @returns what the paper does not say
 */
async function printList({ clerk, api, gallery }: Cast, batchId: string, list: number): Promise<string[]> {
  const batches = new Batches(clerk)
  await batches.open(batchId)
  await batches.send()
  await batches.open(batchId, 'files')
  await holdPrinter(clerk.page)
  await clerk.button('files:copy.first').click({ timeout: LONG })
  await clerk.confirmWithPin()
  const english = await takePaper(clerk.page)
  await gallery.take(clerk, 'list-files')
  await clerk.chooseLanguage('ar')
  await clerk.page.getByRole('button', { name: words('files:copy.another', {}, 'ar') }).click()
  await clerk
    .dialog()
    .getByRole('textbox', { name: words('files:copy.why', {}, 'ar') })
    .fill('تبللت النسخة الأولى')
  await clerk.confirmWithPin()
  const arabic = await takePaper(clerk.page)
  await clerk.chooseLanguage('en')

  const { rows } = await api.batches.payments.ask({ batchId, offset: 0, limit: 500 })
  const missing: string[] = []
  for (const [language, pdf] of Object.entries({ english, arabic })) {
    writeFileSync(join(gallery.folder, `list-${list}-${language}.pdf`), pdf)
    const pages = await pagesOf(pdf)
    for (const [index, { png }] of pages.entries()) {
      writeFileSync(join(gallery.folder, `list-${list}-${language}-page-${index + 1}.png`), png)
    }
    const text = pages.map((page) => page.text).join(' ')
    const absent = rows.filter(({ id }) => !isOn(text, id.slice(0, 8)))
    if (absent.length > 0) missing.push(`${absent.length} payees are not on the ${language} list ${list}`)
  }
  return missing
}

/**
 * Names in some scripts come out of a PDF in pieces, so the reference that stands beside each is looked for; in a line from right
 * to left its runs of digits and letters come out in turned order.
 */
function isOn(text: string, reference: string): boolean {
  const turned = reference
    .match(/\d+|\D+/g)
    ?.reverse()
    .join('')
  return text.includes(reference) || text.includes(turned ?? reference)
}

/** The clerk ticks off everybody but one, who did not come; the approver compares and confirms. */
async function tickOff({ clerk, approver, gallery }: Cast, batchId: string): Promise<void> {
  const { page } = clerk
  await clerk.goTo(`/batches/${batchId}/pay-table`)
  await gallery.take(clerk, 'pay-table')
  const rows = clerk.grid('pay-table:title').getByRole('row')
  await rows.nth(1).dblclick()
  await clerk.dialog().getByText(words('pay-table:tick.absent')).click()
  await gallery.take(clerk, 'pay-table-tick')
  await clerk.button('pay-table:tick.write.absent').click()
  await page.locator('[data-standing="absent"]').waitFor()
  await choose(clerk, 'pay-table:standing.open')
  await clerk
    .grid('pay-table:title')
    .getByRole('checkbox', { name: words('common:table.selectAll') })
    .click()
  await clerk.button('pay-table:tick.chosen').click()
  await clerk.button('pay-table:tick.write.collected').click()
  await clerk.dialog().waitFor({ state: 'hidden', timeout: LONG })
  await approver.goTo(`/batches/${batchId}/pay-table?tab=confirm`)
  await approver.button('pay-table:confirm.all').waitFor()
  await gallery.take(approver, 'pay-table-confirm')
  await approver.button('pay-table:confirm.all').click()
  await approver.confirmWithPin()
  await approver.page.getByText(words('pay-table:confirm.none')).waitFor({ timeout: LONG })
  await approver.goTo(`/batches/${batchId}/pay-table?tab=done`)
  await gallery.take(approver, 'pay-table-done')
}

async function choose({ page }: Desk, standing: string): Promise<void> {
  await page.getByRole('combobox', { name: words('pay-table:columns.standing') }).click()
  await page.getByRole('option', { name: words(standing) }).click()
}
