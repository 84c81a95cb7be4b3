import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright'
import type { Officers, RunningOffice } from '../office.ts'
import { openOfficeApi } from '../office-api.ts'
import { words } from './words.ts'

/** The officers that the training office begins with. */
export const trainingOfficers = {
  clerk: { name: 'Samir Haddad', pin: '271828' },
  approver: { name: 'Leila Okafor', pin: '161803' },
  administrator: { name: 'Hana Worku', pin: '314159' },
} as const satisfies Officers
export type TrainingOfficer = keyof Officers

/** One officer's browser: what is on every screen, and everything that the page should not have said or asked for. */
export class Desk {
  readonly page: Page
  readonly context: BrowserContext
  readonly office: RunningOffice
  /** Errors and what the content security policy forbade, as the console and the page told them. */
  readonly complaints: string[] = []
  /** Addresses outside the office that the page asked for. */
  readonly strangers: string[] = []
  #officer: TrainingOfficer | undefined

  private constructor(page: Page, office: RunningOffice) {
    this.page = page
    this.context = page.context()
    this.office = office
    page.on('console', (message) => {
      const isError = message.type() === 'error' || message.type() === 'assert'
      if (isError || /content security policy|refused to/i.test(message.text())) this.complaints.push(message.text())
    })
    page.on('pageerror', (error) => this.complaints.push(String(error.stack ?? error.message)))
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url())
      if (protocol !== 'blob:' && origin !== office.origin) this.strangers.push(request.url())
    })
    page.on('websocket', (socket) => {
      const { host } = new URL(socket.url())
      if (host !== new URL(office.origin).host) this.strangers.push(socket.url())
    })
  }

  /** A fresh browser at the office's door. `beforehand` is done before the page is opened. */
  static async open(
    browser: Browser,
    office: RunningOffice,
    options: BrowserContextOptions = {},
    beforehand: (page: Page) => Promise<void> = async () => undefined,
  ): Promise<Desk> {
    const context = await browser.newContext({
      locale: 'en-GB',
      viewport: { width: 1360, height: 860 },
      reducedMotion: 'reduce',
      serviceWorkers: 'block',
      ...options,
    })
    const desk = new Desk(await context.newPage(), office)
    await beforehand(desk.page)
    await desk.page.goto(await office.newLink())
    return desk
  }

  get #officers(): Officers {
    return this.office.officers ?? trainingOfficers
  }

  get pin(): string {
    if (this.#officer === undefined) throw new Error('nobody is signed in at this desk')
    return this.#officers[this.#officer].pin
  }

  button(key: string, filled?: Readonly<Record<string, string>>): Locator {
    return this.page.getByRole('button', { name: words(key, filled) })
  }

  tab(key: string): Locator {
    return this.page.getByRole('tab', { name: words(key) })
  }

  dialog(): Locator {
    return this.page.getByRole('dialog').last()
  }

  grid(key: string): Locator {
    return this.page.getByRole('grid', { name: words(key) })
  }

  /** A message that something was done, or went wrong, in the corner of the screen. */
  notice(key: string): Locator {
    return this.page.getByRole('alert').getByText(words(key)).first()
  }

  /** Goes into the training office, which is made by the first who does. */
  async enterTraining(): Promise<void> {
    const choice = this.page.getByRole('button', { name: /^Training office/ })
    const officers = this.page.getByRole('heading', { name: words('sign-in:pick.title') })
    await choice.or(officers).first().waitFor()
    if (await choice.isVisible()) await choice.click()
    await officers.waitFor({ timeout: 60_000 })
  }

  async signIn(officer: TrainingOfficer): Promise<void> {
    const { name, pin } = this.#officers[officer]
    await this.page.getByRole('button', { name }).click()
    await this.page.getByLabel('PIN', { exact: true }).fill(pin)
    await this.button('sign-in:pin.signIn').click()
    await this.officerMenu(officer).waitFor()
    this.#officer = officer
  }

  officerMenu(officer: TrainingOfficer): Locator {
    return this.button('common:officerMenu', { name: this.#officers[officer].name })
  }

  async signOut(): Promise<void> {
    if (this.#officer === undefined) return
    await this.officerMenu(this.#officer).click()
    await this.page.getByRole('menuitem', { name: words('common:signOut') }).click()
    await this.page.getByRole('heading', { name: words('sign-in:pick.title') }).waitFor()
    this.#officer = undefined
  }

  /** By the address, as a link from elsewhere would. */
  async goTo(address: string): Promise<void> {
    await this.page.evaluate((hash) => {
      location.hash = hash
    }, `#${address}`)
  }

  /** By the rail. */
  async goToSection(section: string): Promise<void> {
    await this.page.getByRole('link', { name: words(`navigation:${section}`) }).click()
    await this.page.getByRole('heading', { level: 1 }).waitFor()
  }

  /** Where the page is, below the office's own address. */
  address(): string {
    return new URL(this.page.url()).hash.slice(1)
  }

  /** The training ribbon's switch. */
  async cutLine(cut: boolean): Promise<void> {
    const line = this.page.getByRole('switch', {
      name: words(cut ? 'common:training.cutLine' : 'common:training.restoreLine'),
    })
    await line.click()
    await this.page
      .getByRole('switch', { name: words(cut ? 'common:training.restoreLine' : 'common:training.cutLine') })
      .waitFor()
  }

  /** Gives the PIN that a dialog asks for and waits until the dialog is satisfied. */
  async confirmWithPin(): Promise<void> {
    const dialog = this.page
      .getByRole('dialog')
      .filter({ has: this.page.locator('input[type="password"]') })
      .last()
    await dialog.locator('input[type="password"]').fill(this.pin)
    await dialog.locator('button[type="submit"]').click()
    await dialog.waitFor({ state: 'hidden', timeout: 60_000 })
  }

  async chooseLanguage(language: 'en' | 'ar'): Promise<void> {
    if (this.#officer === undefined) throw new Error('nobody is signed in at this desk')
    await this.page.getByRole('banner').getByRole('button', { name: this.#officers[this.#officer].name }).click()
    await this.page.getByRole('menuitem', { name: language === 'ar' ? 'العربية' : 'English' }).click()
    await this.page.locator(`html[lang="${language}"]`).waitFor({ state: 'attached' })
    await this.page.keyboard.press('Escape')
  }

  /** The office's API as the officer at this desk. */
  openApi(): ReturnType<typeof openOfficeApi> {
    return openOfficeApi(this.context, this.office.origin)
  }

  close(): Promise<void> {
    return this.context.close()
  }
}
