import { expect, type Page } from '@playwright/test'

/** Keeps the calls of one procedure from reaching the office until they are let go. */
export class HeldCalls {
  readonly #path: string
  #waiting: (() => void)[] | undefined

  /** @param path of the procedure: `replica.push` */
  constructor(path: string) {
    this.#path = JSON.stringify(path)
  }

  /** Before the page is opened. */
  async watch(page: Page): Promise<void> {
    await page.routeWebSocket('**/api', (line) => {
      const server = line.connectToServer()
      line.onMessage((message) => {
        if (this.#waiting !== undefined && String(message).includes(this.#path)) {
          this.#waiting.push(() => server.send(message))
        } else server.send(message)
      })
    })
  }

  hold(): void {
    this.#waiting = []
  }

  /** A call is on its way. */
  async caught(): Promise<void> {
    await expect.poll(() => this.#waiting?.length ?? 0).toBeGreaterThan(0)
  }

  letGo(): void {
    for (const send of this.#waiting ?? []) send()
    this.#waiting = undefined
  }
}
