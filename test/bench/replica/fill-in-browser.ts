import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright'
import { build } from 'vite'
import { findChromium } from '../../e2e/chromium.ts'
import { fullReplica } from './documents.ts'
import type { FillFigures } from './fill-page.ts'

/** Builds the page that fills a replica as the office's screens are built, and opens it in a real browser. */
export function fillInBrowser(runs: number): Promise<FillFigures[]> {
  return inBrowser(fileURLToPath(new URL('./fill-page.ts', import.meta.url)), async (browser, url) => {
    const figures: FillFigures[] = []
    for (let run = 0; run < runs; run += 1) {
      // A context of its own: empty databases each time.
      const context = await browser.newContext()
      const tab = await context.newPage()
      await tab.goto(url)
      await tab.waitForFunction(() => 'fillReplica' in window)
      figures.push(await tab.evaluate((documents) => window.fillReplica(documents), fullReplica()))
      await context.close()
    }
    return figures
  })
}

/** Serves a page with the script of `entry` to a real browser while `work` lasts. */
export async function inBrowser<T>(entry: string, work: (browser: Browser, url: string) => Promise<T>): Promise<T> {
  const script = await bundle(entry)
  const page =
    '<!doctype html><html lang="en"><title>Replica</title><script type="module" src="/page.js"></script></html>'
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js'
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' })
    response.end(isScript ? script : page)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const { executablePath, args, env } = await findChromium()
  const browser = await chromium.launch({
    executablePath,
    args: [...args],
    env: { ...(process.env as Record<string, string>), ...env },
  })
  try {
    return await work(browser, `http://127.0.0.1:${port}/`)
  } finally {
    await browser.close()
    server.close()
  }
}

/** @returns the script with everything it imports, minified */
export async function bundle(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: true, target: 'baseline-widely-available', rolldownOptions: { input: entry } },
  })
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((one) => ('output' in one ? one.output : []))
  const script = outputs.find((output) => output.type === 'chunk' && output.isEntry)
  if (script?.type !== 'chunk') throw new Error('the page was not built')
  return script.code
}
