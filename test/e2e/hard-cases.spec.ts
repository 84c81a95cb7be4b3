import { expect } from '@playwright/test'
import type { PaymentState } from '../../shared/model/payment.ts'
import { test } from './desk-test.ts'
import { Batches } from './pages/batches.ts'
import { Desk, type TrainingOfficer, trainingOfficers } from './pages/desk.ts'
import { words } from './pages/words.ts'
import { type OfficeScript, type ScriptedOffice, startScriptedOffice } from './scripted-office.ts'

/* What does not go as hoped, done by officers at their screens: each test in an office whose payment system is told how to fail. */

// Several browsers at once; on a busy machine each step takes its time.
test.setTimeout(300_000)

let office: ScriptedOffice | undefined
const desks: Desk[] = []

test.afterEach(async () => {
  for (const { complaints, strangers } of desks.splice(0)) {
    expect({ complaints, strangers }).toEqual({ complaints: [], strangers: [] })
  }
  expect(await office?.close()).toBe(0)
  office = undefined
})

interface Scene {
  readonly office: ScriptedOffice
  /** A browser of its own for each officer. */
  at(officer: TrainingOfficer): Promise<Desk>
  /** The batches of the first cycle, prepared, by name. */
  readonly batchIds: readonly string[]
}

async function openScene(
  browser: Parameters<typeof Desk.open>[0],
  script: Partial<OfficeScript> = {},
  tagSize = 500,
): Promise<Scene> {
  const started = await startScriptedOffice({
    ...script,
    manager: {
      batchTags: [{ id: 'all', name: 'All', filter: '[]', maximumBatchSize: tagSize }],
      partSize: 500,
      ...script.manager,
    },
  })
  office = started
  const opened = new Map<TrainingOfficer, Desk>()
  const at = async (officer: TrainingOfficer): Promise<Desk> => {
    const known = opened.get(officer)
    if (known) return known
    const desk = await Desk.open(browser, started)
    desks.push(desk)
    opened.set(officer, desk)
    await desk.enterTraining()
    await desk.signIn(officer)
    return desk
  }
  const clerk = await at('clerk')
  const { api, close } = await clerk.openApi()
  const [cycle] = await api.batches.cycles.ask(undefined)
  await api.batches.prepare.run({ cycleId: cycle?.cycleId ?? '' })
  const { rows } = await api.batches.page.ask({ offset: 0, limit: 50 })
  close()
  return { office: started, at, batchIds: rows.map(({ id }) => id) }
}

/** Submits and approves by the API: how that looks is another test's matter. */
async function approve({ at }: Scene, batchId: string): Promise<void> {
  const clerk = await (await at('clerk')).openApi()
  const { submission } = await clerk.api.batches.submit.run({ batchId })
  clerk.close()
  const approver = await (await at('approver')).openApi()
  const { id: submissionId, digest } = submission
  const { pin } = trainingOfficers.approver
  await approver.api.batches.decide.run({ batchId, submissionId, digest, verdict: 'approve', reason: '', pin })
  approver.close()
}

async function paymentsOf(desk: Desk, batchId: string) {
  const { api, close } = await desk.openApi()
  const { rows } = await api.batches.payments.ask({ batchId, offset: 0, limit: 500 })
  close()
  return rows
}

const countOf = async (desk: Desk, batchId: string, state: PaymentState): Promise<number> =>
  (await paymentsOf(desk, batchId)).filter((payment) => payment.state === state).length

const firstOf = async (desk: Desk, batchId: string, state: PaymentState): Promise<string> =>
  (await paymentsOf(desk, batchId)).find((payment) => payment.state === state)?.id ?? ''

