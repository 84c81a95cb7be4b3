import type { LedgerEntry } from '../../../electron/peers/payment-system/ledger-entry.ts'
import { difference } from './canonical.ts'
import type { OfficeContent, OfficeState } from './office-messages.ts'

/** Everything that a run ends with. */
export interface DistrictEnd {
  /** Of the offices that are there. */
  readonly states: readonly OfficeState[]
  readonly contents: readonly OfficeContent[]
  readonly server: { readonly records: Readonly<Record<string, string>>; readonly leaves: number }
  readonly ledger: readonly LedgerEntry[]
  /** Payments of which two officers said that they were not paid. */
  readonly toldUnpaid: ReadonlySet<string>
  readonly refused: readonly { readonly user: string; readonly id: string }[]
  /** CouchDB users, in the order of the states. */
  readonly users: readonly string[]
}

export interface DistrictFigures {
  /** Entitlements' attempts that any office knows. */
  readonly payments: number
  readonly double: number
  readonly lost: number
  /** Payments that are lost. */
  readonly lostIds: readonly string[]
  readonly falseSuccess: number
  readonly paid: number
  readonly rejected: number
  /** Payments that wait for somebody outside, or for an officer's decision about the registry. */
  readonly waiting: number
  /** Of which two officers said that they were not paid, and attempts after the first. */
  readonly toldUnpaid: number
  readonly attempts: number
  readonly refusals: number
  readonly refusedHidden: number
  readonly converged: boolean
  /** What is not the same everywhere, or wrong; for whoever looks into it. */
  readonly findings: readonly string[]
}

/** What offices show against the payment system's ledger, entitlement by entitlement, and against each other. */
export function weighDistrict(end: DistrictEnd): DistrictFigures {
  const { states, ledger, toldUnpaid } = end
  const findings: string[] = []
  const entitlementOf = new Map<string, string>()
  for (const { payments } of states) for (const { id, entitlementId } of payments) entitlementOf.set(id, entitlementId)
  const paidTimes = new Map<string, number>()
  const there = new Map(ledger.map((entry) => [entry.referenceId, entry]))
  for (const { referenceId, paidCount } of ledger) {
    const entitlement = entitlementOf.get(referenceId) ?? referenceId
    paidTimes.set(entitlement, (paidTimes.get(entitlement) ?? 0) + paidCount)
  }
  const doubles = [...paidTimes].filter(([, times]) => times > 1)
  for (const [entitlement, times] of doubles) findings.push(`double: entitlement ${entitlement} ${times} times`)

  const bad = { lost: new Set<string>(), falseSuccess: new Set<string>(), waiting: new Set<string>() }
  const shown = { paid: new Set<string>(), rejected: new Set<string>() }
  states.forEach(({ payments }, office) => {
    for (const payment of payments) {
      const { id, state } = payment
      const entry = there.get(id)
      const isPaid = (entry?.paidCount ?? 0) > 0
      const tell = (what: keyof typeof bad): void => {
        if (bad[what].has(id)) return
        bad[what].add(id)
        findings.push(
          `${what}: office ${office} ${JSON.stringify(payment)} ledger ${entry?.status} ${entry?.paidCount}`,
        )
      }
      if (state === 'paid') shown.paid.add(id)
      if (state === 'rejected') shown.rejected.add(id)
      if (state === 'paid' && !isPaid) tell('falseSuccess')
      if (state === 'rejected' && (isPaid || (entry?.status !== 'rjct' && !toldUnpaid.has(id)))) tell('lost')
      // Money left, and the office would never hear of it.
      if (isPaid && ['prepared', 'blocked', 'queued', 'cancelled'].includes(state)) tell('lost')
      if (['prepared', 'queued', 'sent', 'acknowledged', 'unknown', 'review'].includes(state)) tell('waiting')
    }
  })
  for (const { referenceId } of ledger) {
    if (!entitlementOf.has(referenceId)) {
      bad.lost.add(referenceId)
      findings.push(`lost: ${referenceId} is in the ledger and no office knows it`)
    }
  }
  const refusals = judgeRefusals(end, findings)
  const differences = compare(end)
  findings.push(...differences)
  return {
    payments: entitlementOf.size,
    double: doubles.length,
    lost: bad.lost.size,
    lostIds: [...bad.lost],
    falseSuccess: bad.falseSuccess.size,
    paid: shown.paid.size,
    rejected: shown.rejected.size,
    waiting: bad.waiting.size,
    toldUnpaid: toldUnpaid.size,
    attempts: entitlementOf.size - new Set(entitlementOf.values()).size,
    ...refusals,
    converged: differences.length === 0,
    findings,
  }
}

/** Each write that the server refused was shown to the office that wrote it, or went through later. */
function judgeRefusals({ refused, states, users }: DistrictEnd, findings: string[]) {
  const all = new Set<string>()
  const hidden = new Set<string>()
  for (const { user, id } of refused) {
    const office = states[users.indexOf(user)]
    if (office === undefined) continue
    const record = id.replace(/:lines:\d+$/, '')
    all.add(`${user} ${record}`)
    if (office.shown.includes(record) || !office.unsent.includes(record)) continue
    hidden.add(`${user} ${record}`)
    findings.push(`refused and not shown: ${user} ${record}`)
  }
  return { refusals: all.size, refusedHidden: hidden.size }
}

/** How the stores differ from the server, and in what they work out. */
export function compare({ contents, server }: Pick<DistrictEnd, 'contents' | 'server'>): string[] {
  const found: string[] = []
  const [first] = contents
  contents.forEach(({ records, derived }, office) => {
    for (const id of new Set([...Object.keys(records), ...Object.keys(server.records)])) {
      const [here, there] = [records[id], server.records[id]]
      if (here === there) continue
      const how =
        here === undefined ? 'only at the server' : there === undefined ? 'only here' : difference(here, there)
      found.push(`office ${office}: ${id} ${how}`)
    }
    for (const [id, text] of Object.entries(derived)) {
      if (first?.derived[id] !== text)
        found.push(`office ${office}: batch ${id} ${text}, elsewhere ${first?.derived[id]}`)
    }
  })
  if (server.leaves > 0) found.push(`server: ${server.leaves} other leaves`)
  return found
}
