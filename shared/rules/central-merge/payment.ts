import type { PaymentState } from '../../model/payment.ts'
import { mergeFlag } from './fields.ts'
import { areSame, type Fields, type Outcome, onlyChanged, type Side, stable, take, type Versions } from './versions.ts'

/** How far on a payment is. */
const PAYMENT: Readonly<Record<PaymentState, number>> = {
  prepared: 0,
  blocked: 0,
  queued: 1,
  cancelled: 2,
  sent: 3,
  unknown: 4,
  acknowledged: 4,
  paid: 5,
  rejected: 5,
  reversed: 6,
  review: 7,
}
/** From these a payment only goes on to others of them, since money may have moved. */
const SETTLED_STATES = ['paid', 'rejected', 'reversed', 'review'] as const satisfies readonly PaymentState[]
const SETTLED: ReadonlySet<unknown> = new Set<PaymentState>(SETTLED_STATES)
/** The central server keeps the batch, payee and sum of these as they were when it first heard of them so. */
const LEFT: ReadonlySet<unknown> = new Set<PaymentState>(['sent', 'acknowledged', 'unknown', ...SETTLED_STATES])
/** A payment that has not left: where it would go can still change. */
const NOT_ON_ITS_WAY: ReadonlySet<unknown> = new Set<PaymentState>(['prepared', 'blocked', 'cancelled'])
const PROGRESS = [
  'state',
  'reasonCode',
  'reasonText',
  'reasonParams',
  'amountPaid',
  'theirReference',
  'stateAt',
] as const
const IDENTITY = ['id', 'entitlementId', 'attempt'] as const

/** The payment system said that it paid, and that it never did. */
const contradict = (one: unknown, other: unknown): boolean =>
  [one, other].includes('rejected') && [one, other].some((state) => state === 'paid' || state === 'reversed')

const CONTRADICTION = { reasonCode: 'payment.contradiction', reasonText: '', reasonParams: {} }

/** By the moment of the state, which goes with it into every merge; the record's own may be of another field. */
function laterProgress({ mine, theirs, later }: Versions): Side {
  if (areSame(PROGRESS, mine, theirs)) return later
  const order = ({ stateAt, ...side }: Fields): string => {
    const said = stable(PROGRESS.map((field) => side[field] ?? null))
    return `${String(stateAt)} ${said}`
  }
  return order(mine) > order(theirs) ? 'mine' : 'theirs'
}

/** What left in one batch can be under review in another office's batch of the same people: it stays that of the server. */
const isBound = ({ theirs, atServer }: Versions, { values }: Outcome): boolean =>
  atServer === 'theirs' && LEFT.has(theirs.state) && LEFT.has(values.state)

/** The plan of a payment, its progress, and whether it is held; what the two contradict goes under review (I4). */
export function mergePayment(versions: Versions, fields: readonly string[], outcome: Outcome): void {
  const { base, mine, theirs, later } = versions
  const held = mergeFlag(versions, 'held')
  const rest = new Set<string>([...PROGRESS, ...IDENTITY, 'held'])
  const plan = fields.filter((field) => !rest.has(field))

  const only = areSame(PROGRESS, mine, theirs) ? undefined : onlyChanged(versions, PROGRESS)
  const isBackwards = (to: Fields, from: Fields): boolean =>
    !SETTLED.has(to.state) && (SETTLED.has(from.state) || (from.state === 'cancelled' && to.state !== 'cancelled'))
  const free = only !== undefined && !isBackwards(versions[only], versions[only === 'mine' ? 'theirs' : 'mine'])
  const ahead = PAYMENT[mine.state as PaymentState] - PAYMENT[theirs.state as PaymentState]
  const joined: Side = ahead === 0 ? laterProgress(versions) : ahead > 0 ? 'mine' : 'theirs'
  const winner: Side = free ? only : joined
  take(outcome, versions[winner], PROGRESS)
  if (!free && contradict(mine.state, theirs.state)) {
    const reference = [mine, theirs]
      .map((side) => String(side.theirReference))
      .sort()
      .at(-1)
    const paid = [mine, theirs].map(({ amountPaid }) => amountPaid as number | null).filter((sum) => sum !== null)
    Object.assign(outcome.values, CONTRADICTION, {
      state: 'review',
      amountPaid: paid.length === 0 ? null : Math.max(...paid),
      theirReference: reference,
      stateAt: versions[later].stateAt,
    })
    outcome.ruled.add('state')
  }
  if (only !== undefined && !free) outcome.ruled.add('state')

  const planner = onlyChanged(versions, plan)
  const whose = isBound(versions, outcome)
    ? 'theirs'
    : NOT_ON_ITS_WAY.has(outcome.values.state)
      ? (planner ?? winner)
      : winner
  take(outcome, versions[whose], plan)
  // A plan that only one side changed gives way to what is on its way already.
  const isOvertaken = planner !== undefined && planner !== whose && !areSame(plan, mine, theirs)
  if (isOvertaken && base !== undefined) outcome.ruled.add('payeeAddress')
  if (mine.amount !== theirs.amount && onlyChanged(versions, ['amount']) !== whose) outcome.ruled.add('amount')

  outcome.values.held = held
  // Why it is held goes with the mark.
  const holder = [versions[winner], versions[winner === 'mine' ? 'theirs' : 'mine']].find((side) => side.held === held)
  if (held && versions[winner].held !== true && outcome.values.reasonCode === '' && holder !== undefined) {
    outcome.values.reasonCode = holder.reasonCode
    outcome.values.reasonParams = holder.reasonParams
  }
}
