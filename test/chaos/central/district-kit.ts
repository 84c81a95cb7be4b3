import { createCipheriv, generateKeyPairSync, type KeyObject, randomBytes, scryptSync } from 'node:crypto'
import { officerClaims, paymentManagerClaims, signClaims } from '../../../electron/core/identity/signatures.ts'
import type { Draft } from '../../../electron/core/store/store.ts'
import type { SealedBox } from '../../../electron/core/vault/sealing.ts'
import { cycleId, enrolmentId, entitlementId, registrantId } from '../../../shared/model/ids.ts'
import type { PublicKey, Role } from '../../../shared/model/officer.ts'
import type { RecordKind } from '../../../shared/model/records.ts'
import { type ManagerSettings, managerSettings, PIN } from '../../core/dispatch/approved-batches.ts'

/*
 * What the offices of a district have in common: trust root, officers, one programme with an approved cycle, and people who
 * are entitled. Plain JSON, since it goes to the offices' processes.
 */

export const CYCLE = cycleId('programme', 1)

export interface OfficerInKit {
  readonly record: Draft<'officer'>
  readonly sealed: SealedBox
}

/** Officers of one office, by what they do there. */
export const officersOf = (office: number) => ({
  clerk: `clerk-${office}`,
  approver: `approver-${office}`,
  administrator: `administrator-${office}`,
})

export interface DistrictKit {
  readonly root: PublicKey
  /** By office. */
  readonly officers: readonly (readonly OfficerInKit[])[]
  readonly records: readonly { readonly kind: RecordKind; readonly draft: object }[]
  readonly people: readonly string[]
}

export interface KitWish {
  readonly offices: number
  readonly people: number
  readonly manager: ManagerSettings
  readonly urls: { readonly disburse: string; readonly status: string }
  readonly random: () => number
}

export async function makeKit({ offices, people, manager, urls, random }: KitWish): Promise<DistrictKit> {
  const root = generateKeyPairSync('ed25519')
  const officers = await Promise.all(
    Array.from({ length: offices }, async (_, office) => {
      const { clerk, approver, administrator } = officersOf(office)
      return [
        await makeOfficer(root.privateKey, clerk, ['clerk']),
        await makeOfficer(root.privateKey, approver, ['approver']),
        await makeOfficer(root.privateKey, administrator, ['administrator', 'auditor']),
      ]
    }),
  )
  const settings = managerSettings(urls, { ...manager, batchTags: [EVERYBODY] })
  const claims = paymentManagerClaims({ ...settings, signature: '' })
  const signature = await signClaims('payment-manager', claims, 'trust-root', root.privateKey)
  const numbers = Array.from({ length: people }, (_, n) => `P${n}`)
  return {
    root: publicPart(root.publicKey),
    officers,
    records: [
      { kind: 'paymentManager', draft: { ...settings, signature } },
      { kind: 'programme', draft: programme },
      { kind: 'cycle', draft: cycle },
      ...numbers.flatMap((number, n) => person(number, n, random)),
    ],
    people: numbers.map(registrantId),
  }
}

const EVERYBODY = { id: 'all', name: 'Everybody', filter: '[]', maximumBatchSize: 7 }

const publicPart = (key: KeyObject): PublicKey => ({
  kty: 'OKP',
  crv: 'Ed25519',
  x: key.export({ format: 'jwk' }).x as string,
})

async function makeOfficer(root: KeyObject, id: string, roles: readonly Role[]): Promise<OfficerInKit> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const record: Draft<'officer'> = {
    id,
    removed: false,
    name: id,
    login: id,
    roles: [...roles],
    state: 'active',
    signingKey: publicPart(publicKey),
    sponsors: [],
    signature: '',
  }
  const signature = await signClaims('officer', officerClaims(record), 'trust-root', root)
  const content = privateKey.export({ format: 'der', type: 'pkcs8' })
  return { record: { ...record, signature }, sealed: sealCheaply(content, `officer key ${id}`) }
}

/** As the vault seals under a PIN, in a hundredth of the time: a storm asks for hundreds of PINs. */
function sealCheaply(content: Uint8Array, purpose: string): SealedBox {
  const cost = { N: 2 ** 8, r: 8, p: 1 }
  const [salt, nonce] = [randomBytes(16), randomBytes(12)]
  const cipher = createCipheriv('aes-256-gcm', scryptSync(PIN, salt, 32, cost), nonce).setAAD(Buffer.from(purpose))
  const box = Buffer.concat([cipher.update(content), cipher.final()])
  return {
    method: 'scrypt-aes-256-gcm',
    ...cost,
    salt: salt.toString('base64url'),
    nonce: nonce.toString('base64url'),
    tag: cipher.getAuthTag().toString('base64url'),
    box: box.toString('base64url'),
  }
}

const programme: Draft<'programme'> = {
  id: 'programme',
  removed: false,
  name: 'Safety net',
  state: 'active',
  currency: 'ETB',
  target: 'individual',
  entitlementRule: { kind: 'none' },
  fund: null,
  alternateRecipientAllowed: false,
  twoApproversAbove: null,
  paymentManagerId: 'manager',
}

const cycle: Draft<'cycle'> = {
  id: CYCLE,
  removed: false,
  programmeId: 'programme',
  sequence: 1,
  name: 'First cycle',
  startDate: '2020-01-01',
  endDate: '2035-01-31',
  state: 'approved',
  ceiling: null,
  makers: [],
  generationUnfinished: false,
}

/** A registrant with a phone, enrolled, with one or two approved entitlements. */
function person(number: string, n: number, random: () => number): DistrictKit['records'] {
  const id = registrantId(number)
  const registrant: Draft<'registrant'> = {
    id,
    removed: false,
    kind: 'individual',
    registryNumber: number,
    name: `Person ${number}`,
    givenName: 'Person',
    familyName: number,
    additionalName: '',
    groupKind: '',
    gender: '',
    birthdate: null,
    deceasedOn: null,
    address: '',
    area: 'North',
    modeOfPayment: 'digital',
    tags: [],
    phoneNumbers: [{ id: `phone-${n}`, number: `+2519${11_000_000 + n}`, preferred: true, disabled: false }],
    emails: [],
    bankAccounts: [],
    registrationDate: '2019-01-01',
    importId: '',
  }
  const enrolment: Draft<'enrolment'> = {
    id: enrolmentId('programme', id),
    removed: false,
    programmeId: 'programme',
    registrantId: id,
    state: 'enrolled',
    reason: '',
    enrolledOn: '2019-02-01',
    endedOn: null,
    importId: '',
  }
  const codes = random() < 0.2 ? ['cash', 'school'] : ['cash']
  const entitlements = codes.map(
    (code): Draft<'entitlement'> => ({
      id: entitlementId(CYCLE, id, code),
      removed: false,
      cycleId: CYCLE,
      programmeId: 'programme',
      registrantId: id,
      code,
      amount: 10_000 + n,
      currency: 'ETB',
      state: 'approved',
      reason: '',
      importId: '',
    }),
  )
  return [
    { kind: 'registrant', draft: registrant },
    { kind: 'enrolment', draft: enrolment },
    ...entitlements.map((draft) => ({ kind: 'entitlement' as const, draft })),
  ]
}
