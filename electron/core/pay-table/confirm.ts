import { setImmediate as breathe } from 'node:timers/promises'
import { fail } from '../../../shared/contract/result.ts'
import { newId } from '../../../shared/model/ids.ts'
import type { Collection } from '../../../shared/model/pay-table.ts'
import { NOT_COLLECTED, whyNotConfirm } from '../../../shared/rules/pay-table.ts'
import type { StatusWord } from '../channels/channel.ts'
import type { Dispatch } from '../dispatch/dispatch.ts'
import type { Store, Transaction } from '../store/store.ts'
import { getGivenOut } from './given-out.ts'
import { type TableLine, tableLinesOf } from './standing.ts'

const SLICE = 250

/**
 * A second officer confirms ticks, which settles their payments: who collected is paid, who did not come was not. Each slice
 * stands by itself: what was confirmed before a crash stays so, and the rest still waits.
 *
 * @returns how many were confirmed
 * @throws OfficeError `pay-table.settled-elsewhere`, `pay-table.ticked-meanwhile`, `pay-table.same-officer`,
 *   `pay-table.sponsored`, and what {@link getGivenOut} throws
 */
export async function confirmTicks(
  office: { readonly store: Store; readonly dispatch: Dispatch },
  officerId: string,
  batchId: string,
  ticks: readonly { readonly paymentId: string; readonly tickId: string }[],
): Promise<number> {
  const holder = office.dispatch.findOtherHolder(batchId)
  if (holder !== undefined) fail('pay-table.settled-elsewhere', { office: holder })
  for (let from = 0; from < ticks.length; from += SLICE) {
    if (from > 0) await breathe()
    office.store.transaction(officerId, (transaction) =>
      confirmSlice(office.dispatch, transaction, batchId, ticks.slice(from, from + SLICE)),
    )
  }
  return ticks.length
}

function confirmSlice(
  dispatch: Dispatch,
  transaction: Transaction,
  batchId: string,
  ticks: readonly { readonly paymentId: string; readonly tickId: string }[],
): void {
  const wanted = new Map(ticks.map(({ paymentId, tickId }) => [paymentId, tickId]))
  const lines = tableLinesOf(transaction.sql, getGivenOut(transaction, batchId), [...wanted.keys()])
  if (lines.length !== ticks.length) fail('pay-table.ticked-meanwhile')
  const seen = lines.map((line) => confirmable(transaction, line, wanted.get(line.payment.id)))
  for (const tick of seen) {
    transaction.put('collection', {
      ...tick,
      id: newId(),
      entry: 'confirmed',
      confirms: tick.id,
    })
  }
  const words = lines.map(({ payment }, index) => wordOf(payment, seen[index] as Collection))
  const states = dispatch.settlePaidByHand(transaction, batchId, words)
  transaction.audit({
    action: 'pay-table.confirmed',
    subjectKind: 'batch',
    subjectId: batchId,
    detail: {
      collected: seen.filter(({ entry }) => entry === 'collected').length,
      absent: seen.filter(({ entry }) => entry === 'absent').length,
      tickedBy: [...new Set(seen.map(({ changedBy }) => changedBy))],
      states,
    },
  })
}

/** The tick of a line, where it is still the one that the officer saw and this officer may vouch for it (I7). */
function confirmable(transaction: Transaction, line: TableLine, tickId: string | undefined): Collection {
  const { tick, standing } = line
  const open = standing === 'collected' || standing === 'absent'
  if (tick === undefined || tick.id !== tickId || !open) return fail('pay-table.ticked-meanwhile')
  const refusal = whyNotConfirm(tick, transaction.officerId, (id) => transaction.find('officer', id)?.sponsors)
  if (refusal !== '') fail(refusal)
  return tick
}

const wordOf = (payment: TableLine['payment'], tick: Collection): StatusWord => ({
  paymentId: payment.id,
  status: tick.entry === 'collected' ? 'succ' : 'rjct',
  code: tick.entry === 'collected' ? '' : NOT_COLLECTED,
  text: tick.note,
  amount: tick.entry === 'collected' ? payment.amount : null,
  currency: '',
  payeeAddress: '',
  verified: true,
  theirReference: '',
  theirTime: tick.day,
})
