import type { BatchState } from '../../../shared/model/batch.ts'
import type { Role } from '../../../shared/model/officer.ts'
import type { PaymentState } from '../../../shared/model/payment.ts'
import { grantedStates } from '../../../shared/rules/entitlement-life.ts'
import { entitlementsWithout } from '../programmes/entitlements-without.ts'
import type { ReadContext } from '../store/read-query.ts'

/** Something that waits for an officer. */
export interface Waiting {
  readonly kind:
    | 'approveBatch'
    | 'approveCycle'
    | 'approveEntitlements'
    | 'returnedBatch'
    | 'lapsedBatch'
    | 'submitBatch'
    | 'sendBatch'
    | 'attentionBatch'
    | 'draftCycle'
    | 'unfinishedGeneration'
    | 'preparePayments'
    | 'blockedPayees'
    | 'openImport'
    | 'attentionJobs'
    | 'noManager'
    | 'absence'
  /** The batch, cycle, programme or import. Empty where there are many. */
  readonly subjectId: string
  /** Its name, with the programme's. */
  readonly name: string
  /** Payments, entitlements, payees or jobs in it. */
  readonly count: number
  /** Minor units; null where no money is meant. */
  readonly sum: number | null
  readonly currency: string
}

export interface HomeFigures {
  readonly waiting: readonly Waiting[]
  readonly payments: readonly { readonly state: PaymentState; readonly count: number }[]
  readonly cycles: readonly {
    readonly id: string
    readonly name: string
    readonly programmeName: string
    readonly currency: string
    readonly granted: number
    readonly paid: number
  }[]
  readonly jobs: Readonly<Record<'waiting' | 'running' | 'paused' | 'attention', number>>
  /** When the next job runs, epoch milliseconds. */
  readonly nextJobAt: number | null
  /** Moment since which the longest waiting approved payment has waited to be sent. */
  readonly unsentSince: string | null
  readonly unsent: number
}

/** So many of one kind; the lists have the rest. */
const AT_MOST = 20
const RECENT_CYCLES = 8

interface Asking {
  readonly officerId: string
  readonly roles: readonly Role[]
  /** Officers who stand behind the asking one; what they made this officer cannot approve. */
  readonly sponsors: readonly string[]
}

interface BatchRow {
  readonly id: string
  readonly name: string
  readonly state: BatchState
  readonly count: number
  readonly sum: number
  readonly currency: string
  readonly makers: string
}

function waitingBatches({ sql }: ReadContext, { officerId, roles, sponsors }: Asking): Waiting[] {
  const kinds: Partial<Record<BatchState, { kind: Waiting['kind']; roles: readonly Role[] }>> = {
    submitted: { kind: 'approveBatch', roles: ['approver'] },
    returned: { kind: 'returnedBatch', roles: ['clerk'] },
    lapsed: { kind: 'lapsedBatch', roles: ['clerk'] },
    open: { kind: 'submitBatch', roles: ['clerk'] },
    approved: { kind: 'sendBatch', roles: ['clerk', 'approver'] },
  }
  const own = new Set([officerId, ...sponsors])
  const found: Waiting[] = []
  for (const [state, { kind, roles: mine }] of Object.entries(kinds)) {
    if (!mine.some((role) => roles.includes(role))) continue
    const rows = sql(
      `SELECT b.id, p.name || ' · ' || (b.body ->> '$.name') AS name, b.state, b.body ->> '$.count' AS count,
              b.body ->> '$.sum' AS sum, b.body ->> '$.currency' AS currency, b.body ->> '$.makers' AS makers
       FROM batch b JOIN programme p ON p.id = b.programme_id WHERE b.state = ? ORDER BY b.state_at LIMIT 100`,
    ).all(state) as BatchRow[]
    const mineToDo = rows.filter(
      ({ makers }) => kind !== 'approveBatch' || !(JSON.parse(makers) as string[]).some((maker) => own.has(maker)),
    )
    found.push(
      ...mineToDo
        .slice(0, AT_MOST)
        .map(({ id, name, count, sum, currency }) => ({ kind, subjectId: id, name, count, sum, currency })),
    )
  }
  if (roles.includes('clerk') || roles.includes('approver')) {
    const rows = sql(
      `SELECT b.id, p.name || ' · ' || (b.body ->> '$.name') AS name, b.body ->> '$.count' AS count,
              b.body ->> '$.sum' AS sum, b.body ->> '$.currency' AS currency
       FROM batch b JOIN programme p ON p.id = b.programme_id WHERE b.attention <> '' ORDER BY b.state_at LIMIT ?`,
    ).all(AT_MOST) as BatchRow[]
    found.push(
      ...rows.map(({ id, name, count, sum, currency }) => ({
        kind: 'attentionBatch' as const,
        subjectId: id,
        name,
        count,
        sum,
        currency,
      })),
    )
  }
  return found
}

