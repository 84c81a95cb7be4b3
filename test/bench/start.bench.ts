import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright'
import { buildIfStale } from '../../electron/fresh-build.ts'
import { findChromium } from '../e2e/chromium.ts'
import { startOffice } from '../e2e/office.ts'
import { trainingOfficers } from '../e2e/pages/desk.ts'
import { words } from '../e2e/pages/words.ts'
import { against, type BenchLine, median } from './bench-line.ts'
import { furnishedOffice } from './furnished-office.ts'

const REGISTRANTS = 200_000
const RUNS = 5
const WITHIN = 2_000

/**
 * From the start of the office's process to the first row of the list of registrants after sign-in. In it: the process, the
 * store, the built-in payment system, the launch of a browser once the door listens, the page, the choice of the officer,
 * the PIN's key (slow on purpose), home, and the list. The script types the PIN at once.
 */
export async function run(): Promise<readonly BenchLine[]> {
  if (!buildIfStale(fileURLToPath(new URL('../..', import.meta.url)), (sentence) => console.error(sentence))) {
    throw new Error('the office could not be built')
  }
  const { data } = await furnishedOffice(REGISTRANTS)
  const whole: number[] = []
  const steps: Record<string, number>[] = []
  for (let turn = 0; turn < RUNS; turn += 1) {
    const laps = await startOnce(data)
    steps.push(laps)
    whole.push(Object.values(laps).reduce((sum, lap) => sum + lap, 0))
  }
  for (const step of Object.keys(steps[0] ?? {})) {
    process.stderr.write(`  ${step}: ${Math.round(median(steps.map((laps) => laps[step] ?? 0)))} ms\n`)
  }
  return [against('start', median(whole), 'ms', { what: 'limit', value: WITHIN })]
}

async function startOnce(data: string): Promise<Record<string, number>> {
  const { executablePath, args, env } = await findChromium()
  const laps: Record<string, number> = {}
  let last = performance.now()
  const lap = (step: string): void => {
    const now = performance.now()
    laps[step] = now - last
    last = now
  }
  const office = await startOffice({ data })
  lap('the door listens')
  const browser = await chromium.launch({ executablePath, args: [...args], env: { ...process.env, ...env } as never })
  const page = await browser.newPage({ locale: 'en-GB', reducedMotion: 'reduce' })
  lap('the browser is there')
  try {
    await page.goto(`${office.url}`)
    const { name, pin } = trainingOfficers.clerk
    await page.getByRole('button', { name }).click()
    lap('an officer is chosen')
    await page.getByLabel('PIN', { exact: true }).fill(pin)
    await page.getByRole('button', { name: words('sign-in:pin.signIn') }).click()
    await page.getByRole('link', { name: words('navigation:registrants') }).click()
    lap('signed in, and to the list')
    await page.locator('[role="grid"] [role="gridcell"]').first().waitFor()
    lap('the first row')
    return laps
  } finally {
    await browser.close()
    await office.close()
  }
}
