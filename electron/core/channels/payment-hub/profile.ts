import type { ManagerProfile } from '../manager-profiles.ts'

/** Payment Hub among the kinds of receiver. What only G2P Connect asks for stays at values that say nothing. */
export const paymentHubProfile: ManagerProfile = {
  kind: 'payment-hub',
  name: 'payment-hub',
  // An upload is never compared with earlier ones, and no failed row proves that no money moved.
  proven: { duplicateProtection: false, noMoneyMovedCodes: [], signedReplies: [] },
  canProtect: false,
  suggested: {
    mode: 'async',
    amountsFormat: 'shortest',
    scheduledTimestamp: 'never',
    statusBy: 'transaction_id',
    statusAction: 'batch-detail',
    duplicateProtectionProven: false,
    noMoneyMovedCodes: [],
  },
  takes: { mode: ['async'], statusBy: ['transaction_id'] },
  needs: [],
}
