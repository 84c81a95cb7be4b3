import type { Locator } from 'playwright'
import type { Desk } from './desk.ts'

/** The built-in servers of the training office come up beside the first work. */
const COMES_UP = 60_000
const RUN_TAKES = 120_000

/** Tokens: connectors, their runs, and what waits for an officer. */
export class Tokens {
  readonly desk: Desk

  constructor(desk: Desk) {
    this.desk = desk
  }

  async open(tab: 'coverage' | 'connectors' | 'runs' | 'correct' | 'consents' | 'doubts'): Promise<void> {
    await this.desk.goTo(`/tokens/${tab}`)
    await this.desk.page.getByRole('tab', { selected: true }).waitFor()
  }

  connector(id: string): Locator {
    return this.desk.page.locator(`[data-connector="${id}"]`)
  }

  async openConnector(id: string): Promise<void> {
    await this.open('connectors')
    await this.connector(id).waitFor({ timeout: COMES_UP })
    await this.connector(id).getByRole('link').first().click()
    await this.desk.button('tokenisation:connectors.runNow').waitFor()
  }

  /** Runs the connector on the screen for everybody who is due; the run is on the screen then. */
  async runNow(): Promise<void> {
    await this.desk.button('tokenisation:connectors.runNow').click()
    await this.desk.page
      .locator('[data-state="choosing"], [data-state="sending"], [data-state="done"]')
      .first()
      .waitFor()
  }

  async waitForEnd(): Promise<void> {
    await this.desk.page.locator('[data-state="done"]').first().waitFor({ timeout: RUN_TAKES })
  }
}