test('a batch is returned with a reason, submitted again, held, released, and cancelled', async ({ browser }) => {
  const scene = await openScene(browser)
  const [batchId = ''] = scene.batchIds
  const clerk = await scene.at('clerk')
  const batches = new Batches(clerk)
  await batches.open(batchId)
  await batches.submit()

  const approver = await scene.at('approver')
  const reviewing = new Batches(approver)
  await reviewing.open(batchId)
  await reviewing.beginReview()
  await approver
    .dialog()
    .getByRole('button', { name: words('batches:actions.return') })
    .click()
  await reviewing.giveReason('return', 'The school of Adwa is missing')
  await reviewing.state('returned').waitFor()
  await expect(clerk.page.getByText('The school of Adwa is missing')).toBeVisible()

  await batches.submit()
  await expect(approver.page.getByRole('dialog')).toHaveCount(0)
  await reviewing.beginReview()
  await reviewing.lookAtEachPart()
  await reviewing.approve()

  await batches.act('hold')
  await batches.giveReason('hold', 'The governor visits')
  await expect(approver.page.getByText('The governor visits')).toBeVisible()
  await expect(clerk.button('batches:actions.send')).toHaveCount(0)
  await batches.release()
  await expect(clerk.button('batches:actions.send')).toBeVisible()

  await batches.act('cancel')
  await batches.giveReason('cancel', 'Paid in cash instead')
  await batches.state('cancelled').waitFor()
  await expect(approver.page.getByText('Paid in cash instead')).toBeVisible()
  // What was cancelled can be prepared anew.
  await batches.act('prepareAgain')
  await expect(batches.prepareButton()).toBeEnabled({ timeout: 30_000 })
})

test('several approved batches are sent together with one PIN', async ({ browser }) => {
  const scene = await openScene(browser, {}, 12)
  const clerk = await scene.at('clerk')
  expect(scene.batchIds.length).toBeGreaterThan(2)
  for (const batchId of scene.batchIds.slice(0, 3)) await approve(scene, batchId)
  const batches = new Batches(clerk)
  await batches.sendAll()
  for (const batchId of scene.batchIds.slice(0, 3)) {
    await batches.open(batchId)
    await batches.state('settled').waitFor({ timeout: 60_000 })
  }
  // The others were not touched.
  await batches.open(scene.batchIds[3] ?? '')
  await batches.state('open').waitFor()
})

test('what two look-ups did not find goes out again when an approver says so, and is paid once', async ({
  browser,
}) => {
  const scene = await openScene(browser, { behaviour: { duplicateProtection: false } })
  const [batchId = ''] = scene.batchIds
  await approve(scene, batchId)
  await scene.office.order({ script: [{ on: 'disburse', fault: { do: 'acknowledge-and-lose' }, times: 1 }] })
  const clerk = await scene.at('clerk')
  const batches = new Batches(clerk)
  await batches.open(batchId)
  await batches.send()
  await expect(clerk.page.getByText(words('batches:notices.attention'))).toBeVisible({ timeout: 60_000 })
  const paymentId = await firstOf(clerk, batchId, 'unknown')
  // A clerk is told whom to ask.
  const seen = await batches.openPayment(batchId, paymentId)
  await expect(
    seen.getByText(words('batches:deed.approveResendWhy')).or(seen.getByText(/Ask an approver/)),
  ).toBeVisible()
  await expect(seen.getByRole('button', { name: words('batches:deed.approveResend') })).toHaveCount(0)

  const approver = await scene.at('approver')
  const deciding = new Batches(approver)
  const drawer = await deciding.openPayment(batchId, paymentId)
  await drawer.getByRole('button', { name: words('batches:deed.approveResend') }).click()
  await approver.confirmWithPin()
  await batches.open(batchId)
  await batches.state('settled').waitFor({ timeout: 60_000 })
  const payments = await paymentsOf(clerk, batchId)
  expect(new Set(payments.map(({ state }) => state))).toEqual(new Set(['paid']))
  await batches.open(batchId, 'transmissions')
  await expect(
    clerk.page.getByRole('row').filter({ has: clerk.page.getByRole('cell', { name: '2', exact: true }) }),
  ).toHaveCount(1)
})

