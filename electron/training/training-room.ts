import type { Role } from '../../shared/model/officer.ts'
import type { TrainingRoom } from '../core/core.ts'
import { makeOfficerKey, storeOfficerKey } from '../core/identity/officer-keys.ts'
import { officerClaims, signClaims } from '../core/identity/signatures.ts'
import { setTrustRoot } from '../core/identity/trust.ts'
import { OFFICE } from '../core/store/store.ts'

interface TrainingOfficer {
  readonly id: string
  readonly name: string
  readonly login: string
  readonly roles: readonly Role[]
  readonly pin: string
}

/** Invented officers; the administrator's key is the training office's trust root. */
const officers: readonly TrainingOfficer[] = [
  {
    id: 'training-administrator',
    name: 'Hana Worku',
    login: 'hana',
    roles: ['administrator', 'auditor'],
    pin: '314159',
  },
  { id: 'training-clerk', name: 'Samir Haddad', login: 'samir', roles: ['clerk'], pin: '271828' },
  { id: 'training-approver', name: 'Leila Okafor', login: 'leila', roles: ['approver'], pin: '161803' },
]

export const trainingRoom: TrainingRoom = {
  pins: Object.fromEntries(officers.map(({ id, pin }) => [id, pin])),

  async furnish({ store }) {
    const keys = await Promise.all(officers.map(({ id, pin }) => makeOfficerKey(id, pin)))
    const root = keys[0]
    if (root === undefined) throw new Error('the training office has no officers')
    const records = await Promise.all(
      officers.map(async ({ pin, ...officer }, index) => {
        const { signingKey } = keys[index] as (typeof keys)[number]
        const record = {
          ...officer,
          roles: [...officer.roles],
          removed: false,
          state: 'active' as const,
          signingKey,
          sponsors: [],
          signature: '',
        }
        return {
          ...record,
          signature: await signClaims('officer', officerClaims(record), 'trust-root', root.privateKey),
        }
      }),
    )
    store.transaction(OFFICE, (transaction) => {
      transaction.mark('office-name', 'Training office')
      setTrustRoot(transaction, root.signingKey)
      for (const [index, record] of records.entries()) {
        storeOfficerKey(transaction, record.id, (keys[index] as (typeof keys)[number]).sealed)
        transaction.put('officer', record)
      }
      transaction.mark('furnished', '1')
      transaction.audit({ action: 'training.furnished', subjectKind: 'office', subjectId: store.installationId })
    })
  },

  async enter() {
    return { leave: async () => undefined }
  },
}
