import { fail } from '../../../shared/contract/result.ts'
import type { CentralSettings } from '../../../shared/model/central.ts'
import type { Office } from '../office.ts'
import { findCentralPassword, findCentralSettings, isAuthority, isEncryptedEnough } from './settings.ts'

/**
 * Tries a central server out and takes it up when all is well; nothing is kept of one that is not. Where no password is given
 * the one that is kept stands, for the same server and user only: another one must not be told it.
 *
 * @throws OfficeError `central.url-not-encrypted`, `central.authority-unreadable`, `central.password-missing`,
 *   `central.no-district`, `central.other-trust-root` and what the server or the line stands in the way with
 */
export async function configureCentral(
  { store, central }: Pick<Office, 'store' | 'central'>,
  officerId: string,
  settings: CentralSettings,
  password: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!isEncryptedEnough(settings.url)) fail('central.url-not-encrypted')
  if (!isAuthority(settings.certificateAuthority)) fail('central.authority-unreadable')
  const before = findCentralSettings(store)
  const isSame = before !== undefined && before.url === settings.url && before.user === settings.user
  const used = password !== '' ? password : isSame ? findCentralPassword(store) : undefined
  await central.configure(officerId, settings, used ?? fail('central.password-missing'), signal)
}
