import { fail } from '../../../shared/contract/result.ts'
import type { Payment, PaymentState } from '../../../shared/model/payment.ts'
import type { Cycle, Entitlement, EntitlementState } from '../../../shared/model/programme.ts'
import type { CycleFacts } from '../../../shared/rules/cycle-life.ts'
import { plainAmount } from '../../../shared/rules/money.ts'
import { type Difference, drawUpStatement, type Statement } from '../../../shared/rules/statement.ts'
import { spreadsheetSafe } from '../../../shared/rules/text.ts'
import type { ReadContext } from '../store/read-query.ts'
import { cycleFacts, entitlementTotals, type PaymentTotal, paymentTotals, type StateTotal } from './cycle-facts.ts'
import { type Condition, filterCondition, readProgramme, searchCondition } from './matching.ts'

/** @throws OfficeError `store.not-found` */
function readCycle(context: ReadContext, id: string): Cycle {
  const body = context.sql('SELECT body FROM cycle WHERE id = ?').pluck().get(id) as string | undefined
  return body === undefined ? fail('store.not-found', { kind: 'cycle' }) : (JSON.parse(body) as Cycle)
}

export interface CycleBatch {
  readonly id: string
  readonly name: string
  readonly state: string
  readonly count: number
  readonly sum: number
  readonly tagName: string
}

export interface CycleView {
  readonly cycle: Cycle
  readonly programmeName: string
  readonly currency: string
  readonly fund: number | null
  readonly facts: CycleFacts
  readonly entitlements: readonly StateTotal<EntitlementState>[]
  readonly payments: readonly PaymentTotal[]
  readonly batches: readonly CycleBatch[]
}

export interface EntitlementPageInput {
  readonly cycleId: string
  readonly states: readonly EntitlementState[]
  /** By the latest attempt; `none` means that no payment was made. */
  readonly paymentStates: readonly (PaymentState | 'none')[]
  readonly search: string
  /** Odoo domain over entitlements; `[]` takes all. */
  readonly filter: string
  readonly offset: number
  readonly limit: number
}

export interface EntitlementRow
  extends Pick<Entitlement, 'id' | 'registrantId' | 'code' | 'amount' | 'state' | 'changedAt'> {
  readonly name: string
  readonly registryNumber: string
  readonly reason: string
  readonly paymentId: string | null
  readonly attempt: number | null
  readonly paymentState: PaymentState | null
  readonly paymentReason: string | null
  readonly paymentReasonText: string | null
  readonly amountPaid: number | null
  readonly batchId: string | null
  /** How the registrant's enrolment stands now. */
  readonly enrolmentState: 'enrolled' | 'paused' | 'exited' | null
  readonly deceasedOn: string | null
}

const LATEST = `LEFT JOIN payment p ON p.entitlement_id = n.id
  AND p.attempt = (SELECT max(attempt) FROM payment WHERE entitlement_id = n.id)`
const REGISTRANT = 'JOIN registrant r ON r.id = n.registrant_id'
const JOINED = `entitlement n ${REGISTRANT} ${LATEST}`

function entitlementConditions(context: ReadContext, input: Omit<EntitlementPageInput, 'offset' | 'limit'>): Condition {
  const { programmeId } = readCycle(context, input.cycleId)
  const conditions: Condition[] = [{ sql: 'n.cycle_id = ? AND n.removed = 0', params: [input.cycleId] }]
  if (input.states.length > 0) {
    conditions.push({ sql: `n.state IN (${input.states.map(() => '?').join(', ')})`, params: input.states })
  }
  if (input.paymentStates.length > 0) {
    conditions.push({
      sql: `coalesce(p.state, 'none') IN (${input.paymentStates.map(() => '?').join(', ')})`,
      params: input.paymentStates,
    })
  }
  const found = searchCondition(input.search, 'r')
  if (found !== undefined) conditions.push(found)
  if (input.filter.trim() !== '' && input.filter.trim() !== '[]') {
    const { currency } = readProgramme(context, programmeId)
    conditions.push(filterCondition(input.filter, 'entitlement', currency, 'n'))
  }
  return {
    sql: conditions.map(({ sql }) => `(${sql})`).join(' AND '),
    params: conditions.flatMap(({ params }) => params),
  }
}

