import { refusalsBeforeAcceptance } from '../../../../../../shared/rules/retry-class.ts'
import { disburseMessage, statusMessage } from '../../messages.ts'
import { readPostReply, readStatusReply } from '../../replies.ts'
import type { ReceiverProfile } from '../receiver-profile.ts'

/** G2P Connect 1.0.0 as the specification has it, asynchronous or synchronous. */
export const g2pConnect: ReceiverProfile = {
  name: 'g2p-connect-1.0',
  proven: { duplicateProtection: false, noMoneyMovedCodes: refusalsBeforeAcceptance, signedReplies: [] },
  canProtect: true,
  suggested: {
    mode: 'async',
    amountsFormat: 'two-decimals',
    // Optional in the specification, but receivers in use insist on it.
    scheduledTimestamp: 'always',
    statusBy: 'reference_id_list',
    statusAction: 'txn-status',
    duplicateProtectionProven: false,
    noMoneyMovedCodes: [...refusalsBeforeAcceptance],
  },
  takes: {},
  needs: [],
  message: disburseMessage,
  posted: ({ message, count }) => ({ action: 'disburse', count, message }),
  asksBy: ({ statusBy }) => (statusBy === 'reference_id_list' ? 'payments' : 'messages'),
  inquiries(question, manager) {
    const { payments } = question
    return [
      {
        payments,
        url: manager.statusEndpointUrl,
        action: manager.statusAction,
        count: payments.length,
        message: statusMessage(question, manager),
        read: (reading) => readStatusReply({ ...reading, payments }),
      },
    ]
  },
  readPostReply,
}
