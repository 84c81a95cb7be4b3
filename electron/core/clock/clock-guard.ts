import type { Fault } from '../../../shared/contract/result.ts'
import type { Moment } from '../../../shared/model/record.ts'
import type { ServerDate } from '../http/http.ts'
import { momentMilliseconds } from './hybrid-clock.ts'
import type { OfficeTime } from './office-time.ts'

/** More than this between our clock and that of the servers we talk to: milliseconds. */
const LARGEST_SKEW = 5 * 60_000
/** Clocks are corrected by parts of a second all the time; that is no jump. */
const TOLERATED_STEP_BACK = 2_000

interface Learnt {
  readonly offset: number
  readonly uncertainty: number
  readonly now: number
  readonly elapsed: number
}

/** Whether the machine's clock can be trusted with the date of a payment. */
export class ClockGuard {
  readonly #time: Pick<OfficeTime, 'now' | 'elapsed'>
  readonly #lastMoment: () => Moment | undefined
  #learnt: Learnt | undefined

  /** @param lastMoment the moment of the newest audit entry */
  constructor(time: Pick<OfficeTime, 'now' | 'elapsed'>, lastMoment: () => Moment | undefined) {
    this.#time = time
    this.#lastMoment = lastMoment
  }

  learn({ offset, uncertainty }: Pick<ServerDate, 'offset' | 'uncertainty'>): void {
    this.#learnt = { offset, uncertainty, now: this.#time.now(), elapsed: this.#time.elapsed() }
  }

  /** Their clock minus ours at this moment, in milliseconds; undefined before anybody told. Follows jumps of our clock. */
  findSkew(): number | undefined {
    if (this.#learnt === undefined) return undefined
    const { offset, now, elapsed } = this.#learnt
    const jumped = this.#time.now() - now - (this.#time.elapsed() - elapsed)
    return offset - jumped
  }

  /**
   * Why nothing may be sent: the clock is more than five minutes off, or behind the newest audit entry while nobody
   * outside has confirmed it (a clock that ran ahead and was put right is confirmed by the next reply).
   */
  findFault(): Fault | undefined {
    const skew = this.findSkew()
    if (skew !== undefined) {
      const certain = Math.abs(skew) - (this.#learnt?.uncertainty ?? 0)
      return certain > LARGEST_SKEW
        ? { code: 'clock.skewed', params: { minutes: Math.round(Math.abs(skew) / 60_000) } }
        : undefined
    }
    const last = this.#lastMoment()
    const behind = last === undefined ? 0 : momentMilliseconds(last) - this.#time.now()
    return behind > TOLERATED_STEP_BACK
      ? { code: 'clock.behind', params: { minutes: Math.max(1, Math.round(behind / 60_000)) } }
      : undefined
  }
}
