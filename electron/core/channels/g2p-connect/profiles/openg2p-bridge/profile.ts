import type { ReceiverProfile } from '../receiver-profile.ts'
import { bridgeMessage, envelopeRequest, inEnvelope } from './messages.ts'
import { readDisbursements, readOpening } from './post-reply.ts'
import { bridgeInquiries } from './questions.ts'

/**
 * The OpenG2P G2P Bridge: one envelope for each part, made before the part is sealed, then the disbursements in it. It takes a
 * message whole or not at all, and answers about a payment only by the id that it gave it. Where the answer with those ids
 * was lost, the envelope tells whether the message was taken, and nothing tells what became of each payment.
 */
export const openg2pBridge: ReceiverProfile = {
  name: 'openg2p-bridge',
  proven: { duplicateProtection: false, noMoneyMovedCodes: [], signedReplies: [] },
  // What comes again makes new disbursements; only the declared count stands in the way, and it is checked without a lock.
  canProtect: false,
  suggested: {
    mode: 'sync',
    amountsFormat: 'shortest',
    scheduledTimestamp: 'never',
    statusBy: 'reference_id_list',
    statusAction: 'get_disbursement_status',
    duplicateProtectionProven: false,
    noMoneyMovedCodes: [],
  },
  takes: { mode: ['sync'], statusBy: ['reference_id_list'] },
  needs: ['envelopeUrl', 'envelopeStatusUrl'],
  message: bridgeMessage,
  posted: (part, openedAs) => ({
    action: 'create_disbursements',
    count: part.count,
    message: inEnvelope(part.message, openedAs),
  }),
  opening: (part, submission, manager, now) => ({
    url: manager.envelopeUrl,
    ...envelopeRequest(part, submission, now),
    read: readOpening,
  }),
  asksBy: () => 'messages',
  inquiries: bridgeInquiries,
  readPostReply: readDisbursements,
}
