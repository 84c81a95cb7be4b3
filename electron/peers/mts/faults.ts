import { z } from 'zod'
import { seededRandom } from '../payment-system/seeded-random.ts'

const requestFaults = ['cut-before', 'cut-after', 'status', 'delay'] as const
/** What can go wrong with what was accepted. */
export const batchFaults = [
  'refuse-all',
  'forget',
  'lose-rest',
  'lose-some',
  'twice',
  'late',
  'shuffle',
  'empty',
  'null-token',
  'other-vid',
  'earlier-too',
  'unreachable',
] as const

/** Something that goes wrong. */
export const MtsFault = z.object({
  /**
   * With a request: `cut-before` (the connection ends, nothing was done), `cut-after` (done, no answer), `status` (that status,
   * nothing was done), `delay`.
   *
   * With what was accepted: `refuse-all` (no record is valid), `forget` (gone before it is delivered), `lose-rest` (the first
   * `count` are delivered), `lose-some` (about half), `twice`, `late` (after `delay`), `shuffle`, `empty` (the format gives
   * nothing), `null-token` (`processed` without a token), `other-vid` (each is answered with its neighbour's VID and token),
   * `earlier-too` (what an earlier request got comes once more with this one's), `unreachable` (the ID system is).
   */
  do: z.enum([...requestFaults, ...batchFaults]),
  /** A regular expression over method, a space and the path; undefined for all. Of requests alone. */
  path: z.string().optional(),
  status: z.int().min(400).max(599).default(500),
  /** Milliseconds. */
  delay: z.int().min(0).default(0),
  count: z.int().min(0).default(1),
  /** Fitting ones that pass unharmed before it begins. */
  skip: z.int().min(0).default(0),
  /** How many it meets; null until told otherwise. */
  times: z.int().min(1).nullable().default(1),
  /** Of meeting a fitting one. */
  probability: z.number().min(0).max(1).default(1),
})
export type MtsFault = z.infer<typeof MtsFault>
export type MtsFaultInput = z.input<typeof MtsFault>

interface Standing {
  readonly fault: MtsFault
  readonly path: RegExp | undefined
  skip: number
  left: number | null
}

const isOfRequests = ({ do: kind }: MtsFault): boolean => requestFaults.some((known) => known === kind)

/** What goes wrong next. The first fault that fits meets it. */
export class MtsFaults {
  #standing: Standing[] = []
  readonly random: () => number
  /** How often each kind has struck. */
  readonly met: Partial<Record<MtsFault['do'], number>> = {}

  constructor(seed: number) {
    this.random = seededRandom(seed)
  }

  add(...faults: readonly MtsFaultInput[]): void {
    for (const given of faults) {
      const fault = MtsFault.parse(given)
      const path = fault.path === undefined ? undefined : new RegExp(fault.path)
      this.#standing.push({ fault, path, skip: fault.skip, left: fault.times })
    }
  }

  clear(): void {
    this.#standing = []
  }

  /** The fault that meets a request. */
  ofRequest(method: string, path: string): MtsFault | undefined {
    return this.#take((standing) => isOfRequests(standing.fault) && (standing.path?.test(`${method} ${path}`) ?? true))
  }

  /** The fault that meets what was accepted. */
  ofBatch(): MtsFault | undefined {
    return this.#take(({ fault }) => !isOfRequests(fault))
  }

  #take(fits: (standing: Standing) => boolean): MtsFault | undefined {
    for (const standing of this.#standing) {
      const { fault } = standing
      if (!fits(standing) || (fault.probability < 1 && this.random() >= fault.probability)) continue
      if (standing.skip > 0) {
        standing.skip -= 1
        continue
      }
      if (standing.left !== null) standing.left -= 1
      if (standing.left === 0) this.#standing = this.#standing.filter((other) => other !== standing)
      this.met[fault.do] = (this.met[fault.do] ?? 0) + 1
      return fault
    }
    return undefined
  }
}
