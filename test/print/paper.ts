import type { Page } from 'playwright'

declare global {
  interface Window {
    /** What the page sends to a printer that is held. */
    printer?: { asked: boolean; done: boolean }
  }
}

/** From now on the page's printer takes its time: what goes on paper stays laid out until {@link takePaper}. */
export async function holdPrinter(page: Page): Promise<void> {
  await page.evaluate(() => {
    if (window.printer !== undefined) return
    const printer = { asked: false, done: false }
    window.printer = printer
    window.print = () => {
      printer.asked = true
    }
    // Chromium says so while it makes the PDF, and the page would clear away what is not yet on paper.
    window.addEventListener('afterprint', (event) => {
      if (!printer.done) event.stopImmediatePropagation()
    })
  })
}

/** Waits until the page has sent something to its printer. @returns it as a PDF, A4 */
export async function takePaper(page: Page): Promise<Uint8Array> {
  await page.waitForFunction(() => window.printer?.asked)
  const pdf = await page.pdf({ format: 'A4' })
  await page.evaluate(() => {
    if (window.printer === undefined) return
    window.printer.done = true
    window.dispatchEvent(new Event('afterprint'))
    Object.assign(window.printer, { asked: false, done: false })
  })
  return pdf
}