const granted = grantedStates.map((state) => `'${state}'`).join(', ')

interface CycleRow {
  readonly id: string
  readonly name: string
  readonly state: string
  readonly currency: string
  readonly makers: string
  readonly unfinished: number
  readonly drafts: number
  readonly draftSum: number
  readonly pending: number
  readonly pendingSum: number
  readonly blocked: number
}

function waitingCycles({ sql }: ReadContext, { officerId, roles, sponsors }: Asking): Waiting[] {
  const of = (what: 'count(*)' | 'sum(amount)', states: string): string =>
    `(SELECT coalesce(${what}, 0) FROM entitlement WHERE cycle_id = c.id AND removed = 0 AND state IN (${states}))`
  const unprepared = sql(`SELECT count(*) AS count, sum(n.amount) AS sum FROM ${entitlementsWithout(['cancelled'])}`)
  const rows = sql(
    `SELECT c.id, p.name || ' · ' || (c.body ->> '$.name') AS name, c.state, p.body ->> '$.currency' AS currency,
            c.body ->> '$.makers' AS makers, c.body ->> '$.generationUnfinished' AS unfinished,
            ${of('count(*)', "'draft'")} AS drafts, ${of('sum(amount)', "'draft'")} AS draftSum,
            ${of('count(*)', "'pending_validation'")} AS pending, ${of('sum(amount)', "'pending_validation'")} AS pendingSum,
            (SELECT count(*) FROM payment WHERE cycle_id = c.id AND state = 'blocked') AS blocked
     FROM cycle c JOIN programme p ON p.id = c.programme_id
     WHERE c.removed = 0 AND c.state IN ('draft', 'to_approve', 'approved') ORDER BY c.changed_at DESC LIMIT ?`,
  ).all(AT_MOST) as CycleRow[]
  const own = new Set([officerId, ...sponsors])
  const found: Waiting[] = []
  for (const cycle of rows) {
    const add = (kind: Waiting['kind'], count: number, sum: number | null): void => {
      found.push({ kind, subjectId: cycle.id, name: cycle.name, count, sum, currency: cycle.currency })
    }
    const mayApprove =
      roles.includes('approver') && !(JSON.parse(cycle.makers) as string[]).some((maker) => own.has(maker))
    if (mayApprove && cycle.state === 'to_approve') add('approveCycle', cycle.pending, cycle.pendingSum)
    if (mayApprove && cycle.state === 'approved' && cycle.pending > 0) {
      add('approveEntitlements', cycle.pending, cycle.pendingSum)
    }
    if (!roles.includes('clerk')) continue
    if (cycle.unfinished === 1) add('unfinishedGeneration', cycle.drafts, null)
    else if (cycle.state === 'draft') add('draftCycle', cycle.drafts, cycle.draftSum)
    if (cycle.state === 'approved') {
      const { count, sum } = unprepared.get({ cycle: cycle.id }) as { count: number; sum: number | null }
      if (count > 0) add('preparePayments', count, sum)
    }
    if (cycle.blocked > 0) add('blockedPayees', cycle.blocked, null)
  }
  return found
}

const plain = (kind: Waiting['kind'], count: number, subjectId = '', name = ''): Waiting => ({
  kind,
  subjectId,
  name,
  count,
  sum: null,
  currency: '',
})

