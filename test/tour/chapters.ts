import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Api } from '../../renderer/api/client.ts'
import { Batches } from '../e2e/pages/batches.ts'
import type { Desk } from '../e2e/pages/desk.ts'
import { Programmes, readStatement, type StatementRow } from '../e2e/pages/programmes.ts'
import { Registrants } from '../e2e/pages/registrants.ts'
import { words } from '../e2e/pages/words.ts'
import type { Gallery } from './gallery.ts'
import type { PeopleFile } from './people-file.ts'
import { paymentsInStore } from './reckoning.ts'

/** Everybody who takes part, and where the pictures go. */
export interface Cast {
  readonly clerk: Desk
  readonly approver: Desk
  readonly administrator: Desk
  /** The API as the clerk; for what a person would read off the screen bit by bit. */
  readonly api: Api
  readonly gallery: Gallery
}

const PROGRAMME = 'Dry season support'
const BUILT_IN = 'Built-in payment system'
const PHONE = '+251911234567'

/** The clerk brings the people in; rows with mistakes are told apart and saved as a file. */
export async function bringPeopleIn({ clerk, gallery }: Cast, file: PeopleFile) {
  const registrants = new Registrants(clerk)
  await registrants.openList()
  await gallery.take(clerk, 'registrants')
  await clerk.goTo('/registrants/import')
  await clerk.button('common:file.choose').waitFor()
  await gallery.take(clerk, 'import-file')
  await registrants.beginImport(file.name, file.content)
  await gallery.take(clerk, 'import-columns')
  await registrants.checkImport()
  await gallery.take(clerk, 'import-check')
  const checked = { added: await registrants.importCount('added'), refused: await registrants.importCount('refused') }
  const badRows = await registrants.saveBadRows()
  await badRows.saveAs(join(gallery.folder, 'bad-rows.csv'))
  await registrants.runImport()
  await gallery.take(clerk, 'import-done')
  const done = { added: await registrants.importCount('added'), refused: await registrants.importCount('refused') }
  if (checked.refused !== file.refused) throw new Error(`${checked.refused} rows refused, not ${file.refused}`)
  if (JSON.stringify(checked) !== JSON.stringify(done)) throw new Error('the import did not do what its check had said')
  await registrants.openList()
  await registrants.search(file.first)
  await registrants.row(file.first).click()
  await clerk
    .button('registrants:contacts.add.phone')
    .or(clerk.page.getByText(words('registrants:record.members')))
    .first()
    .waitFor()
  await gallery.take(clerk, 'registrant')
  return { ...done, badRowsFile: badRows.suggestedFilename() }
}

/** The administrator founds the programme; the clerk enrols by a filter, opens a cycle and makes the entitlements. */
export async function openCycle({ clerk, administrator, approver, gallery }: Cast, file: PeopleFile) {
  const founding = new Programmes(administrator)
  await founding.openList()
  await gallery.take(administrator, 'programmes')
  const programmeId = await founding.create({ name: PROGRAMME, amount: '1500', fund: '20000000', manager: BUILT_IN })
  await founding.open(programmeId, 'settings')
  await gallery.take(administrator, 'programme-settings')

  const programmes = new Programmes(clerk)
  await programmes.open(programmeId, 'enrolment')
  const filter = `[('is_group', '=', True), ('registry_number', '>=', '${file.first}'), ('registry_number', '<=', '${file.last}')]`
  const enrol = await programmes.beginEnrolment(filter)
  await gallery.take(clerk, 'enrol')
  await enrol.click()
  await clerk.dialog().waitFor({ state: 'hidden', timeout: 120_000 })
  await gallery.take(clerk, 'enrolment')
  const cycleId = await programmes.createCycle(programmeId)
  await programmes.makeEntitlements()
  await programmes.openCycle(cycleId)
  await gallery.take(clerk, 'cycle-draft')
  await programmes.submitCycle()

  const approving = new Programmes(approver)
  await approver.goTo('/')
  await approver.page.locator('[data-waiting="approveCycle"]').first().waitFor()
  await gallery.take(approver, 'home-approver')
  await approving.openCycle(cycleId)
  await gallery.take(approver, 'cycle-to-approve')
  await approving.approveCycle()
  await approving.openCycle(cycleId, 'figures')
  await gallery.take(approver, 'cycle-figures')
  return { programmeId, cycleId }
}

/** Pre-flight names those who cannot be paid; one is mended through the link, then the payments are prepared. */
export async function prepare({ clerk, api, gallery }: Cast, cycleId: string) {
  const batches = new Batches(clerk)
  await batches.openPlan(cycleId)
  const before = await api.batches.plan.ask({ cycleId })
  const [group] = before.blocked
  if (group === undefined) throw new Error('the plan names nobody who cannot be paid')
  const finding = clerk.page
    .locator('button[aria-expanded]')
    .filter({ hasText: String(group.count) })
    .first()
  await finding.click()
  await gallery.take(clerk, 'plan')
  await clerk.page
    .getByRole('main')
    .getByRole('link', { name: words('batches:fix.registrant') })
    .or(clerk.page.getByRole('main').locator('a[href^="#/registrants/"]'))
    .first()
    .click()
  await mendPhone(clerk, group.first[0]?.fix.id ?? '')
  await batches.openPlan(cycleId)
  const after = await api.batches.plan.ask({ cycleId })
  const blocked = (plan: typeof before): number => plan.blocked.reduce((sum, { count }) => sum + count, 0)
  if (blocked(after) !== blocked(before) - 1) throw new Error('the person who was mended is still blocked')
  await batches.prepare()
  await gallery.take(clerk, 'prepared')
  await clerk.goTo(`/batches/prepare/${cycleId}?tab=blocked`)
  await clerk.grid('batches:blocked.title').waitFor()
  await gallery.take(clerk, 'blocked')
  return { blockedBefore: blocked(before), blocked: blocked(after) }
}

