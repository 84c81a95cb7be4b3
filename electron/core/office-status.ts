import type { Fault } from '../../shared/contract/result.ts'
import type { Role } from '../../shared/model/officer.ts'
import type { Office } from './office.ts'
import { findRetirement } from './store/retirement.ts'
import { hasKeyFile, needsPassphrase } from './vault/key-file.ts'

/** What the sign-in screen shows before anybody is signed in. */
export interface OfficeStatus {
  /** `none`: nothing was set up yet; `locked`: the passphrase is needed; `open`: officers can sign in. */
  readonly state: 'none' | 'locked' | 'open'
  readonly training: boolean
  readonly officeName: string
  readonly officers: readonly { id: string; name: string; login: string; roles: readonly Role[] }[]
  /** The training office shows its officers' PINs. */
  readonly trainingPins: Readonly<Record<string, string>>
  /** A provisioning file waits for the passphrase under which the office is to be made. */
  readonly provisionWaits: boolean
  /** What opens a locked office: somebody who knows the passphrase, or the key store of the system. */
  readonly opensBy: 'passphrase' | 'key-store'
  /** Why the key store did not open it; null where it was not asked, or did. */
  readonly keyStoreFault: Fault | null
  /** The office moved to another laptop, or is about to; null where it lives here. */
  readonly retired: { readonly at: number; readonly isWhole: boolean } | null
}

/** Of a real office that is not open, or not there yet. */
export function closedStatus(directory: string, hasProvisionFile: boolean, keyStoreFault: Fault | null): OfficeStatus {
  const state = hasKeyFile(directory) ? 'locked' : 'none'
  return {
    state,
    training: false,
    officeName: '',
    officers: [],
    trainingPins: {},
    provisionWaits: state === 'none' && hasProvisionFile,
    opensBy: state === 'none' || needsPassphrase(directory) ? 'passphrase' : 'key-store',
    keyStoreFault,
    retired: null,
  }
}

/** @param pins of the training office's officers, for the training office alone */
export function openStatus(office: Office, pins: Readonly<Record<string, string>>): OfficeStatus {
  const officers = office.store
    .sql("SELECT body FROM officer WHERE removed = 0 AND state = 'active' ORDER BY login")
    .pluck()
    .all() as string[]
  return {
    state: 'open',
    training: office.training,
    officeName: office.store.findMark('office-name') ?? '',
    officers: officers.map((body) => {
      const { id, name, login, roles } = JSON.parse(body)
      return { id, name, login, roles }
    }),
    trainingPins: office.training ? pins : {},
    provisionWaits: false,
    opensBy: office.training || needsPassphrase(office.directory) ? 'passphrase' : 'key-store',
    keyStoreFault: null,
    retired: office.retired ? retirementOf(office) : null,
  }
}

/** An older store in a folder that was retired does not know when. */
function retirementOf({ store }: Office): NonNullable<OfficeStatus['retired']> {
  const found = findRetirement(store)
  return { at: found?.at ?? 0, isWhole: found === undefined || found.backup !== null }
}
