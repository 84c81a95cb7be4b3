import { fail } from '../../../shared/contract/result.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import { currencyDigits } from '../../../shared/rules/currency.ts'
import { filterSchemas, parse, prepare } from '../../../shared/rules/filter/index.ts'
import type { Transaction } from '../store/store.ts'

/**
 * Whether the manager's "Filter Batches to Send" lets a batch through.
 *
 * @throws OfficeError `filter.*` when the filter cannot be read
 */
export function letsThrough(
  { sendFilter }: Pick<PaymentManager, 'sendFilter'>,
  batch: Batch,
  find: Transaction['find'],
): boolean {
  const parsed = parse(sendFilter)
  if (!parsed.ok) fail(parsed.error.code, { ...parsed.error.params, offset: parsed.error.offset })
  const digits = currencyDigits(batch.currency)
  const prepared = prepare(parsed.domain, filterSchemas(digits.ok ? digits.value : 2).batch, (record, id) => {
    if (record === 'programme') return find('programme', id)
    return record === 'cycle' ? find('cycle', id) : undefined
  })
  if (!prepared.ok) fail(prepared.error.code, { ...prepared.error.params, offset: prepared.error.offset })
  return prepared.test(batch)
}
