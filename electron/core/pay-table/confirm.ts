import { setImmediate as breathe } from 'node:timers/promises'
import { fail } from '../../../shared/contract/result.ts'
import { newId } from '../../../shared/model/ids.ts'
import type { Collection } from '../../../shared/model/pay-table.ts'
import { NOT_COLLECTED, whyNotConfirm } from '../../../shared/rules/pay-table.ts'
import type { StatusWord } from '../channels/channel.ts'
import { nothingSaid } from '../channels/nothing-said.ts'
import type { Dispatch } from '../dispatch/dispatch.ts'
import type { Transaction } from '../store/store.ts'
import { getGivenOut, type PayTableOffice, refuseWhileVoucherIsGood } from './given-out.ts'
import { type TableLine, tableLinesOf } from './standing.ts'

const SLICE = 250

export interface ConfirmingOffice extends PayTableOffice {
  readonly dispatch: Dispatch
}

/** A tick as the second officer saw it. */
interface ShownTick {
  readonly paymentId: string
  readonly tickId: string
}

/**
 * A second officer confirms ticks, which settles their payments: who collected is paid, who did not come was not. Each slice
 * stands by itself: what was confirmed before a crash stays so, and the rest still waits.
 *
 * @param today `YYYY-MM-DD`
 * @returns how many were confirmed
 * @throws OfficeError `pay-table.settled-elsewhere`, `pay-table.ticked-meanwhile`, `pay-table.same-officer`,
 *   `pay-table.sponsored`, `pay-table.voucher-still-good`, `pay-table.voucher-without-end`, `pay-table.voucher-from-elsewhere`, `dispatch.restored` and its like,
 *   and what {@link getGivenOut} throws
 */
export async function confirmTicks(
  office: ConfirmingOffice,
  officerId: string,
  batchId: string,
  ticks: readonly ShownTick[],
  today: string,
): Promise<number> {
  const holder = office.dispatch.findOtherHolder(batchId)
  if (holder !== undefined) fail('pay-table.settled-elsewhere', { office: holder })
  for (let from = 0; from < ticks.length; from += SLICE) {
    if (from > 0) await breathe()
    office.store.transaction(officerId, (transaction) =>
      confirmSlice(office, transaction, batchId, ticks.slice(from, from + SLICE), today),
    )
  }
  return ticks.length
}

function confirmSlice(
  office: ConfirmingOffice,
  transaction: Transaction,
  batchId: string,
  ticks: readonly ShownTick[],
  today: string,
): void {
  const wanted = new Map(ticks.map(({ paymentId, tickId }) => [paymentId, tickId]))
  const given = getGivenOut(office, batchId)
  const lines = tableLinesOf(transaction.sql, given, [...wanted.keys()])
  if (lines.length !== ticks.length) fail('pay-table.ticked-meanwhile')
  const seen = lines.map((line) => {
    const tick = confirmable(transaction, line, wanted.get(line.payment.id))
    const outside = given.handedOut.get(line.payment.id) ?? fail('pay-table.not-given-out')
    if (tick.entry === 'absent') refuseWhileVoucherIsGood(outside, today)
    return tick
  })
  for (const tick of seen) {
    transaction.put('collection', {
      ...tick,
      id: newId(),
      entry: 'confirmed',
      confirms: tick.id,
    })
  }
  const words = lines.map(({ payment }, index) => wordOf(payment, seen[index] as Collection))
  const states = office.dispatch.settlePaidByHand(transaction, batchId, words)
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
  ...nothingSaid,
  paymentId: payment.id,
  status: tick.entry === 'collected' ? 'succ' : 'rjct',
  code: tick.entry === 'collected' ? '' : NOT_COLLECTED,
  text: tick.note,
  amount: tick.entry === 'collected' ? payment.amount : null,
  verified: true,
  theirTime: tick.day,
})
