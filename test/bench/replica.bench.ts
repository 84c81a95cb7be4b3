import { against, type BenchLine, median } from './bench-line.ts'
import { fillInBrowser } from './replica/fill-in-browser.ts'

/** Of the longest time in which a screen may not answer. */
const LONGEST_BLOCK = 50
const USABLE_WITHIN = 1_000
const RUNS = 3

/** Fills the replica with 10,000 sealed documents in a real browser, against bare Dexie with the same ones in clear. */
export async function run(): Promise<BenchLine[]> {
  const figures = await fillInBrowser(RUNS)
  const middle = (of: (figure: (typeof figures)[number]) => number): number => median(figures.map(of))
  const documents = figures[0]?.documents ?? 0
  return [
    against(
      'replica-fill',
      middle(({ fill }) => fill),
      'ms',
      {
        what: `bare Dexie, the same ${documents} documents in clear`,
        value: middle(({ bare }) => bare),
      },
    ),
    against(
      'replica-fill-longest-block',
      middle(({ gap }) => gap),
      'ms',
      {
        what: 'limit of the main thread',
        value: LONGEST_BLOCK,
      },
    ),
    against(
      'replica-first-payment',
      middle(({ firstDocument }) => firstDocument),
      'ms',
      {
        what: 'limit for the first document on hand',
        value: USABLE_WITHIN,
      },
    ),
  ]
}
