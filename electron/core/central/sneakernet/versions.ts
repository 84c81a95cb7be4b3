import type { PaymentState } from '../../../../shared/model/payment.ts'

/** Not on their way yet: of these the later plan counts, whoever made it. */
const PLANNED: ReadonlySet<unknown> = new Set<PaymentState>(['prepared', 'blocked', 'queued'])

interface Plan {
  readonly state?: unknown
  readonly changedAt?: unknown
}

/** The later of two plans of a payment; undefined when one of them is on its way or at its end. */
export function laterPlan(mine: object, theirs: object): 'mine' | 'theirs' | undefined {
  const [one, other] = [mine as Plan, theirs as Plan]
  if (!PLANNED.has(one.state) || !PLANNED.has(other.state)) return undefined
  return String(other.changedAt) > String(one.changedAt) ? 'theirs' : 'mine'
}

/** The installation that made a moment. */
export const makerOf = (moment: string): string => moment.slice(moment.lastIndexOf('-') + 1)

/** What one office wrote later came from what it wrote earlier. */
export const isEarlierOfSameMaker = (moment: string, other: string): boolean =>
  moment < other && makerOf(moment) === makerOf(other)
