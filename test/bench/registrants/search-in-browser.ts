import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright'
import { findChromium } from '../../e2e/chromium.ts'
import { bundle } from '../replica/fill-in-browser.ts'
import type { DexieFigures } from './search-page.ts'

/** Fills RxDB on Dexie in a real browser with as many registrants as come in within the time limit, and asks it for lists. */
export async function searchInBrowser(registrants: number): Promise<DexieFigures> {
  const script = await bundle(fileURLToPath(new URL('./search-page.ts', import.meta.url)))
  const page =
    '<!doctype html><html lang="en"><title>Search</title><script type="module" src="/page.js"></script></html>'
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js'
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' })
    response.end(isScript ? script : page)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const { executablePath, args, env } = await findChromium()
  const browser = await chromium.launch({ executablePath, args: [...args], env: { ...process.env, ...env } as never })
  try {
    const tab = await browser.newPage()
    await tab.goto(`http://127.0.0.1:${port}/`)
    await tab.waitForFunction(() => 'searchDexie' in window)
    return await tab.evaluate((count) => window.searchDexie(count), registrants)
  } finally {
    await browser.close()
    server.close()
  }
}