test('evidence of two officers settles what the answers leave open, and what it proves unpaid is paid anew', async ({
  browser,
}) => {
  const scene = await openScene(browser)
  const [batchId = ''] = scene.batchIds
  await approve(scene, batchId)
  // Every look-up tells another amount.
  const wrong = { on: 'status', probability: 1, fault: { do: 'misreport', as: 'wrong-amount', share: 1 } } as const
  await scene.office.order({ rules: [wrong] })
  const clerk = await scene.at('clerk')
  const batches = new Batches(clerk)
  await batches.open(batchId)
  await batches.send()
  await expect.poll(() => countOf(clerk, batchId, 'review'), { timeout: 60_000 }).toBeGreaterThan(0)
  await scene.office.order({ rules: [] })
  const paymentId = await firstOf(clerk, batchId, 'review')

  const approver = await scene.at('approver')
  const recording = new Batches(approver)
  const drawer = await recording.openPayment(batchId, paymentId)
  await drawer.getByRole('button', { name: words('batches:deed.recordEvidence') }).click()
  await recording.recordEvidence('not-paid', 'statement line 12')
  await expect(drawer.getByText('statement line 12')).toBeVisible()
  await expect(drawer.getByRole('button', { name: words('batches:deed.confirmEvidence') })).toHaveCount(0)

  const administrator = await scene.at('administrator')
  const confirming = new Batches(administrator)
  const shown = await confirming.openPayment(batchId, paymentId)
  await shown.getByRole('button', { name: words('batches:deed.confirmEvidence') }).click()
  await administrator.confirmWithPin()
  await expect(drawer.locator('[data-state="rejected"]').first()).toBeVisible()

  await batches.openPlan((await paymentsOf(clerk, batchId))[0]?.cycleId ?? '')
  await batches.prepare()
  const { api, close } = await clerk.openApi()
  const { attempts } = await api.batches.payment.ask({ paymentId })
  close()
  expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 2])
  const second = attempts[1]?.batchId ?? ''
  await approve(scene, second)
  await batches.open(second)
  await batches.send()
  await batches.state('settled').waitFor({ timeout: 60_000 })
  expect((await paymentsOf(clerk, second)).map(({ state, attempt }) => ({ state, attempt }))).toEqual([
    { state: 'paid', attempt: 2 },
  ])
})

test('a refusal that proves nothing asks for proof; money that came back is recorded by two officers', async ({
  browser,
}) => {
  const scene = await openScene(browser)
  const [batchId = ''] = scene.batchIds
  await approve(scene, batchId)
  const some = { do: 'reject-items', status: 'rjct', code: 'rjct.payment.failed', share: 0.3 } as const
  await scene.office.order({ script: [{ on: 'disburse', fault: some, times: 1 }] })
  const clerk = await scene.at('clerk')
  const batches = new Batches(clerk)
  await batches.open(batchId)
  await batches.send()
  await batches.state('settled').waitFor({ timeout: 60_000 })
  const refused = await firstOf(clerk, batchId, 'rejected')
  const paid = await firstOf(clerk, batchId, 'paid')
  expect([refused, paid]).not.toContain('')

  const approver = await scene.at('approver')
  const administrator = await scene.at('administrator')
  const recording = new Batches(approver)
  const confirming = new Batches(administrator)
  for (const [paymentId, deed, finding, after] of [
    [refused, 'recordProof', 'not-paid', 'rejected'],
    [paid, 'recordReversal', 'reversed', 'reversed'],
  ] as const) {
    const drawer = await recording.openPayment(batchId, paymentId)
    await drawer.getByRole('button', { name: words(`batches:deed.${deed}`) }).click()
    await recording.recordEvidence(finding, `${finding} 1`)
    const shown = await confirming.openPayment(batchId, paymentId)
    await shown.getByRole('button', { name: words('batches:deed.confirmEvidence') }).click()
    await administrator.confirmWithPin()
    await expect(drawer.locator(`[data-state="${after}"]`).first()).toBeVisible()
    await expect(drawer.getByText(words('batches:evidence.confirmedBy'))).toBeVisible()
    await expect(drawer.getByRole('button', { name: words(`batches:deed.${deed}`) })).toHaveCount(0)
  }
  await batches.openPlan((await paymentsOf(clerk, batchId))[0]?.cycleId ?? '')
  await expect(clerk.button('batches:plan.prepare', { number: '2' })).toBeEnabled()
})