type StatementEntitlement = Pick<Entitlement, 'id' | 'registrantId' | 'amount' | 'state' | 'removed'>
type StatementPayment = Pick<
  Payment,
  'id' | 'entitlementId' | 'registrantId' | 'attempt' | 'amount' | 'amountPaid' | 'state'
>

/** All rows of a cycle, state by state, so that other reads get their turn. */
function* allRows<T>(
  context: ReadContext,
  columns: string,
  table: 'entitlement' | 'payment',
  cycleId: string,
): Generator<number, T[]> {
  const rows: T[] = []
  const states = context.sql(`SELECT DISTINCT state FROM ${table} WHERE cycle_id = ?`).pluck().all(cycleId) as string[]
  for (const state of states) {
    for (const row of context
      .sql(`SELECT ${columns} FROM ${table} WHERE cycle_id = ? AND state = ?`)
      .all(cycleId, state))
      rows.push(row as T)
    yield rows.length
  }
  return rows
}

export interface StatementDifference extends Difference {
  readonly name: string
  readonly registryNumber: string
}

export interface CycleStatement extends Omit<Statement, 'differences'> {
  readonly cycle: Cycle
  readonly programmeName: string
  readonly currency: string
  /** How many differences there are in all. */
  readonly differing: number
  /** How many of each kind, by code. */
  readonly kinds: Readonly<Record<string, number>>
  /** The page that was asked for. */
  readonly differences: readonly StatementDifference[]
}

