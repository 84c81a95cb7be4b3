import type { Download, Locator } from 'playwright'
import type { Desk } from './desk.ts'
import { words } from './words.ts'

const LONG = 60_000

/** The registry: its list, one record, and bringing people in from a file. */
export class Registrants {
  readonly desk: Desk

  constructor(desk: Desk) {
    this.desk = desk
  }

  async openList(query = ''): Promise<void> {
    await this.desk.goTo(`/registrants${query}`)
    await this.desk.grid('registrants:list.title').and(this.desk.page.locator('[aria-busy="false"]')).waitFor()
  }

  async search(text: string): Promise<void> {
    await this.desk.page.getByRole('searchbox', { name: words('registrants:list.search') }).fill(text)
  }

  row(text: string): Locator {
    return this.desk.grid('registrants:list.title').getByRole('row').filter({ hasText: text }).first()
  }

  /** Gives the wizard a file and waits for its columns. */
  async beginImport(name: string, content: Uint8Array): Promise<void> {
    await this.desk.goTo('/registrants/import')
    const input = this.desk.page.locator('input[type="file"]')
    await input.waitFor({ state: 'attached' })
    await input.setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(content) })
    await this.meaningOf('').waitFor({ timeout: LONG })
  }

  /** The choice of what a column means; the first column's without a heading. */
  meaningOf(heading: string): Locator {
    const filled = heading === '' ? {} : { column: heading }
    return this.desk.page.getByRole('combobox', { name: words('registrants:import.meaningOf', filled) }).first()
  }

  async checkImport(): Promise<void> {
    await this.desk.button('common:next').click()
    await this.runButton().waitFor({ timeout: LONG })
  }

  runButton(): Locator {
    return this.desk.button('registrants:import.run')
  }

  /** What stands in one of the cards that count rows: added, updated, skipped, refused, warned. */
  async importCount(name: 'added' | 'updated' | 'skipped' | 'refused' | 'warned'): Promise<number> {
    const label = this.desk.page.getByText(words(`registrants:import.counts.${name}`)).first()
    const card = label.locator('xpath=ancestor::*[contains(@class, "office-sheet")][1]')
    const text = (await card.innerText()).split('\n').at(1) ?? ''
    return Number(text.replaceAll(',', ''))
  }

  async saveBadRows(): Promise<Download> {
    const download = this.desk.page.waitForEvent('download', { timeout: LONG })
    await this.desk.button('registrants:import.saveBadRows').click()
    return download
  }

  async runImport(): Promise<void> {
    await this.runButton().click()
    await this.desk.page.getByText(words('registrants:import.outcomes.done')).waitFor({ timeout: LONG })
  }

  /** On the page of a person. */
  async addPhone(number: string): Promise<void> {
    await this.desk.button('registrants:contacts.add.phone').click()
    const dialog = this.desk.dialog()
    await dialog.getByRole('textbox', { name: words('registrants:contacts.fields.number') }).fill(number)
    await dialog.getByRole('button', { name: words('registrants:form.save') }).click()
    await dialog.waitFor({ state: 'hidden' })
  }
}
