import { z } from 'zod'
import { seededRandom } from '../payment-system/seeded-random.ts'

/** Something that goes wrong with requests. */
export const FaultRule = z.object({
  /** `PUT`; undefined for all. */
  method: z.string().optional(),
  /** A regular expression over path and query; undefined for all. */
  path: z.string().optional(),
  /**
   * `cut-before`: the connection ends, nothing was done. `cut-after`: it was done, no answer. `cut-within`: half of the
   * answer. `status`: this status, nothing was done. `quorum-missed`: a write is answered 202 instead of 201. `delay`.
   * `hold-before`, `hold-after`: as `delay`, before or after it was done, and the summary names it meanwhile.
   */
  do: z.enum([
    'cut-before',
    'cut-after',
    'cut-within',
    'status',
    'quorum-missed',
    'delay',
    'hold-before',
    'hold-after',
  ]),
  status: z.int().min(400).max(599).default(500),
  /** Seconds for the header of that name. */
  retryAfter: z.int().min(0).nullable().default(null),
  /** Milliseconds. */
  delay: z.int().min(0).default(0),
  /** Fitting requests that pass unharmed before it begins. */
  skip: z.int().min(0).default(0),
  /** How many requests it meets; null until told otherwise. */
  times: z.int().min(1).nullable().default(1),
  /** Of meeting a fitting request. */
  probability: z.number().min(0).max(1).default(1),
})
export type FaultRule = z.infer<typeof FaultRule>
export type FaultRuleInput = z.input<typeof FaultRule>

interface Standing {
  readonly rule: FaultRule
  readonly path: RegExp | undefined
  skip: number
  left: number | null
}

/** What goes wrong next. The first rule that fits a request meets it. */
export class Faults {
  #standing: Standing[] = []
  readonly #random: () => number
  /** How many requests each kind has met. */
  readonly met: Partial<Record<FaultRule['do'], number>> = {}

  constructor(seed: number) {
    this.#random = seededRandom(seed)
  }

  add(...rules: readonly FaultRuleInput[]): void {
    for (const given of rules) {
      const rule = FaultRule.parse(given)
      const path = rule.path === undefined ? undefined : new RegExp(rule.path)
      this.#standing.push({ rule, path, skip: rule.skip, left: rule.times })
    }
  }

  clear(): void {
    this.#standing = []
  }

  /** The fault that meets a request. */
  take(method: string, url: string): FaultRule | undefined {
    for (const standing of this.#standing) {
      const { rule, path } = standing
      if (rule.method !== undefined && rule.method !== method) continue
      if (path !== undefined && !path.test(url)) continue
      if (rule.probability < 1 && this.#random() >= rule.probability) continue
      if (standing.skip > 0) {
        standing.skip -= 1
        continue
      }
      if (standing.left !== null) standing.left -= 1
      if (standing.left === 0) this.#standing = this.#standing.filter((other) => other !== standing)
      this.met[rule.do] = (this.met[rule.do] ?? 0) + 1
      return rule
    }
    return undefined
  }
}
