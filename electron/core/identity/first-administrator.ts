import { newId } from '../../../shared/model/ids.ts'
import type { Store } from '../store/store.ts'
import { makeOfficerKey, storeOfficerKey } from './officer-keys.ts'
import { officerClaims, signClaims } from './signatures.ts'
import { setTrustRoot } from './trust.ts'

export interface FirstAdministrator {
  readonly name: string
  readonly login: string
  readonly pin: string
}

/**
 * An office that was set up by hand: its first administrator's key is the trust root from which every later officer
 * and payment manager is signed.
 *
 * @throws OfficeError `identity.weak-pin`
 */
export async function createFirstAdministrator(
  store: Store,
  { officeName, soleOffice }: { readonly officeName: string; readonly soleOffice: boolean },
  { name, login, pin }: FirstAdministrator,
): Promise<void> {
  const id = newId()
  const { signingKey, sealed, privateKey } = await makeOfficerKey(id, pin)
  const officer = {
    id,
    removed: false,
    name,
    login,
    roles: ['administrator' as const],
    state: 'active' as const,
    signingKey,
    sponsors: [],
    signature: '',
  }
  const signature = await signClaims('officer', officerClaims(officer), 'trust-root', privateKey)
  store.transaction(id, (transaction) => {
    transaction.mark('office-name', officeName)
    transaction.mark('sole-office', soleOffice ? '1' : '0')
    setTrustRoot(transaction, signingKey)
    storeOfficerKey(transaction, id, sealed)
    transaction.put('officer', { ...officer, signature })
    transaction.audit({ action: 'office.created', subjectKind: 'officer', subjectId: id, detail: { soleOffice } })
  })
}
