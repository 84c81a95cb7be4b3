import type { PaymentManager } from '../../../shared/model/payment-manager.ts'
import { receiverProfiles } from './g2p-connect/profiles/profiles.ts'
import type { ReceiverProfile } from './g2p-connect/profiles/receiver-profile.ts'
import { paymentHubProfile } from './payment-hub/profile.ts'

/** A kind of receiver that a payment manager can be for: what it is known for, and the settings that suit it. */
export type ManagerProfile = Pick<
  ReceiverProfile,
  'name' | 'proven' | 'suggested' | 'takes' | 'needs' | 'canProtect'
> & { readonly kind: PaymentManager['kind'] }

/** The kinds of receiver of all channels, in the order in which they are offered. */
export const managerProfiles: readonly ManagerProfile[] = [
  ...receiverProfiles.map(({ name, proven, suggested, takes, needs, canProtect }) => ({
    kind: 'g2p-connect' as const,
    name,
    proven,
    suggested,
    takes,
    needs,
    canProtect,
  })),
  paymentHubProfile,
]
