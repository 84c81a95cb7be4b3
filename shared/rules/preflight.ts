import type { PaymentManager } from '../model/payment-manager.ts'
import type { Cycle, Enrolment, Entitlement, Programme } from '../model/programme.ts'
import type { Registrant } from '../model/registrant.ts'
import { addressKey } from './financial-address.ts'
import { plainAmount, sumAmounts } from './money.ts'
import type { Fix, PayeeAnswer } from './payee.ts'
import { type ChannelSettings, channelRules } from './payment-channels.ts'
import { type Reason, reason } from './ruling.ts'

/*
 * Pre-flight: what stands against prepared payments before they are submitted. A payment that is blocked stays out and
 * the rest goes on; a finding that blocks without naming a payment stops them all.
 */

/** One thing found. `fix` is the record whose correction solves it. */
export interface Finding extends Reason {
  readonly severity: 'blocks' | 'warns'
  /** Absent when it concerns all payments together. */
  readonly paymentId?: string
  readonly fix: Fix
}

export interface PreparedPayment {
  readonly paymentId: string
  readonly entitlement: Pick<Entitlement, 'id' | 'state' | 'amount' | 'currency'>
  readonly registrant: Pick<Registrant, 'id' | 'removed' | 'deceasedOn'>
  /** The registrant's enrolment in the programme; null when there is none. */
  readonly enrolment: Pick<Enrolment, 'state' | 'removed'> | null
  readonly payee: PayeeAnswer
}

/** A payment of the same cycle that already stands beside the ones examined and is not cancelled, rejected or reversed. */
export interface StandingPayment {
  readonly entitlementId: string
  readonly registrantId: string
  readonly payeeId: string
  readonly payeeAddress: string
}

export interface PreflightContext {
  readonly programme: Pick<Programme, 'id' | 'state' | 'currency' | 'fund'>
  readonly cycle: Pick<Cycle, 'id' | 'state' | 'ceiling'>
  readonly manager: Pick<PaymentManager, 'id' | 'state'> & ChannelSettings
  readonly standing: readonly StandingPayment[]
  /** Minor units that the programme's other payments, of every cycle, have paid or may still pay. */
  readonly fundUsed: number
  /** The same for the other payments of this cycle. */
  readonly ceilingUsed: number
  /** Amounts of the programme's last paid cycle; when there are too few, those examined are their own measure. */
  readonly earlierAmounts: readonly number[]
}

export interface Preflight {
  readonly findings: readonly Finding[]
  /** Payments that may go on, in the order given; none while something blocks them all. */
  readonly payable: readonly string[]
  readonly blocked: ReadonlySet<string>
  /** Sum of the payments that are not blocked one by one, in minor units. */
  readonly sum: number
}

/** Below this many amounts nothing is "usual". */
const USUAL_SAMPLE = 10
/** More than this many times the median, or less than its part, is worth a look. */
const USUAL_FACTOR = 3

/**
 * The programme's usual amount: the median (lower of the two middle ones). A ratio to the median is asked rather than a
 * spread around it, since most programmes pay everybody the same and their spread is nought.
 */
export function findUsualAmount(amounts: readonly number[]): number | undefined {
  if (amounts.length < USUAL_SAMPLE) return undefined
  return Float64Array.from(amounts).sort()[Math.floor((amounts.length - 1) / 2)]
}

/** Whether an amount is more than three times the usual or less than a third of it. */
export const isUnusual = (amount: number, usual: number): boolean =>
  amount > usual * USUAL_FACTOR || amount * USUAL_FACTOR < usual

/** Counts registrants per person or per address, so that twins show wherever they stand. */
class Sharers {
  private readonly registrants = new Map<string, string | Set<string>>()

  add(key: string, registrantId: string): void {
    const known = this.registrants.get(key)
    if (known === undefined) this.registrants.set(key, registrantId)
    else if (typeof known !== 'string') known.add(registrantId)
    else if (known !== registrantId) this.registrants.set(key, new Set([known, registrantId]))
  }

  count(key: string): number {
    const known = this.registrants.get(key)
    return known === undefined ? 0 : typeof known === 'string' ? 1 : known.size
  }
}

function whyNotEnrolled({ enrolment }: PreparedPayment): Reason | undefined {
  if (enrolment === null || enrolment.removed) return reason('preflight.not-enrolled')
  if (enrolment.state === 'paused') return reason('preflight.enrolment-paused')
  if (enrolment.state === 'exited') return reason('preflight.enrolment-exited')
  return undefined
}

function whyNotPayable(amount: number, currency: string, context: PreflightContext): Reason | undefined {
  const expected = context.programme.currency
  if (currency !== expected) return reason('preflight.currency-mismatch', { currency, expected })
  if (amount === 0) return reason('amount.zero')
  return channelRules[context.manager.kind].findAmountObstacle(amount, currency, context.manager)
}

const whyNotThere = (address: string, { manager }: PreflightContext): Reason | undefined =>
  channelRules[manager.kind].findAddressObstacle(address, manager)

/** What blocks one payment by itself; every reason is listed, so that the officer mends them in one go. */
function blockersOf(payment: PreparedPayment, context: PreflightContext, paidAlready: ReadonlySet<string>): Finding[] {
  const { registrant, entitlement, payee, paymentId } = payment
  const findings: Finding[] = []
  const block = (why: Reason | undefined, fix: Fix) => {
    if (why !== undefined) findings.push({ ...why, severity: 'blocks', paymentId, fix })
  }
  const person: Fix = { kind: 'registrant', id: registrant.id }
  const cycle: Fix = { kind: 'cycle', id: context.cycle.id }
  if (registrant.removed) block(reason('preflight.registrant-removed'), person)
  else if (registrant.deceasedOn !== null) block(reason('preflight.registrant-deceased'), person)
  // A registrant who is dead or removed has no payee either; one reason is enough.
  else if (!payee.ok) block(payee.error, payee.fix)
  else block(whyNotThere(payee.value.address, context), { kind: 'registrant', id: payee.value.registrantId })
  block(whyNotEnrolled(payment), person)
  if (entitlement.state !== 'approved') block(reason('preflight.entitlement-not-approved'), cycle)
  block(whyNotPayable(entitlement.amount, entitlement.currency, context), cycle)
  if (paidAlready.has(entitlement.id)) block(reason('preflight.entitlement-twice'), cycle)
  return findings
}

