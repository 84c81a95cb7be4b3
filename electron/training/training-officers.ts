import type { KeyObject } from 'node:crypto'
import type { Role } from '../../shared/model/officer.ts'
import { makeOfficerKey, openOfficerKey, storeOfficerKey } from '../core/identity/officer-keys.ts'
import { officerClaims, signClaims } from '../core/identity/signatures.ts'
import { setTrustRoot } from '../core/identity/trust.ts'
import { OFFICE, type Store } from '../core/store/store.ts'

interface TrainingOfficer {
  readonly id: string
  readonly name: string
  readonly login: string
  readonly roles: readonly Role[]
  readonly pin: string
}

const administrator: TrainingOfficer = {
  id: 'training-administrator',
  name: 'Hana Worku',
  login: 'hana',
  roles: ['administrator', 'auditor'],
  pin: '314159',
}

/** Invented officers; the administrator's key is the training office's trust root. */
const officers: readonly TrainingOfficer[] = [
  { id: 'training-clerk', name: 'Samir Haddad', login: 'samir', roles: ['clerk'], pin: '271828' },
  { id: 'training-approver', name: 'Leila Okafor', login: 'leila', roles: ['approver'], pin: '161803' },
  administrator,
]

/** Shown beside the officers on the sign-in screen of the training office, by officer id. */
export const trainingPins: Readonly<Record<string, string>> = Object.fromEntries(
  officers.map(({ id, pin }) => [id, pin]),
)

export async function appointOfficers(store: Store): Promise<void> {
  const made = await Promise.all(
    officers.map(async ({ pin, ...officer }) => ({ officer, key: await makeOfficerKey(officer.id, pin) })),
  )
  const root = made.find(({ officer }) => officer.id === administrator.id)?.key
  if (root === undefined) throw new Error('the training office has no administrator')
  const records = await Promise.all(
    made.map(async ({ officer, key }) => {
      const record = {
        ...officer,
        roles: [...officer.roles],
        removed: false,
        state: 'active' as const,
        signingKey: key.signingKey,
        sponsors: [],
        signature: '',
      }
      const signature = await signClaims('officer', officerClaims(record), 'trust-root', root.privateKey)
      return { record: { ...record, signature }, sealed: key.sealed }
    }),
  )
  store.transaction(OFFICE, (transaction) => {
    setTrustRoot(transaction, root.signingKey)
    for (const { record, sealed } of records) {
      storeOfficerKey(transaction, record.id, sealed)
      transaction.put('officer', record)
    }
    transaction.audit({
      action: 'training.officers-appointed',
      subjectKind: 'office',
      subjectId: store.installationId,
      detail: { count: records.length },
    })
  })
}

/** The trust root's private half; its PIN is no secret in the training office. */
export const openTrainingRoot = (store: Store): Promise<KeyObject> =>
  openOfficerKey(store, administrator.id, administrator.pin)
