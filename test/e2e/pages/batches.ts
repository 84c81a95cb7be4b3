import type { Locator } from 'playwright'
import type { PaymentState } from '../../../shared/model/payment.ts'
import type { Desk } from './desk.ts'
import { paymentStateOf } from './states.ts'
import { words } from './words.ts'

/** Long enough for 5,000 payments on a slow machine. */
const LONG = 120_000

const tick = /^I have looked at/

/** Preparing a cycle, the list of batches and one batch, as officers use them. */
export class Batches {
  readonly desk: Desk

  constructor(desk: Desk) {
    this.desk = desk
  }

  async openList(group = ''): Promise<void> {
    await this.desk.goTo(group === '' ? '/batches' : `/batches?group=${group}`)
    await this.desk.grid('batches:list.title').and(this.desk.page.locator('[aria-busy="false"]')).waitFor()
  }

  async openPlan(cycleId: string): Promise<void> {
    await this.desk.goTo(`/batches/prepare/${cycleId}?tab=plan`)
    await this.prepareButton()
      .or(this.desk.page.getByText(words('batches:plan.nothing')))
      .waitFor({ timeout: LONG })
  }

  prepareButton(): Locator {
    return this.desk.button('batches:plan.prepare')
  }

  /** Prepares what the plan shows and waits until the batches stand there. */
  async prepare(): Promise<void> {
    await this.prepareButton().click()
    await this.desk.page.getByText(words('batches:prepare.done')).waitFor({ timeout: LONG })
  }

  /** A finding of the plan with the people behind it, opened. */
  async openFinding(sentence: RegExp): Promise<Locator> {
    const control = this.desk.page.getByRole('button', { name: sentence }).first()
    if ((await control.getAttribute('aria-expanded')) !== 'true') await control.click()
    const panel = this.desk.page.locator(`#${await control.getAttribute('aria-controls')}`)
    await panel.waitFor()
    return panel
  }

  async open(batchId: string, tab = ''): Promise<void> {
    await this.desk.goTo(tab === '' ? `/batches/${batchId}` : `/batches/${batchId}?tab=${tab}`)
    await this.desk.button('batches:actions.more').waitFor({ timeout: LONG })
  }

  state(state: string): Locator {
    return this.desk.page.locator(`header [data-state="${state}"]`)
  }

  /** The clerk looks at what will be frozen and submits it. */
  async submit(): Promise<void> {
    await this.desk.button('batches:actions.submit').click()
    await this.desk
      .dialog()
      .getByRole('button', { name: words('batches:submit.confirm') })
      .click({ timeout: LONG })
    await this.state('submitted').waitFor({ timeout: LONG })
  }

  async beginReview(): Promise<void> {
    await this.desk.button('batches:actions.review').click()
    await this.desk.dialog().getByRole('checkbox', { name: tick }).last().waitFor()
  }

  /** Ticks each part as seen; "Approve…" stays closed before. */
  async lookAtEachPart(): Promise<void> {
    for (const part of ['figures', 'preflight', 'changes']) {
      const box = this.desk.dialog().getByRole('checkbox', { name: words(`batches:review.seen.${part}`) })
      await box.check({ timeout: LONG })
    }
  }

  approveButton(): Locator {
    return this.desk.dialog().getByRole('button', { name: words('batches:actions.approve') })
  }

  /** With the review open: signs with the PIN. */
  async approve(): Promise<void> {
    await this.approveButton().click()
    await this.desk.confirmWithPin()
    await this.state('approved').waitFor({ timeout: LONG })
  }

  async send(): Promise<void> {
    await this.desk.button('batches:actions.send').click()
    await this.desk.confirmWithPin()
  }

  /** An action out of the batch's menu, or its main button when it is the next step. */
  async act(action: string): Promise<void> {
    const main = this.desk.button(`batches:actions.${action}`)
    if (await main.isVisible()) return main.click()
    await this.desk.button('batches:actions.more').click()
    await this.desk.page.getByRole('menuitem', { name: words(`batches:actions.${action}`) }).click()
  }

