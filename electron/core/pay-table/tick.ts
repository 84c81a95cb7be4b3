import { fail } from '../../../shared/contract/result.ts'
import { newId } from '../../../shared/model/ids.ts'
import type { Collection } from '../../../shared/model/pay-table.ts'
import { isOpenOutside } from '../../../shared/rules/payment-life.ts'
import { cleanLine } from '../../../shared/rules/text.ts'
import { getGivenOut, type PayTableOffice, refuseWhileVoucherIsGood } from './given-out.ts'
import { tableLinesOf } from './standing.ts'

/** Most payments in one call: what belongs together is written in one transaction. */
export const MOST_TICKS = 500

export interface Tick
  extends Pick<Collection, 'by' | 'deputyName' | 'deputyRelation' | 'witness' | 'note' | 'day' | 'voucherSeen'> {
  readonly entry: 'collected' | 'absent' | 'taken-back'
}

/**
 * Writes down what happened at the pay table. A new tick takes the place of one that nobody has confirmed, but who is ticked
 * as having collected is taken back first; nothing is settled before a second officer confirms it.
 *
 * @param today `YYYY-MM-DD`
 * @throws OfficeError `pay-table.not-paid-by-hand`, `pay-table.not-given-out`, `pay-table.not-open`,
 *   `pay-table.already-collected`, `pay-table.day-in-future`, `pay-table.deputy-needs-name`, `pay-table.deputy-needs-witness`,
 *   `pay-table.voucher-still-good`, `pay-table.voucher-without-end`, `pay-table.voucher-from-elsewhere`
 */
export function tickPayments(
  office: PayTableOffice,
  officerId: string,
  batchId: string,
  paymentIds: readonly string[],
  tick: Tick,
  today: string,
): void {
  if (tick.day > today) fail('pay-table.day-in-future')
  const said = cleaned(tick)
  if (said.entry === 'collected' && said.by === 'deputy') {
    if (said.deputyName === '') fail('pay-table.deputy-needs-name')
    if (said.witness === '') fail('pay-table.deputy-needs-witness')
  }
  office.store.transaction(officerId, (transaction) => {
    const given = getGivenOut(office, batchId)
    const lines = tableLinesOf(transaction.sql, given, paymentIds)
    if (lines.length !== new Set(paymentIds).size) fail('pay-table.not-open')
    for (const { payment, tick: before, standing } of lines) {
      const open = said.entry === 'taken-back' ? standing === 'collected' || standing === 'absent' : true
      if (!open || !isOpenOutside(payment.state)) fail('pay-table.not-open')
      const outside = given.handedOut.get(payment.id) ?? fail('pay-table.not-given-out')
      if (said.entry === 'absent') refuseWhileVoucherIsGood(outside, today)
      // Two officers at one table, or one who looks away: the second one must not hand the money out again.
      if (said.entry === 'collected' && standing === 'collected') {
        fail('pay-table.already-collected', { name: payment.payeeName, day: before?.day ?? '' })
      }
      transaction.put('collection', {
        ...said,
        // What is taken back is told as it was.
        ...(said.entry === 'taken-back' && before !== undefined ? detailOf(before) : {}),
        id: newId(),
        paymentId: payment.id,
        batchId,
        confirms: '',
      })
    }
    transaction.audit({
      action: `pay-table.${tick.entry}`,
      subjectKind: lines.length === 1 ? 'payment' : 'batch',
      subjectId: lines.length === 1 ? (lines[0]?.payment.id ?? batchId) : batchId,
      detail: { count: lines.length, day: tick.day, by: tick.by },
    })
  })
}

const detailOf = ({ by, deputyName, deputyRelation, witness, note, day, voucherSeen }: Collection) => ({
  ...{ by, deputyName, deputyRelation, witness, note, day, voucherSeen },
})

/** Of somebody who did not come, nobody took anything. */
function cleaned(tick: Tick): Tick {
  const line = (text: string): string => cleanLine(text, 200).text
  const deputy = tick.entry === 'collected' && tick.by === 'deputy'
  return {
    ...tick,
    by: deputy ? 'deputy' : 'payee',
    deputyName: deputy ? line(tick.deputyName) : '',
    deputyRelation: deputy ? line(tick.deputyRelation) : '',
    witness: line(tick.witness),
    note: cleanLine(tick.note, 500).text,
    voucherSeen: tick.entry === 'collected' && tick.voucherSeen,
  }
}
