import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright'
import { buildIfStale } from '../../electron/fresh-build.ts'
import { findChromium } from '../e2e/chromium.ts'
import { startOffice } from '../e2e/office.ts'
import { trainingOfficers } from '../e2e/pages/desk.ts'
import { words } from '../e2e/pages/words.ts'
import { against, type BenchLine, median } from './bench-line.ts'
import { furnishedOffice } from './furnished-office.ts'
import { quickHand, type Strokes } from './start/quick-hand.ts'

const REGISTRANTS = 200_000
const RUNS = 5
const WITHIN = 2_000

/**
 * From the start of the office's process to the first row of the list of registrants after sign-in. In it: the process, the
 * store, the built-in payment system, the page, the choice of the officer, the PIN's key (slow on purpose), home, and the
 * list. Not in it: the launch of a browser that is not ours, which waits on an empty page, and the officer's own time: a hand
 * within the page takes each step in the moment it can be taken.
 */
export async function run(): Promise<readonly BenchLine[]> {
  if (!buildIfStale(fileURLToPath(new URL('../..', import.meta.url)), (sentence) => console.error(sentence))) {
    throw new Error('the office could not be built')
  }
  const { data } = await furnishedOffice(REGISTRANTS)
  const { executablePath, args, env } = await findChromium()
  const starts: Record<string, number>[] = []
  for (let turn = 0; turn < RUNS; turn += 1) {
    // A browser of its own for each start: nothing of the last one is remembered.
    const browser = await chromium.launch({ executablePath, args: [...args], env: { ...process.env, ...env } as never })
    try {
      starts.push(await startOnce(browser, data))
    } finally {
      await browser.close()
    }
  }
  for (const step of Object.keys(starts[0] ?? {})) {
    process.stderr.write(`  ${step}: ${Math.round(median(starts.map((laps) => laps[step] ?? 0)))} ms\n`)
  }
  const whole = starts.map((laps) => Object.values(laps).reduce((sum, lap) => sum + lap, 0))
  return [against('start', median(whole), 'ms', { what: 'limit', value: WITHIN })]
}

async function startOnce(browser: Browser, data: string): Promise<Record<string, number>> {
  const page = await browser.newPage({ locale: 'en-GB', reducedMotion: 'reduce' })
  const { name, pin } = trainingOfficers.clerk
  const strokes: Strokes = {
    officer: name,
    pin,
    signIn: words('sign-in:pin.signIn').source,
    list: words('navigation:registrants').source,
  }
  await page.addInitScript(quickHand, strokes)
  const begun = performance.timeOrigin + performance.now()
  const office = await startOffice({ data })
  const listening = performance.timeOrigin + performance.now()
  try {
    await page.goto(office.url, { waitUntil: 'commit' })
    await page.waitForFunction(() => globalThis.handTook?.row !== undefined)
    const took = await page.evaluate(() => globalThis.handTook)
    if (took?.row === undefined) throw new Error('the hand did not come to the list')
    return {
      'the door listens': listening - begun,
      'the page begins': took.page - listening,
      'an officer can be chosen': took.officer - took.page,
      'the PIN is typed': took.pin - took.officer,
      'signed in': took.list - took.pin,
      'the first row': took.row - took.list,
    }
  } finally {
    await office.close()
  }
}
