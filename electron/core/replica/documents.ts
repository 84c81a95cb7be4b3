import type { ReplicatedDocument } from '../../../shared/contract/replica.ts'
import type { RecordOf } from '../../../shared/model/records.ts'
import type { PaymentManagerView, ReplicaName } from '../../../shared/model/replica.ts'
import { maskFinancialAddress } from '../../../shared/rules/financial-address.ts'
import { toPaymentView } from '../batches/queries.ts'
import { identityNumbersOf } from '../registry/identity-commands.ts'
import { toRegistrantView } from '../registry/registrant-view.ts'
import type { Statement } from '../store/database.ts'

type Sql = { sql(text: string): Statement }

/** A manager without the payer's account and without what covers it. */
function toPaymentManagerView(manager: RecordOf<'paymentManager'>): PaymentManagerView {
  const { payerAddress, certificateAuthority, signature, ...open } = manager
  return { ...open, payerAddressHint: maskFinancialAddress(payerAddress) }
}

/**
 * A record as it crosses to the screens' replica: the masked view where there is one. The only place where documents of
 * the replica are made; account numbers, phones, e-mails, identity values and payee addresses end here.
 */
export function toDocument(from: Sql, name: ReplicaName, body: string): ReplicatedDocument {
  return { ...view(from, name, JSON.parse(body)), _deleted: false }
}

function view(from: Sql, name: ReplicaName, record: { id: string }): { id: string } {
  switch (name) {
    case 'registrants': {
      const registrant = record as RecordOf<'registrant'>
      return toRegistrantView(registrant, identityNumbersOf(from, registrant.id))
    }
    case 'payments':
      return toPaymentView(record as RecordOf<'payment'>)
    case 'paymentManagers':
      return toPaymentManagerView(record as RecordOf<'paymentManager'>)
    default:
      return record
  }
}

/** What stands for a document that the store does not have: it goes away in the replica. */
export const absent = (id: string): ReplicatedDocument => ({ id, _deleted: true })
