import type { PayTableHead, PayTableRow } from '../../../shared/contract/pay-table.ts'
import { fail } from '../../../shared/contract/result.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import type { Officer } from '../../../shared/model/officer.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import { maskFinancialAddress } from '../../../shared/rules/financial-address.ts'
import { type PayTableStanding, whyNotConfirm } from '../../../shared/rules/pay-table.ts'
import { sortName } from '../store/collections.ts'
import type { ReadContext } from '../store/read-query.ts'
import { type TableLine, tableLines } from './standing.ts'

export interface PayTableFilter {
  readonly batchId: string
  readonly offset: number
  readonly limit: number
  readonly standings?: readonly PayTableStanding[] | undefined
  /** Part of a name, or a number of the printed list. */
  readonly text?: string | undefined
  /** Who asks. */
  readonly officerId: string
}

function linesOf({ sql }: ReadContext, batchId: string): TableLine[] {
  const submissionId = sql(
    `SELECT body ->> '$.submissionId' FROM claim WHERE batch_id = ? ORDER BY generation DESC, seq DESC LIMIT 1`,
  )
    .pluck()
    .get(batchId) as string | undefined
  return submissionId === undefined ? [] : tableLines(sql, { batchId, submissionId })
}

function toRow(line: TableLine, officerId: string, officers: ReadonlyMap<string, Officer>): PayTableRow {
  const { payment, standing } = line
  const { payeeName, registrantId, registrantName, amount, state, reasonCode, reasonText, payeeAddress } = payment
  const tick = line.tick === undefined || line.tick.entry === 'taken-back' ? null : line.tick
  const waits = standing === 'collected' || standing === 'absent'
  return {
    ...{ payeeName, registrantId, registrantName, amount, state, reasonCode, reasonText },
    paymentId: payment.id,
    number: line.number,
    payeeAddressHint: payeeAddress === '' ? '' : maskFinancialAddress(payeeAddress),
    standing,
    tick,
    tickedBy: tick === null ? '' : (officers.get(tick.changedBy)?.name ?? tick.changedBy),
    mayNotConfirm: tick === null || !waits ? '' : whyNotConfirm(tick, officerId, (id) => officers.get(id)?.sponsors),
  }
}

const officersOf = ({ sql }: ReadContext): ReadonlyMap<string, Officer> =>
  new Map(
    (sql('SELECT body FROM officer').pluck().all() as string[])
      .map((body) => JSON.parse(body) as Officer)
      .map((officer) => [officer.id, officer]),
  )

function isMeant({ number, payment }: TableLine, text: string): boolean {
  if (/^\d{1,6}$/.test(text)) return number === Number(text)
  const wanted = sortName(text)
  return [payment.payeeName, payment.registrantName].some((name) => sortName(name).includes(wanted))
}

export const payTableQueries = {
  'payTable.page': (context: ReadContext, filter: PayTableFilter): { rows: PayTableRow[]; total: number } => {
    const { standings, offset, limit, officerId } = filter
    const text = filter.text?.trim() ?? ''
    const lines = linesOf(context, filter.batchId).filter(
      (line) => (standings?.includes(line.standing) ?? true) && (text === '' || isMeant(line, text)),
    )
    const officers = officersOf(context)
    return {
      total: lines.length,
      rows: lines.slice(offset, offset + limit).map((line) => toRow(line, officerId, officers)),
    }
  },

  'payTable.head': (
    context: ReadContext,
    { batchId }: { readonly batchId: string },
  ): Omit<PayTableHead, 'obstacle' | 'confirmedBy'> => {
    const { sql } = context
    const body = sql('SELECT body FROM batch WHERE id = ?').pluck().get(batchId) as string | undefined
    if (body === undefined) fail('store.not-found', { kind: 'batch' })
    const { name, programmeId, cycleId, currency, managerId } = JSON.parse(body) as Batch
    const manager = sql('SELECT body FROM payment_manager WHERE id = ?').pluck().get(managerId) as string | undefined
    const nameOf = (table: string, id: string): string =>
      (sql(`SELECT body ->> '$.name' FROM ${table} WHERE id = ?`).pluck().get(id) as string | undefined) ?? ''
    const totals = {
      open: { count: 0, sum: 0 },
      collected: { count: 0, sum: 0 },
      absent: { count: 0, sum: 0 },
      settled: { count: 0, sum: 0 },
      paid: { count: 0, sum: 0 },
    }
    const add = (to: keyof typeof totals, amount: number): void => {
      totals[to].count += 1
      totals[to].sum += amount
    }
    for (const { standing, payment } of linesOf(context, batchId)) {
      add(standing, payment.amount)
      if (payment.state === 'paid') add('paid', payment.amountPaid ?? payment.amount)
    }
    return {
      ...{ batchId, name, currency, totals },
      vouchers: manager !== undefined && (JSON.parse(manager) as PaymentManager).paymentFile?.file.form === 'vouchers',
      programmeName: nameOf('programme', programmeId),
      cycleName: nameOf('cycle', cycleId),
    }
  },

  'payTable.row': (
    context: ReadContext,
    {
      batchId,
      paymentId,
      officerId,
    }: { readonly batchId: string; readonly paymentId: string; readonly officerId: string },
  ): PayTableRow | null => {
    const line = linesOf(context, batchId).find(({ payment }) => payment.id === paymentId)
    return line === undefined ? null : toRow(line, officerId, officersOf(context))
  },

  /** Every tick that waits and that this officer may confirm, for "confirm all". */
  'payTable.confirmable': (
    context: ReadContext,
    { batchId, officerId }: { readonly batchId: string; readonly officerId: string },
  ): { paymentId: string; tickId: string; entry: 'collected' | 'absent'; amount: number }[] => {
    const officers = officersOf(context)
    return linesOf(context, batchId).flatMap((line) => {
      const { tick, mayNotConfirm, standing, paymentId, amount } = toRow(line, officerId, officers)
      const waits = standing === 'collected' || standing === 'absent'
      return tick === null || !waits || mayNotConfirm !== ''
        ? []
        : [{ paymentId, tickId: tick.id, entry: standing, amount }]
    })
  },
}
