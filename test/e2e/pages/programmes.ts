import type { Locator } from 'playwright'
import type { Desk } from './desk.ts'
import { words } from './words.ts'

const LONG = 60_000

interface NewProgramme {
  readonly name: string
  /** In the currency's own units, as typed. */
  readonly amount: string
  readonly fund: string
  readonly manager: string
}

/** Programmes, who is enrolled in them, their cycles and entitlements. */
export class Programmes {
  readonly desk: Desk

  constructor(desk: Desk) {
    this.desk = desk
  }

  async openList(): Promise<void> {
    await this.desk.goTo('/programmes')
    await this.desk.grid('programmes:list.title').and(this.desk.page.locator('[aria-busy="false"]')).waitFor()
  }

  /** @returns the programme's id */
  async create({ name, amount, fund, manager }: NewProgramme): Promise<string> {
    const { page } = this.desk
    await this.desk.goTo('/programmes/new')
    // The page before may have a field of the same name.
    await this.desk.button('programmes:form.create').waitFor()
    await page.getByRole('textbox', { name: words('programmes:fields.name') }).fill(name)
    await page.getByRole('textbox', { name: words('programmes:form.amount') }).fill(amount)
    await page.getByRole('textbox', { name: words('programmes:fields.fund') }).fill(fund)
    await this.chooseManager(manager)
    await this.desk.button('programmes:form.create').click()
    await page.waitForURL(/#\/programmes\/[^/]+\/enrolment/)
    return /#\/programmes\/([^/]+)\//.exec(page.url())?.[1] ?? ''
  }

  async chooseManager(manager: string): Promise<void> {
    const { page } = this.desk
    await page.getByRole('combobox', { name: words('programmes:fields.manager') }).click()
    await page.getByRole('option', { name: manager }).click()
  }

  async open(programmeId: string, tab: 'overview' | 'enrolment' | 'cycles' | 'settings'): Promise<void> {
    await this.desk.goTo(`/programmes/${programmeId}/${tab}`)
    await this.desk.tab(`programmes:tabs.${tab}`).and(this.desk.page.locator('[aria-selected="true"]')).waitFor()
  }

  /** With the enrolment tab open: how many the filter would enrol stands in the dialog. */
  async beginEnrolment(filter: string): Promise<Locator> {
    const { page } = this.desk
    await this.desk.button('programmes:enrol.title').first().click()
    await this.desk.dialog().getByText(words('filter:asText')).click()
    await this.desk.dialog().getByRole('textbox').fill(filter)
    const confirm = this.desk.dialog().getByRole('button', { name: words('programmes:enrol.confirm') })
    await confirm.and(page.locator(':enabled')).waitFor({ timeout: LONG })
    return confirm
  }

  /** @returns the cycle's id */
  async createCycle(programmeId: string): Promise<string> {
    const { page } = this.desk
    await this.open(programmeId, 'cycles')
    await this.desk.button('programmes:cycles.new').first().click()
    await this.desk
      .dialog()
      .getByRole('button', { name: words('programmes:form.save') })
      .click()
    await page.waitForURL(/#\/programmes\/cycles\/[^/]+/)
    return /#\/programmes\/cycles\/([^/?]+)/.exec(page.url())?.[1] ?? ''
  }

  async openCycle(
    cycleId: string,
    tab: 'entitlements' | 'figures' | 'batches' | 'statement' = 'entitlements',
  ): Promise<void> {
    await this.desk.goTo(`/programmes/cycles/${cycleId}/${tab}`)
    await this.desk.tab(`programmes:tabs.${tab}`).and(this.desk.page.locator('[aria-selected="true"]')).waitFor()
  }

  cycleState(state: string): Locator {
    return this.desk.page.locator(`header [data-state="${state}"]`)
  }

  async makeEntitlements(): Promise<void> {
    await this.desk.button('programmes:generation.rule').click()
    await this.desk.page.getByText(words('programmes:generation.done')).first().waitFor({ timeout: LONG })
  }

  async submitCycle(): Promise<void> {
    await this.desk.button('programmes:steps.submit.confirm').click()
    await this.desk
      .dialog()
      .getByRole('button', { name: words('programmes:steps.submit.confirm') })
      .click()
    await this.cycleState('to_approve').waitFor({ timeout: LONG })
  }

  async approveCycle(): Promise<void> {
    await this.desk.button('programmes:steps.approve.confirm').click()
    await this.desk.confirmWithPin()
    await this.cycleState('approved').waitFor({ timeout: LONG })
  }

  async markDistributed(): Promise<void> {
    await this.desk.button('programmes:steps.distribute.confirm').click()
    await this.desk
      .dialog()
      .getByRole('button', { name: words('programmes:steps.distribute.confirm') })
      .click()
    await this.cycleState('distributed').waitFor({ timeout: LONG })
  }

  async endCycle(): Promise<void> {
    await this.desk.button('programmes:steps.end.confirm').click()
    await this.desk.confirmWithPin()
    await this.cycleState('ended').waitFor({ timeout: LONG })
  }
}

/** One line of the reconciliation statement on the screen: its words, how many, and the sum as it stands there. */
export interface StatementRow {
  readonly line: string
  readonly count: number
  readonly sum: string
}

/** The statement's lines as an officer reads them; the statement's tab has to be open. */
export async function readStatement({ page }: Desk): Promise<StatementRow[]> {
  const table = page
    .getByRole('main')
    .getByRole('table')
    .filter({ hasText: 'Paid out, as the payment system says' })
    .first()
  await table.waitFor({ timeout: LONG })
  const rows: StatementRow[] = []
  for (const row of await table.locator('tbody tr').all()) {
    const cells = await row.getByRole('cell').allInnerTexts()
    if (cells.length !== 3) continue
    const [line = '', count = '', sum = ''] = cells
    rows.push({ line: line.trim(), count: Number(count.replaceAll(',', '')), sum: sum.trim() })
  }
  return rows
}
