import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { inBrowser } from '../../bench/replica/fill-in-browser.ts'

const entry = fileURLToPath(new URL('./keeper-page.ts', import.meta.url))

async function ready(page: Page): Promise<void> {
  await page.waitForFunction(() => 'keeperPage' in window)
}

test('in a real browser: kept over a reload, made anew when corrupt, newer or gone; nothing contacts the outside', async () => {
  await inBrowser(entry, async (browser, url) => {
    for (const how of ['text', 'version', 'gone'] as const) {
      const context = await browser.newContext()
      const page = await context.newPage()
      const asked: string[] = []
      page.on('request', (request) => asked.push(request.url()))
      await page.goto(url)
      await ready(page)
      expect(await page.evaluate(() => window.keeperPage.open())).toEqual({ name: 'Almaz Tessema', rebuilds: 0 })
      await page.reload()
      await ready(page)
      expect(await page.evaluate(() => window.keeperPage.open())).toEqual({ name: 'Almaz Tessema', rebuilds: 0 })

      await page.reload()
      await ready(page)
      await page.evaluate((way) => window.keeperPage.spoil(way), how)
      const opened = await page.evaluate(() => window.keeperPage.open())
      expect(opened.name).toBe('Almaz Tessema')
      expect(await page.evaluate(() => window.keeperPage.lost())).toBe(0)

      // Under the hands of the page, too.
      await page.evaluate(() => window.keeperPage.spoil('gone'))
      expect(await page.evaluate(() => window.keeperPage.read())).toBe('Almaz Tessema')
      expect(asked.filter((address) => !address.startsWith(url))).toEqual([])
      expect(page.frames()).toHaveLength(1)
      await context.close()
    }
  })
}, 180_000)

test('an edit that had not reached the office is told as lost when the browser lost it', async () => {
  await inBrowser(entry, async (browser, url) => {
    const page = await browser.newPage()
    await page.goto(url)
    await ready(page)
    await page.evaluate(() => {
      localStorage.setItem(
        'field-office.replica.unpushed',
        JSON.stringify({ 'office-replica_0b5e1c1e-0000-4000-8000-000000000001_0_0': 2 }),
      )
    })
    await page.evaluate(() => window.keeperPage.open())
    expect(await page.evaluate(() => window.keeperPage.lost())).toBe(2)
  })
}, 120_000)
