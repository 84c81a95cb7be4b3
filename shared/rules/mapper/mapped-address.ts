import type { MapperSettings } from '../../model/mapper.ts'
import { formatFinancialAddress } from '../financial-address.ts'
import { type Ruling, refused, ruled } from '../ruling.ts'
import type { MappedAccount } from './account.ts'

/** What of the settings makes an address out of an account. */
export type AddressSettings = Pick<MapperSettings, 'addressTypes' | 'kinds' | 'providers' | 'onlyListedProviders'>

const key = (code: string): string => code.trim().toLowerCase()

/** The provider as the payment system names it. Errors: `mapper.provider-unlisted`. */
function providerFor(code: string, { providers, onlyListedProviders }: AddressSettings): Ruling<string> {
  const listed = providers.find(({ theirs }) => key(theirs) === key(code))
  if (listed !== undefined) return ruled(listed.ours)
  return onlyListedProviders ? refused('mapper.provider-unlisted', { provider: code }) : ruled(code)
}

/**
 * The payee's financial address for an account, as it goes on the wire to the payment system.
 *
 * @param told the provider that the mapper named beside the account; empty where it named none
 */
export function mappedAddress(
  { kind, value, provider }: MappedAccount,
  told: string,
  settings: AddressSettings,
): Ruling<{ readonly address: string; readonly provider: string }> {
  // A number of one kind can look like one of another, and would be somebody else's there.
  if (!settings.kinds.includes(kind)) return refused('mapper.kind-not-paid')
  // Of two names for the provider nobody here can tell which is right.
  if (provider !== '' && told !== '' && key(provider) !== key(told)) return refused('mapper.provider-unclear')
  const theirs = provider === '' ? told : provider
  if (theirs === '' && kind !== 'email') return refused('mapper.no-provider')
  const ours = theirs === '' ? ruled('') : providerFor(theirs, settings)
  if (!ours.ok) return ours
  const address = formatFinancialAddress({ type: settings.addressTypes[kind], id: value, provider: ours.value })
  return address.ok ? ruled({ address: address.value, provider: theirs }) : refused('mapper.address-unreadable')
}
