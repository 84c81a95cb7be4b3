import type { PaymentManager } from '../../../../../../shared/model/payment-manager.ts'
import type { AskedPayment, LookUpOutcome, Question } from '../../../channel.ts'
import type { Inquiry } from '../receiver-profile.ts'
import { readEnvelopeStatus, readStatus } from './status-reply.ts'

/**
 * Payments whose ids are known are asked about by them. For the others there is only the envelope, which tells whether the
 * message came in at all.
 */
export function bridgeInquiries(
  { payments, message }: Question,
  manager: PaymentManager,
): (Inquiry<LookUpOutcome> & Pick<Question, 'payments'>)[] {
  const named = payments.filter(({ theirReference }) => theirReference !== '')
  const nameless = payments.filter(({ theirReference }) => theirReference === '')
  const envelopeId = message?.openedAs ?? ''
  const byId = (asked: readonly AskedPayment[]): Inquiry<LookUpOutcome> => ({
    url: manager.statusEndpointUrl,
    action: manager.statusAction,
    count: asked.length,
    message: asked.map(({ theirReference }) => theirReference),
    read: (reading) => readStatus({ ...reading, payments: asked }, envelopeId),
  })
  const byEnvelope = (asked: readonly AskedPayment[]): Inquiry<LookUpOutcome> => ({
    url: manager.envelopeStatusUrl,
    action: 'get_disbursement_envelope_status',
    count: 1,
    message: envelopeId,
    read: (reading) => readEnvelopeStatus({ ...reading, payments: asked }, envelopeId),
  })
  return [
    ...(named.length > 0 ? [{ payments: named, ...byId(named) }] : []),
    ...(nameless.length > 0 ? [{ payments: nameless, ...byEnvelope(nameless) }] : []),
  ]
}