/** On the page of a household or of a person without a telephone: gives the person one. */
async function mendPhone(desk: Desk, personId: string): Promise<void> {
  await desk.page.getByRole('heading', { level: 1 }).waitFor()
  await desk.goTo(`/registrants/${personId}`)
  await new Registrants(desk).addPhone(PHONE)
}

/** The clerk submits each batch, the second officer looks at each and approves it with the PIN. */
export async function approveAll({ clerk, approver, api, gallery }: Cast, cycleId: string): Promise<readonly string[]> {
  const { rows } = await api.batches.page.ask({ offset: 0, limit: 100, cycleId })
  const ids = rows.map(({ id }) => id).reverse()
  const submitting = new Batches(clerk)
  for (const [index, id] of ids.entries()) {
    await submitting.open(id)
    if (index === 0) await gallery.take(clerk, 'batch-open')
    await submitting.submit()
  }
  const reviewing = new Batches(approver)
  await reviewing.openList('toApprove')
  await gallery.take(approver, 'batches-to-approve')
  for (const [index, id] of ids.entries()) {
    await reviewing.open(id)
    await reviewing.beginReview()
    if (!(await reviewing.approveButton().isDisabled())) throw new Error('a batch could be approved unseen')
    await reviewing.lookAtEachPart()
    if (index === 0) await gallery.take(approver, 'review')
    await reviewing.approve()
  }
  return ids
}

/** The line is cut before the batches are sent: they wait and say so. Then it is restored. */
export async function sendOverABrokenLine({ clerk, api, gallery }: Cast, batchIds: readonly string[]): Promise<void> {
  const batches = new Batches(clerk)
  await clerk.cutLine(true)
  await batches.sendAll()
  const [first = ''] = batchIds
  await batches.open(first)
  await clerk.page.getByText(words('batches:next.line')).waitFor({ timeout: 30_000 })
  await gallery.take(clerk, 'batch-waits-for-line')
  await clerk.goTo('/outbox')
  await clerk.page.getByRole('heading', { level: 1 }).waitFor()
  await gallery.take(clerk, 'outbox-line-cut')
  await clerk.goTo('/')
  await gallery.take(clerk, 'home-line-cut')
  for (const id of batchIds) {
    const { transmissions } = await api.batches.open.ask({ batchId: id })
    if (transmissions.some(({ deliveries }) => deliveries.length > 0))
      throw new Error('something left while the line was cut')
  }
  await clerk.cutLine(false)
}

const OPEN = new Set(['queued', 'sent', 'acknowledged', 'unknown'])

/** Looks now and then, and asks the payment system like an impatient officer, until every payment is final or in review. */
export async function follow(
  { clerk, api, gallery }: Cast,
  cycleId: string,
  batchIds: readonly string[],
  limit: number,
): Promise<void> {
  const batches = new Batches(clerk)
  const end = Date.now() + limit
  const [first = ''] = batchIds
  let pictured = false
  for (;;) {
    const payments = await paymentsInStore(api, cycleId)
    const open = payments.filter(({ state }) => OPEN.has(state))
    if (open.length === 0) return
    if (Date.now() > end)
      throw new Error(
        `${open.length} payments are still open: ${JSON.stringify(
          Object.groupBy(open, ({ state }) => state),
          ['state'],
        )}`,
      )
    const { rows } = await api.batches.page.ask({ offset: 0, limit: 100, cycleId, states: ['sending', 'following'] })
    for (const { id } of rows) {
      await batches.open(id)
      await batches.checkNow()
      if (!pictured && id === first) {
        await gallery.take(clerk, 'batch-followed')
        pictured = true
      }
    }
    await clerk.page.waitForTimeout(5_000)
  }
}

/** What nobody can say from the answers: an approver records what a document proves, an administrator confirms it. */
export async function settleByEvidence(
  { approver, administrator, gallery }: Cast,
  paymentId: string,
  withPicture: boolean,
): Promise<void> {
  const address = `/batches/payments/${paymentId}`
  await approver.goTo(address)
  await approver.button('batches:deed.recordEvidence').click()
  const dialog = approver.dialog()
  await dialog.getByRole('radio', { name: words('batches:evidence.findings.reversed') }).check()
  await dialog.getByRole('textbox', { name: words('batches:evidence.reference') }).fill('Statement 42, line 7')
  await dialog.getByRole('textbox', { name: words('batches:evidence.document') }).fill('Folder "Bank", file 42')
  if (withPicture) await gallery.take(approver, 'evidence')
  await approver.confirmWithPin()
  await administrator.goTo(address)
  await administrator.button('batches:deed.confirmEvidence').click()
  await administrator.confirmWithPin()
  await administrator.page.locator('[data-state="reversed"]').first().waitFor()
  if (withPicture) await gallery.take(administrator, 'payment')
}

/** The statement on the screen, as a file and on paper; then the cycle is closed. */
export async function closeCycle(
  { clerk, approver, gallery }: Cast,
  cycleId: string,
): Promise<readonly StatementRow[]> {
  const programmes = new Programmes(clerk)
  await programmes.openCycle(cycleId, 'statement')
  const rows = await readStatement(clerk)
  await gallery.take(clerk, 'statement')
  const download = clerk.page.waitForEvent('download')
  await clerk.button('programmes:statement.export').click()
  await (await download).saveAs(join(gallery.folder, 'statement.csv'))
  writeFileSync(join(gallery.folder, 'statement.pdf'), await clerk.page.pdf({ format: 'A4' }))
  const approving = new Programmes(approver)
  await approving.openCycle(cycleId)
  await approving.endCycle()
  await gallery.take(approver, 'cycle-ended')
  return rows
}