export const cycleQueries = {
  'cycles.view': (context: ReadContext, { cycleId }: { cycleId: string }): CycleView => {
    const cycle = readCycle(context, cycleId)
    const programme = readProgramme(context, cycle.programmeId)
    const batches = context
      .sql(
        `SELECT id, state, body ->> '$.name' AS name, body ->> '$.count' AS count, body ->> '$.sum' AS sum,
                body ->> '$.tagName' AS tagName
         FROM batch WHERE cycle_id = ? ORDER BY id`,
      )
      .all(cycleId) as CycleBatch[]
    return {
      cycle,
      programmeName: programme.name,
      currency: programme.currency,
      fund: programme.fund,
      facts: cycleFacts(context, cycle),
      entitlements: entitlementTotals(context, cycleId),
      payments: paymentTotals(context, cycleId),
      batches,
    }
  },

  'entitlements.page': (
    context: ReadContext,
    input: EntitlementPageInput,
  ): { rows: EntitlementRow[]; total: number; sum: number } => {
    const where = entitlementConditions(context, input)
    // The page is found on as few tables as its conditions need, and only then dressed with names and payments.
    const withPayments = input.paymentStates.length > 0 ? LATEST : ''
    const { total, sum } = context
      .sql(
        `SELECT count(*) AS total, coalesce(sum(n.amount), 0) AS sum
         FROM entitlement n ${input.search.trim() === '' ? '' : REGISTRANT} ${withPayments} WHERE ${where.sql}`,
      )
      .get(...where.params) as { total: number; sum: number }
    const rows = context
      .sql(
        `SELECT n.id, n.registrant_id AS registrantId, r.name, r.registry_number AS registryNumber, n.code, n.amount, n.state,
                n.changed_at AS changedAt, n.body ->> '$.reason' AS reason, p.id AS paymentId, p.attempt, p.state AS paymentState,
                p.reason_code AS paymentReason, p.body ->> '$.reasonText' AS paymentReasonText, p.amount_paid AS amountPaid,
                p.batch_id AS batchId, r.deceased_on AS deceasedOn,
                (SELECT state FROM enrolment e WHERE e.registrant_id = n.registrant_id AND e.programme_id = n.programme_id
                   AND e.removed = 0) AS enrolmentState
         FROM (SELECT n.rowid AS place FROM entitlement n ${REGISTRANT} ${withPayments}
               WHERE ${where.sql} ORDER BY r.sort_name, r.rowid, n.code LIMIT ? OFFSET ?) page
         JOIN entitlement n ON n.rowid = page.place ${REGISTRANT} ${LATEST}
         ORDER BY r.sort_name, r.rowid, n.code`,
      )
      .all(...where.params, input.limit, input.offset) as EntitlementRow[]
    return { rows, total, sum }
  },

  /** Ids of a cycle's entitlements after one, in order of id; for commands over all that match. */
  'entitlements.matching': (
    context: ReadContext,
    input: Omit<EntitlementPageInput, 'offset'> & { readonly after: string },
  ): string[] => {
    const where = entitlementConditions(context, input)
    return context
      .sql(`SELECT n.id FROM ${JOINED} WHERE ${where.sql} AND n.id > ? ORDER BY n.id LIMIT ?`)
      .pluck()
      .all(...where.params, input.after, input.limit) as string[]
  },

  /** The reconciliation statement of a cycle, with one page of its differences. */
  *'cycles.statement'(
    context: ReadContext,
    { cycleId, code, offset, limit }: { cycleId: string; code: string | null; offset: number; limit: number },
  ): Generator<number, CycleStatement> {
    const cycle = readCycle(context, cycleId)
    const programme = readProgramme(context, cycle.programmeId)
    const entitlements = yield* allRows<Omit<StatementEntitlement, 'removed'> & { removed: number }>(
      context,
      'id, registrant_id AS registrantId, amount, state, removed',
      'entitlement',
      cycleId,
    )
    const payments = yield* allRows<StatementPayment>(
      context,
      `id, entitlement_id AS entitlementId, registrant_id AS registrantId, attempt, amount, amount_paid AS amountPaid, state`,
      'payment',
      cycleId,
    )
    const drawnUp = drawUpStatement(
      entitlements.map((entitlement) => ({ ...entitlement, removed: entitlement.removed === 1 })),
      payments,
    )
    if (!drawnUp.ok) return fail(drawnUp.error.code, drawnUp.error.params)
    const { differences, ...statement } = drawnUp.value
    const kinds: Record<string, number> = {}
    for (const difference of differences) kinds[difference.code] = (kinds[difference.code] ?? 0) + 1
    const asked = code === null ? differences : differences.filter((difference) => difference.code === code)
    const person = context.sql('SELECT name, registry_number AS registryNumber FROM registrant WHERE id = ?')
    return {
      ...statement,
      cycle,
      programmeName: programme.name,
      currency: programme.currency,
      differing: asked.length,
      kinds,
      differences: asked.slice(offset, offset + limit).map((difference) => ({
        ...difference,
        ...((person.get(difference.registrantId) as { name: string; registryNumber: string } | undefined) ?? {
          name: '',
          registryNumber: '',
        }),
      })),
    }
  },

  /** One part of the cycle's list as CSV, one row an entitlement; `next` is where the following part begins, null at the end. */
  'cycles.export': (
    context: ReadContext,
    { cycleId, after }: { readonly cycleId: string; readonly after: string },
  ): { text: string; next: string | null } => {
    const { currency } = readProgramme(context, readCycle(context, cycleId).programmeId)
    const rows = context
      .sql(
        `SELECT n.id, r.registry_number AS registryNumber, r.name, n.code, n.amount, n.state, n.body ->> '$.reason' AS reason,
                p.id AS paymentId, p.attempt, p.state AS paymentState, p.reason_code AS paymentReason, p.amount_paid AS amountPaid
         FROM ${JOINED} WHERE n.cycle_id = ? AND n.removed = 0 AND n.id > ? ORDER BY n.id LIMIT ?`,
      )
      .all(cycleId, after, EXPORT_PART) as (EntitlementRow & { id: string })[]
    const amount = (minor: number | null): string =>
      minor === null ? '' : plainAmount(minor, currency).replace(/ .*$/, '')
    const lines = rows.map((row) =>
      csvLine([
        row.registryNumber,
        row.name,
        row.code,
        amount(row.amount),
        currency,
        row.state,
        row.reason,
        row.paymentId ?? '',
        row.attempt === null ? '' : String(row.attempt),
        row.paymentState ?? '',
        row.paymentReason ?? '',
        amount(row.amountPaid),
      ]),
    )
    const head = after === '' ? [`\ufeff${csvLine(EXPORT_COLUMNS)}`] : []
    return {
      text: [...head, ...lines].map((line) => `${line}\r\n`).join(''),
      next: rows.length < EXPORT_PART ? null : (rows.at(-1)?.id ?? null),
    }
  },
} as const

const EXPORT_PART = 2_000
const EXPORT_COLUMNS = [
  'registry_number',
  'name',
  'entitlement_code',
  'amount',
  'currency',
  'entitlement_state',
  'reason',
  'payment_reference',
  'attempt',
  'payment_state',
  'payment_reason',
  'amount_paid',
]

const csvLine = (cells: readonly string[]): string =>
  cells
    .map((cell) => spreadsheetSafe(cell))
    .map((cell) => (/[",\r\n;]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(',')
