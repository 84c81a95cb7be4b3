import { g2pConnect } from '../g2p-connect-1.0/profile.ts'
import type { ReceiverProfile } from '../receiver-profile.ts'

/**
 * What the Odoo module "G2P Payment G2P Connect" sends, for receivers that were built for it, such as the OpenG2P G2P Cash
 * Transfer Bridge. It calls every item received at once and stores it later, so what it took can be lost without a word; it
 * pays again what comes again; its `fail` is tried again; and its `rjct` also stands for a time-out after the money left.
 * The forms of the messages are those of the standard.
 */
export const openg2pClassic: ReceiverProfile = {
  ...g2pConnect,
  name: 'openg2p-classic',
  proven: { duplicateProtection: false, noMoneyMovedCodes: [], signedReplies: [] },
  suggested: {
    mode: 'sync',
    amountsFormat: 'shortest',
    scheduledTimestamp: 'always',
    statusBy: 'reference_id_list',
    statusAction: 'disburse',
    duplicateProtectionProven: false,
    noMoneyMovedCodes: [],
  },
  // By transaction it answers with a server error.
  takes: { mode: ['sync'], statusBy: ['reference_id_list'] },
}
