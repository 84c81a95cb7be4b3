import type { Fix } from '../../../shared/rules/payee.ts'
import type { Finding } from '../../../shared/rules/preflight.ts'
import type { PlannedPayment } from './plan.ts'

/** Everything that one reason was found for; `first` are some of the payments, without their addresses. */
export interface FindingGroup {
  readonly code: Finding['code']
  readonly severity: Finding['severity']
  readonly count: number
  /** Minor units. */
  readonly sum: number
  readonly first: readonly {
    readonly paymentId: string
    readonly registrantId: string
    readonly registrantName: string
    readonly amount: number
    readonly params: Finding['params']
    readonly fix: Fix
  }[]
}

const FIRST = 100

/** Findings about single payments by their reason: what blocks before what warns, the most frequent first. */
export function groupFindings(findings: readonly Finding[], payments: readonly PlannedPayment[]): FindingGroup[] {
  const byId = new Map(payments.map((payment) => [payment.paymentId, payment]))
  const found = findings.flatMap(({ paymentId, ...finding }) => {
    const payment = paymentId === undefined ? undefined : byId.get(paymentId)
    return payment === undefined ? [] : [{ ...finding, payment }]
  })
  return [...Map.groupBy(found, ({ severity, code }) => `${severity} ${code}`).values()]
    .flatMap((group) => {
      const [one] = group
      if (one === undefined) return []
      const first = group.slice(0, FIRST).map(({ payment, params, fix }) => ({
        paymentId: payment.paymentId,
        registrantId: payment.registrantId,
        registrantName: payment.registrantName,
        amount: payment.amount,
        params,
        fix,
      }))
      const sum = group.reduce((all, { payment }) => all + payment.amount, 0)
      return [{ code: one.code, severity: one.severity, count: group.length, sum, first }]
    })
    .sort((one, other) =>
      one.severity === other.severity ? other.count - one.count : one.severity < other.severity ? -1 : 1,
    )
}
