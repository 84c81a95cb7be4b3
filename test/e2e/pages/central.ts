import type { Locator } from 'playwright'
import type { Desk } from './desk.ts'
import { words } from './words.ts'

const tabs = ['standing', 'attention', 'conflicts', 'offices', 'files'] as const
export type CentralTab = (typeof tabs)[number]

/** The chip in the header, the screen of the central server, and a conflict. */
export class CentralDesk {
  readonly desk: Desk

  constructor(desk: Desk) {
    this.desk = desk
  }

  /** What the header says on every screen. */
  chip(tone?: 'good' | 'waiting' | 'bad'): Locator {
    const mark = tone === undefined ? '[data-central]' : `[data-central][data-tone="${tone}"]`
    return this.desk.page.getByRole('banner').locator(mark)
  }

  /** Speaks with the server now, from the chip. @returns what it says that came of it */
  async syncNow(): Promise<string> {
    const { page } = this.desk
    await this.chip().click()
    const open = page.getByRole('dialog').filter({ has: this.desk.button('central:syncNow') })
    await open.getByRole('button', { name: words('central:syncNow') }).click()
    const answer = open.getByRole('status')
    await answer.waitFor()
    const text = await answer.innerText()
    await this.chip().click()
    await open.waitFor({ state: 'hidden' })
    return text
  }

  async openTab(tab: CentralTab): Promise<Locator> {
    await this.desk.goTo(`/central/${tab}`)
    const panel = this.desk.page.locator(`[role="tabpanel"][id$="-panel-${tab}"]`)
    await panel.waitFor()
    return panel
  }

  /** What the page of a record says about the server. */
  receipt(standing: 'none' | 'there'): Locator {
    return this.desk.page.locator(`[data-receipt="${standing}"]`)
  }

  /** Opens a conflict from the list, by the record's name. */
  async openConflict(name: string): Promise<void> {
    const panel = await this.openTab('conflicts')
    await panel.getByRole('link').filter({ hasText: name }).click()
    await this.desk.page.getByRole('heading', { level: 1, name }).waitFor()
  }

  /** With a conflict open: every field from one side. */
  async settle(side: 'allEarlier' | 'allLater'): Promise<void> {
    await this.desk.page
      .getByRole('table')
      .getByRole('button', { name: words(`central:conflict.${side}`) })
      .click()
    await this.desk.button('central:conflict.settle').click()
    await this.desk.notice('central:conflict.done').waitFor()
  }
}
