/** What the hand presses and types; the buttons' words are patterns, as the screens have them. */
export interface Strokes {
  readonly officer: string
  readonly pin: string
  readonly signIn: string
  readonly list: string
}

/** When the hand took each step, in epoch milliseconds; `row` is the first row of the list. */
export interface HandTook {
  readonly page: number
  officer: number
  pin: number
  list: number
  row?: number
}

declare global {
  var handTook: HandTook | undefined
}

/** Runs in the page before anything else: presses and types in the moment that what it needs stands there. */
export function quickHand({ officer, pin, signIn, list }: Strokes): void {
  const now = (): number => performance.timeOrigin + performance.now()
  const took: HandTook = { page: performance.timeOrigin, officer: 0, pin: 0, list: 0 }
  globalThis.handTook = took
  const withText = (tag: string, pattern: string): HTMLElement | undefined =>
    [...document.querySelectorAll<HTMLElement>(tag)].find((one) => new RegExp(pattern).test(one.textContent ?? ''))

  /** Each gives whether it could be taken. */
  const steps: readonly (() => boolean)[] = [
    () => {
      const choice = withText('button', officer)
      if (choice === undefined) return false
      took.officer = now()
      choice.click()
      return true
    },
    () => {
      const field = document.querySelector<HTMLInputElement>('input[type="password"]')
      if (field === null) return false
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, pin)
      field.dispatchEvent(new InputEvent('input', { bubbles: true }))
      return true
    },
    () => {
      const button = withText('button[type="submit"]:not(:disabled)', signIn)
      if (button === undefined) return false
      took.pin = now()
      button.click()
      return true
    },
    () => {
      const link = withText('nav a', list)
      if (link === undefined) return false
      took.list = now()
      link.click()
      return true
    },
    () => {
      const cells = [...document.querySelectorAll('[role="grid"] [role="gridcell"]')]
      // Cells without words hold the place of rows that are not there yet.
      if (!cells.some((cell) => cell.textContent?.trim())) return false
      // What React wrote is on the screen with the next frame.
      requestAnimationFrame(() => {
        took.row = now()
      })
      return true
    },
  ]
  let next = 0
  const look = (): void => {
    if (steps[next]?.() === true) next += 1
    if (next === steps.length) watch.disconnect()
  }
  const watch = new MutationObserver(look)
  watch.observe(document, { childList: true, subtree: true, attributes: true })
}
