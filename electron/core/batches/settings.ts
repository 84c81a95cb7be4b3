import { fail } from '../../../shared/contract/result.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import type { Cycle, Programme } from '../../../shared/model/programme.ts'
import type { ReadContext } from '../store/read-query.ts'
import type { ExaminationSettings } from './examination.ts'

/** @throws OfficeError `store.not-found`, `batches.no-manager` */
export function readSettings({ sql }: Pick<ReadContext, 'sql'>, cycleId: string, day: string): ExaminationSettings {
  const read = <T>(table: string, id: string): T | undefined => {
    const body = sql(`SELECT body FROM ${table} WHERE id = ? AND removed = 0`).pluck().get(id) as string | undefined
    return body === undefined ? undefined : (JSON.parse(body) as T)
  }
  const cycle = read<Cycle>('cycle', cycleId) ?? fail('store.not-found', { kind: 'cycle' })
  const programme = read<Programme>('programme', cycle.programmeId) ?? fail('store.not-found', { kind: 'programme' })
  const manager = read<PaymentManager>('payment_manager', programme.paymentManagerId) ?? fail('batches.no-manager')
  return { programme, cycle, manager, day }
}
