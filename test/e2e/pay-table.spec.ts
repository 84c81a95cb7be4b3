import { expect } from '@playwright/test'
import { PaymentSheet } from '../../shared/model/payment-sheet.ts'
import { fileManager, forms } from '../core/channels/file/file-forms.ts'
import { holdPrinter, takePaper } from '../print/paper.ts'
import { pagesOf } from '../print/pdf-pages.ts'
import { test } from './desk-test.ts'
import { Batches } from './pages/batches.ts'
import { Desk, trainingOfficers } from './pages/desk.ts'
import { words } from './pages/words.ts'
import { type ScriptedOffice, startScriptedOffice } from './scripted-office.ts'

/* Vouchers from the printer to the last signature: handed out by one officer, confirmed by another. */

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

const textOf = async (pdf: Uint8Array): Promise<string> => (await pagesOf(pdf)).map(({ text }) => text).join(' ')

/** Lines of a paper are broken where there is no room; a hyphen at the end of one is read as U+FFFE. */
const spaceless = (text: string): string => text.replaceAll(/[\s\ufffe-]/g, '')

const localDay = (): string => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10)

test('vouchers are printed, read at the pay table, ticked by a clerk and confirmed by another officer', async ({
  browser,
}) => {
  const { paymentFile, ...manager } = fileManager(forms.vouchers as never)
  const started = await startScriptedOffice({
    manager: {
      ...manager,
      paymentFile: { ...paymentFile, signing: { keyId: 'training-office', alg: 'EdDSA' } } as never,
      batchTags: [{ id: 'all', name: 'All', filter: '[]', maximumBatchSize: 500 }],
      partSize: 500,
    },
  })
  office = started
  const at = async (officer: keyof typeof trainingOfficers): Promise<Desk> => {
    const desk = await Desk.open(browser, started)
    desks.push(desk)
    await desk.enterTraining()
    await desk.signIn(officer)
    return desk
  }
  const clerk = await at('clerk')
  const approver = await at('approver')
  const { api, close } = await clerk.openApi()
  const batchId = await test.step('a batch is approved', async () => {
    const [cycle] = await api.batches.cycles.ask(undefined)
    await api.batches.prepare.run({ cycleId: cycle?.cycleId ?? '' })
    const { rows } = await api.batches.page.ask({ offset: 0, limit: 1 })
    const id = rows[0]?.id ?? ''
    const { submission } = await api.batches.submit.run({ batchId: id })
    const other = await approver.openApi()
    await other.api.batches.decide.run({
      batchId: id,
      submissionId: submission.id,
      digest: submission.digest,
      verdict: 'approve',
      reason: '',
      pin: trainingOfficers.approver.pin,
    })
    other.close()
    return id
  })

  const paper = await test.step('nothing can be ticked before the vouchers are printed', async () => {
    const batches = new Batches(clerk)
    await batches.open(batchId)
    await batches.send()
    await clerk.goTo(`/batches/${batchId}/pay-table`)
    await expect(clerk.page.getByText(words('errors:pay-table.not-given-out'))).toBeVisible()
    await clerk.page.getByRole('link', { name: words('pay-table:print.vouchers') }).click()
    await holdPrinter(clerk.page)
    await clerk.button('files:copy.first').click({ timeout: 60_000 })
    await clerk.confirmWithPin()
    await expect(clerk.button('files:copy.another')).toBeVisible()
    return takePaper(clerk.page)
  })

  const { rows: people } = await api.batches.payments.ask({ batchId, offset: 0, limit: 500 })
  // Of other scripts a PDF names shapes, from which not every name can be spelt again.
  const spelt = people.filter(({ payeeName }) => /^[A-Za-z ]+$/.test(payeeName))
  const [somebody] = spelt
  if (somebody === undefined) throw new Error('nobody is paid')
  const onPaper = async (): Promise<string> => textOf(await takePaper(clerk.page))

  await test.step('before it is paid, a payment has a statement and no receipt', async () => {
    const drawer = await new Batches(clerk).openPayment(batchId, somebody.id)
    await expect(drawer.getByRole('button', { name: words('batches:receipt.print') })).toBeHidden()
    await drawer.getByRole('button', { name: words('batches:receipt.printStatement') }).click()
    const statement = await onPaper()
    for (const text of ['Statement of a payment', 'This is no receipt', somebody.id]) {
      expect(spaceless(statement)).toContain(spaceless(text))
    }
    expect(statement).not.toContain('Received by')
    // The rest of the page stays off the paper.
    expect(statement).not.toContain('What happened')
  })

  const taken = await api.files.takeCopy.run({ batchId, part: '1', reason: 'the printer jammed', pin: clerk.pin })
  const sheet = PaymentSheet.parse(JSON.parse(taken.content))
  const [first, second, ...rest] = sheet.lines
  if (first === undefined || second === undefined) throw new Error('too few people')
  const printed = await textOf(paper)
  expect(sheet.lines.filter(({ reference }) => !printed.includes(reference))).toEqual([])

  await test.step('a voucher is read, and its payee is ticked', async () => {
    await clerk.goTo(`/batches/${batchId}/pay-table`)
    await clerk.button('pay-table:scan.action').click()
    const code = clerk.page.getByRole('textbox', { name: words('pay-table:scan.typed') })
    await code.fill(first.voucher.replace(/.$/, first.voucher.endsWith('A') ? 'B' : 'A'))
    await clerk.page.keyboard.press('Enter')
    await expect(clerk.page.getByText(words('errors:files.voucher-invalid'))).toBeVisible()
    await code.fill(first.voucher)
    await clerk.page.keyboard.press('Enter')
    await expect(clerk.page.getByText(words('pay-table:tick.voucherGenuine'))).toBeVisible()
    await expect(clerk.dialog()).toContainText(first.payeeName)
    await clerk.button('pay-table:tick.write.collected').click()
    await expect(clerk.page.locator('[data-standing="collected"]')).toBeVisible()
  })

  await test.step('a voucher that was used is not paid again', async () => {
    await clerk.button('pay-table:scan.action').click()
    await clerk.page.getByRole('textbox', { name: words('pay-table:scan.typed') }).fill(first.voucher)
    await clerk.page.keyboard.press('Enter')
    const params = { name: first.payeeName, day: localDay() }
    await expect(clerk.page.getByText(words('errors:pay-table.already-collected', params))).toBeVisible()
    await clerk.page.keyboard.press('Escape')
  })

  await test.step('somebody is found by the number on the list; while their voucher is good they are not absent', async () => {
    await clerk.page.getByRole('searchbox', { name: words('pay-table:search') }).fill('2')
    await clerk.page.getByRole('row').filter({ hasText: second.payeeName }).first().dblclick()
    const dialog = clerk.dialog()
    await dialog.getByText(words('pay-table:tick.absent')).click()
    await clerk.button('pay-table:tick.write.absent').click()
    const stillGood = words('errors:pay-table.voucher-still-good', { day: sheet.validUntil ?? '' })
    await expect(dialog.getByText(stillGood)).toBeVisible()
    await dialog.getByText(words('pay-table:tick.collected')).click()
    await dialog.getByText(words('pay-table:tick.deputy')).click()
    await dialog.getByRole('textbox', { name: words('pay-table:tick.deputyName') }).fill('Aster')
    await dialog.getByRole('textbox', { name: words('pay-table:tick.witness') }).fill('the elder')
    await clerk.button('pay-table:tick.write.collected').click()
    await expect(clerk.page.getByRole('row').filter({ hasText: 'Aster' })).toContainText('the elder')
  })

  await test.step('the second officer confirms, and only then anybody is paid', async () => {
    const collected = {
      by: 'payee',
      deputyName: '',
      deputyRelation: '',
      witness: '',
      note: '',
      voucherSeen: false,
    } as const
    await api.payTable.tick.run({
      batchId,
      paymentIds: rest.map(({ reference }) => reference),
      tick: { ...collected, entry: 'collected', day: localDay() },
    })
    await clerk.goTo(`/batches/${batchId}/pay-table?tab=confirm`)
    await expect(clerk.page.getByText(words('pay-table:confirm.own'))).toBeVisible()
    await approver.goTo(`/batches/${batchId}/pay-table?tab=confirm`)
    await approver.button('pay-table:confirm.all').click()
    await approver.confirmWithPin()
    await expect(approver.page.getByText(words('pay-table:confirm.none'))).toBeVisible({ timeout: 60_000 })
    await new Batches(approver).open(batchId)
    await new Batches(approver).state('settled').waitFor({ timeout: 60_000 })
    const { rows } = await api.batches.payments.ask({ batchId, offset: 0, limit: 500 })
    expect(rows.map(({ state }) => state)).toEqual(Array(sheet.count).fill('paid'))
  })

  await test.step('the payee gets a receipt, the file of the office a summary with lines to sign', async () => {
    const paid = (await new Batches(clerk).openPayment(batchId, somebody.id)).getByRole('button', {
      name: words('batches:receipt.print'),
    })
    await paid.click()
    const receipt = spaceless(await onPaper())
    for (const text of ['Payment receipt', 'Received by', somebody.payeeName, somebody.payeeAddressHint, somebody.id]) {
      expect(receipt).toContain(spaceless(text))
    }
    const page = await api.batches.open.ask({ batchId })
    await new Batches(clerk).open(batchId)
    await clerk.button('batches:actions.more').click()
    await clerk.page.getByRole('menuitem', { name: words('batches:print.action') }).click()
    const summary = spaceless(await onPaper())
    const facts = [page.programmeName, page.cycleName, page.managerName, page.submissions.at(-1)?.digest ?? '']
    const signed = ['Prepared by (signature)', 'Approved by (signature)', 'Place and day']
    const officers = [trainingOfficers.clerk.name, trainingOfficers.approver.name]
    for (const text of [...facts, ...signed, ...officers, ...spelt.map(({ payeeName }) => payeeName)]) {
      expect(summary).toContain(spaceless(text))
    }
  })

  await test.step('in Arabic they run from right to left', async () => {
    await clerk.chooseLanguage('ar')
    const drawer = clerk.page.getByRole('dialog').last()
    await clerk.goTo(`/batches/${batchId}/payments/${somebody.id}`)
    await drawer.getByRole('button', { name: words('batches:receipt.print', {}, 'ar') }).click()
    const receipt = spaceless((await onPaper()).normalize('NFKC'))
    for (const text of ['إيصال دفع', 'عن المكتب']) expect(receipt).toContain(spaceless(text))
  })
  close()
})