function blockersOfAll(context: PreflightContext, sum: number): Finding[] {
  const { programme, cycle, manager } = context
  const findings: Finding[] = []
  const block = (why: Reason, fix: Fix) => findings.push({ ...why, severity: 'blocks', fix })
  const ofManager: Fix = { kind: 'manager', id: manager.id }
  const ofProgramme: Fix = { kind: 'programme', id: programme.id }
  const ofCycle: Fix = { kind: 'cycle', id: cycle.id }
  if (manager.state !== 'active') block(reason('preflight.manager-suspended'), ofManager)
  if (programme.state !== 'active') block(reason('preflight.programme-ended'), ofProgramme)
  if (cycle.state !== 'approved') block(reason('preflight.cycle-not-approved'), ofCycle)
  const unfit = channelRules[manager.kind].findSettingsObstacle(manager, programme.currency)
  if (unfit !== undefined) block(unfit, ofManager)
  const money = (minor: number) => plainAmount(minor, programme.currency)
  if (programme.fund !== null && context.fundUsed + sum > programme.fund) {
    const over = context.fundUsed + sum - programme.fund
    block(reason('preflight.fund-exceeded', { over: money(over), fund: money(programme.fund) }), ofProgramme)
  }
  if (cycle.ceiling !== null && context.ceilingUsed + sum > cycle.ceiling) {
    const over = context.ceilingUsed + sum - cycle.ceiling
    block(reason('preflight.ceiling-exceeded', { over: money(over), ceiling: money(cycle.ceiling) }), ofCycle)
  }
  return findings
}

/** What is odd about payments that may go on: one person or address for several registrants, and unusual amounts. */
function warningsOf(payments: readonly PreparedPayment[], context: PreflightContext): Finding[] {
  const persons = new Sharers()
  const addresses = new Sharers()
  for (const { registrantId, payeeId, payeeAddress } of context.standing) {
    if (payeeId !== '') persons.add(payeeId, registrantId)
    if (payeeAddress !== '') addresses.add(addressKey(payeeAddress), payeeId || registrantId)
  }
  const keys = payments.map(({ payee, registrant }) => {
    if (!payee.ok) return ''
    const key = addressKey(payee.value.address)
    persons.add(payee.value.registrantId, registrant.id)
    // One person with one address for two households is said once, by the person.
    addresses.add(key, payee.value.registrantId)
    return key
  })
  const earlier = findUsualAmount(context.earlierAmounts)
  const usual = earlier ?? findUsualAmount(payments.map((payment) => payment.entitlement.amount))

  const findings: Finding[] = []
  for (const [at, { payee, registrant, paymentId, entitlement }] of payments.entries()) {
    const warn = (why: Reason, fix: Fix) => findings.push({ ...why, severity: 'warns', paymentId, fix })
    if (payee.ok) {
      const fix: Fix = { kind: 'registrant', id: payee.value.registrantId }
      const households = persons.count(payee.value.registrantId)
      if (households > 1) warn(reason('preflight.person-twice', { count: households }), fix)
      const owners = addresses.count(keys[at] ?? '')
      if (owners > 1) warn(reason('preflight.address-twice', { count: owners }), fix)
      const { changedOn } = payee.value
      if (changedOn !== undefined) warn(reason('mapper.address-changed', { day: changedOn }), fix)
    }
    if (usual !== undefined && isUnusual(entitlement.amount, usual)) {
      const amounts = {
        amount: plainAmount(entitlement.amount, entitlement.currency),
        usual: plainAmount(usual, context.programme.currency),
      }
      warn(reason('preflight.amount-unusual', amounts), { kind: 'registrant', id: registrant.id })
    }
  }
  return findings
}

/**
 * Examines prepared payments of one cycle. Findings about all payments come first, then those of each payment in the
 * order given, then the warnings of what may go on.
 */
export function checkPayments(payments: readonly PreparedPayment[], context: PreflightContext): Preflight {
  const taken = new Set(context.standing.map((standing) => standing.entitlementId))
  const ofPayments: Finding[] = []
  const blocked = new Set<string>()
  const passed: PreparedPayment[] = []
  for (const payment of payments) {
    const blockers = blockersOf(payment, context, taken)
    taken.add(payment.entitlement.id)
    if (blockers.length === 0) {
      passed.push(payment)
      continue
    }
    ofPayments.push(...blockers)
    blocked.add(payment.paymentId)
  }
  const sum = sumAmounts(passed.map((payment) => payment.entitlement.amount))
  const ofAll = blockersOfAll(context, sum.ok ? sum.value : Number.MAX_SAFE_INTEGER)
  if (!sum.ok) ofAll.push({ ...sum.error, severity: 'blocks', fix: { kind: 'cycle', id: context.cycle.id } })
  return {
    findings: [...ofAll, ...ofPayments, ...warningsOf(passed, context)],
    payable: ofAll.length > 0 ? [] : passed.map((payment) => payment.paymentId),
    blocked,
    sum: sum.ok ? sum.value : 0,
  }
}
