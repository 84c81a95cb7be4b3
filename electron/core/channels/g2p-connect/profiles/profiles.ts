import { fail } from '../../../../../shared/contract/result.ts'
import type { PaymentManager } from '../../../../../shared/model/payment-manager.ts'
import { g2pConnect } from './g2p-connect-1.0/profile.ts'
import { openg2pBridge } from './openg2p-bridge/profile.ts'
import { openg2pClassic } from './openg2p-classic/profile.ts'
import type { ReceiverProfile } from './receiver-profile.ts'

/** Every kind of receiver that can be spoken to, in the order in which administrators are offered them. */
export const receiverProfiles: readonly ReceiverProfile[] = [g2pConnect, openg2pClassic, openg2pBridge]

const byName = new Map(receiverProfiles.map((profile) => [profile.name, profile]))

export const findProfile = (name: string): ReceiverProfile | undefined => byName.get(name)

/** @throws OfficeError `channel.profile-unknown` */
export const profileOf = ({ profile }: Pick<PaymentManager, 'profile'>): ReceiverProfile =>
  findProfile(profile) ?? fail('channel.profile-unknown', { profile })