  /** A deed that asks for a reason, and perhaps for the PIN; waits until its dialog is satisfied. */
  async giveReason(deed: 'hold' | 'cancel' | 'return', reason: string): Promise<void> {
    const field = this.desk.page.getByRole('textbox', { name: words(`batches:${deed}.reason`) })
    const dialog = this.desk.page.getByRole('dialog').filter({ has: field }).last()
    await field.fill(reason)
    const pin = dialog.locator('input[type="password"]')
    if (await pin.isVisible()) await pin.fill(this.desk.pin)
    await dialog.locator('button[type="submit"]').click()
    await dialog.waitFor({ state: 'hidden', timeout: LONG })
  }

  async release(): Promise<void> {
    await this.act('release')
    await this.desk
      .dialog()
      .getByRole('button', { name: words('batches:actions.release') })
      .click()
    await this.desk.notice('batches:release.done').waitFor()
  }

  /** Opens the first payment of an open batch, or the one that a link names. */
  async openPayment(batchId: string, paymentId: string): Promise<Locator> {
    await this.desk.goTo(`/batches/${batchId}/payments/${paymentId}`)
    const drawer = this.desk.page.getByRole('dialog', { name: words('batches:story.title') })
    await drawer.waitFor({ timeout: LONG })
    return drawer
  }

  /** With a payment open: an approver writes down what a document proves. */
  async recordEvidence(finding: 'paid' | 'not-paid' | 'reversed', reference: string): Promise<void> {
    const dialog = this.desk.page.getByRole('dialog', { name: words('batches:evidence.title') })
    await dialog.getByRole('radio', { name: words(`batches:evidence.findings.${finding}`) }).check()
    await dialog.getByRole('textbox', { name: words('batches:evidence.reference') }).fill(reference)
    await dialog.getByRole('textbox', { name: words('batches:evidence.document') }).fill('folder 7')
    await dialog.locator('input[type="password"]').fill(this.desk.pin)
    await dialog.locator('button[type="submit"]').click()
    await dialog.waitFor({ state: 'hidden', timeout: LONG })
  }

  /** Sends every approved batch together, from the list. */
  async sendAll(): Promise<void> {
    await this.openList('toSend')
    await this.desk
      .grid('batches:list.title')
      .getByRole('checkbox', { name: words('common:table.selectAll') })
      .click()
    await this.desk.button('batches:list.sendChosen').click()
    await this.desk.confirmWithPin()
    await this.desk.page.getByText(words('batches:send.done')).first().waitFor()
  }

  /** Asks the payment system now, if something is still open; the answer stands in the corner. */
  async checkNow(): Promise<boolean> {
    const button = this.desk.button('batches:actions.checkNow')
    if (!(await button.isVisible())) return false
    try {
      await button.click({ timeout: 10_000 })
    } catch (error) {
      // The office asked by itself meanwhile, and nothing is open any more.
      if (await button.isVisible()) throw error
      return false
    }
    // When that was all, the batch is settled and the button is gone.
    await button.and(this.desk.page.locator('[data-loading]')).waitFor({ state: 'detached', timeout: LONG })
    return true
  }

  /** Payments by state, as the payments' filter shows them. */
  async countsOnScreen(): Promise<Partial<Record<PaymentState, number>>> {
    const { page } = this.desk
    await page.getByRole('combobox', { name: words('batches:payments.state') }).click()
    const options = page.getByRole('option')
    await options.first().waitFor()
    const counts: Partial<Record<PaymentState, number>> = {}
    for (const text of await options.allInnerTexts()) {
      const parsed = /^(.+) \(([\d,]+)\)$/.exec(text.trim())
      const [, word = '', number = ''] = parsed ?? []
      const state = paymentStateOf(word)
      counts[state] = Number(number.replaceAll(',', ''))
    }
    await page.keyboard.press('Escape')
    return counts
  }
}
