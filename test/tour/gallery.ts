import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Desk } from '../e2e/pages/desk.ts'
import { rootKeys, words } from '../e2e/pages/words.ts'

const variants = ['light', 'dark', 'narrow'] as const
type Variant = (typeof variants)[number]

interface Blemish {
  readonly picture: string
  readonly what: string
}

/** Pictures of every screen, and what a machine can see to be wrong with them. */
export class Gallery {
  readonly folder: string
  readonly pictures: string[] = []
  readonly blemishes: Blemish[] = []

  constructor(folder: string) {
    this.folder = folder
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
  }

  /** Takes what the desk shows now, as it stands, in light, in dark and on a narrow window. */
  async take(desk: Desk, name: string, wanted: readonly Variant[] = variants): Promise<void> {
    for (const variant of wanted) {
      await dress(desk, variant)
      await this.#shoot(desk, `${name}-${variant}`)
    }
    await dress(desk, 'light')
  }

  /** Takes a screen in Arabic; the desk has been turned to Arabic before. */
  async takeArabic(desk: Desk, name: string): Promise<void> {
    await this.#shoot(desk, `${name}-arabic`)
    await dress(desk, 'narrow')
    await this.#shoot(desk, `${name}-arabic-narrow`)
    await dress(desk, 'light')
  }

  async #shoot(desk: Desk, picture: string): Promise<void> {
    const { page } = desk
    const unfinished = page
      .locator('[aria-busy="true"]')
      .or(page.getByText(words('common:loading')))
      .or(page.getByText(words('common:loading', {}, 'ar')))
    await unfinished
      .first()
      .waitFor({ state: 'detached', timeout: 10_000 })
      .catch(() => this.blemishes.push({ picture, what: 'it was still loading after ten seconds' }))
    await page.screenshot({ path: join(this.folder, `${picture}.png`), animations: 'disabled' })
    this.pictures.push(`${picture}.png`)
    const { overflow, widest, text } = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement
      const beyond = [...document.body.querySelectorAll('*')].filter((element) => {
        const { left, right, width } = element.getBoundingClientRect()
        return width > 0 && (left < -1 || right > clientWidth + 1)
      })
      const name = ({ tagName, className }: Element): string =>
        `${tagName.toLowerCase()} "${String(className).slice(0, 80)}"`
      return {
        overflow: scrollWidth - clientWidth,
        widest: beyond.slice(0, 3).map(name),
        text: document.body.innerText,
      }
    })
    if (overflow > 0) {
      this.blemishes.push({ picture, what: `${overflow} pixels wider than its window, by ${widest.join(', ')}` })
    }
    const keys = [...text.matchAll(/\b([a-z][A-Za-z]+)(?:\.[a-z][A-Za-z0-9-]+)+\b/g)].filter(
      ([token, first]) => rootKeys().has(first ?? '') && !/\.(csv|example\.org)$/.test(token),
    )
    for (const [key] of keys) this.blemishes.push({ picture, what: `"${key}" is a key, not a sentence` })
  }
}

async function dress({ page }: Desk, variant: Variant): Promise<void> {
  await page.emulateMedia({ colorScheme: variant === 'dark' ? 'dark' : 'light', reducedMotion: 'reduce' })
  await page.setViewportSize(variant === 'narrow' ? { width: 390, height: 844 } : { width: 1360, height: 860 })
  // One frame for the layout, one for what measures itself.
  await page.evaluate(
    () => new Promise<void>((done) => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
  )
}