function waitingOffice({ sql }: ReadContext, { roles, officerId }: Asking): Waiting[] {
  const found: Waiting[] = []
  const imports = sql(
    "SELECT id, file_name AS name FROM import_run WHERE state IN ('running', 'cancelling', 'undoing') ORDER BY started_at",
  ).all() as { id: string; name: string }[]
  if (roles.includes('clerk')) found.push(...imports.map(({ id, name }) => plain('openImport', 0, id, name)))
  const attention = sql("SELECT count(*) FROM job WHERE state = 'attention'").pluck().get() as number
  if (attention > 0 && !roles.every((role) => role === 'auditor')) found.push(plain('attentionJobs', attention))
  if (roles.includes('administrator')) {
    const rows = sql(
      `SELECT id, name FROM programme WHERE removed = 0 AND state = 'active'
         AND NOT EXISTS (SELECT 1 FROM payment_manager WHERE id = programme.body ->> '$.paymentManagerId') LIMIT ?`,
    ).all(AT_MOST) as { id: string; name: string }[]
    found.push(...rows.map(({ id, name }) => plain('noManager', 0, id, name)))
    const absences = sql(
      `SELECT wish.value ->> '$.id' AS id, officer.body ->> '$.name' AS name
       FROM meta, json_each(meta.value) AS wish JOIN officer ON officer.id = wish.value ->> '$.from'
       WHERE meta.key = 'absence-wishes' AND officer.id <> ? AND wish.value ->> '$.ends' > unixepoch() * 1000 LIMIT ?`,
    ).all(officerId, AT_MOST) as { id: string; name: string }[]
    found.push(...absences.map(({ id, name }) => plain('absence', 0, id, name)))
  }
  return found
}

/** Everything the first screen of the day shows of the store, for one officer. */
export function summarise(context: ReadContext, asking: Asking): HomeFigures {
  const { sql } = context
  const cycles = sql(
    `SELECT c.id, c.body ->> '$.name' AS name, p.name AS programmeName, p.body ->> '$.currency' AS currency,
            (SELECT coalesce(sum(amount), 0) FROM entitlement
              WHERE cycle_id = c.id AND removed = 0 AND state IN (${granted})) AS granted,
            (SELECT coalesce(sum(coalesce(amount_paid, amount)), 0) FROM payment WHERE cycle_id = c.id AND state = 'paid') AS paid
     FROM cycle c JOIN programme p ON p.id = c.programme_id
     WHERE c.removed = 0 AND c.state IN ('approved', 'distributed', 'ended') ORDER BY c.changed_at DESC LIMIT ?`,
  ).all(RECENT_CYCLES) as HomeFigures['cycles'][number][]
  const payments = sql(
    `SELECT state, count(*) AS count FROM payment
     WHERE cycle_id IN (SELECT id FROM cycle WHERE state NOT IN ('ended', 'cancelled')) GROUP BY state`,
  ).all() as HomeFigures['payments'][number][]
  const jobs = sql(
    "SELECT state, count(*) AS count, min(run_at) AS next FROM job WHERE state <> 'done' GROUP BY state",
  ).all() as {
    state: keyof HomeFigures['jobs']
    count: number
    next: number
  }[]
  const job = (state: keyof HomeFigures['jobs']) => jobs.find((one) => one.state === state)
  const unsent = sql(
    `SELECT min(state_at) AS since, coalesce(sum(body ->> '$.count'), 0) AS count FROM batch
     WHERE state IN ('approved', 'queued', 'claimed')`,
  ).get() as { since: string | null; count: number }
  return {
    waiting: [...waitingBatches(context, asking), ...waitingCycles(context, asking), ...waitingOffice(context, asking)],
    payments,
    cycles,
    jobs: {
      waiting: job('waiting')?.count ?? 0,
      running: job('running')?.count ?? 0,
      paused: job('paused')?.count ?? 0,
      attention: job('attention')?.count ?? 0,
    },
    nextJobAt: job('waiting')?.next ?? null,
    unsentSince: unsent.since,
    unsent: unsent.count,
  }
}

export const homeQueries = { 'home.summary': summarise } as const
