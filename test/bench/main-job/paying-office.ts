import { generateKeyPairSync } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OFFICE, Store } from '../../../electron/core/store/store.ts'
import { putMessageKey } from '../../../electron/core/vault/message-keys.ts'
import { publicJwk } from '../../../electron/core/vault/signing-keys.ts'
import { type G2pConnectPeer, startG2pConnectPeer } from '../../../electron/peers/g2p-connect/start-g2p-connect-peer.ts'
import { cycleId, enrolmentId, entitlementId } from '../../../shared/model/ids.ts'
import { addOfficer, managerDraft, phone, putManager } from '../../core/district.ts'
import { inventHouseholds, toRecords } from '../population.ts'

export const KEY = new Uint8Array(32).fill(7)
export const PROGRAMME = 'programme'
export const CYCLE = cycleId(PROGRAMME, 1)
export const MANAGER = 'manager'
export const DAY = '2026-03-15'
const SENDER_KEY = 'office-key'

/** Payments of one batch and of one message. */
export const BATCH_SIZE = 5_000
export const PART_SIZE = 500

const sender = generateKeyPairSync('ed25519')
export const senderKey = sender.privateKey

/**
 * A store in which so many households are entitled and nothing is prepared yet; copied for each run, so that all begin
 * alike.
 */
export async function makeTemplate(households: number): Promise<{ file: string; remove(): void }> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-template-'))
  const file = join(directory, 'office.db')
  const store = new Store({ file, key: { bytes: KEY } })
  await addOfficer({ store }, 'clerk', ['clerk'])
  await addOfficer({ store }, 'approver', ['approver'])
  store.transaction(OFFICE, (tx) => {
    putMessageKey(tx, 'signing', SENDER_KEY, sender.privateKey)
    tx.put('programme', {
      id: PROGRAMME,
      removed: false,
      name: 'Household cash',
      state: 'active',
      currency: 'ETB',
      target: 'group',
      entitlementRule: { kind: 'fixed', amount: 125_000 },
      fund: null,
      alternateRecipientAllowed: true,
      twoApproversAbove: null,
      paymentManagerId: MANAGER,
    })
    tx.put('cycle', {
      id: CYCLE,
      removed: false,
      programmeId: PROGRAMME,
      sequence: 1,
      name: 'March',
      startDate: '2026-03-01',
      endDate: '2026-03-31',
      state: 'approved',
      ceiling: null,
      makers: [],
      generationUnfinished: false,
    })
    tx.audit({ action: 'bench.programme', subjectKind: 'programme', subjectId: PROGRAMME })
  })
  const slice = 400
  let heads = 0
  for (let from = 1; from <= households; from += slice) {
    store.transaction(OFFICE, (tx) => {
      for (const household of inventHouseholds({ count: Math.min(slice, households - from + 1), seed: 3, from })) {
        const { registrants, memberships } = toRecords(household, '2025-06-01')
        // Behind the group comes its head; invented numbers may meet, and an address that is used twice is not paid.
        for (const [index, registrant] of registrants.entries()) {
          tx.put('registrant', index === 1 ? { ...registrant, phoneNumbers: phone(++heads) } : registrant)
        }
        for (const membership of memberships) tx.put('membership', membership)
        const group = registrants.find(({ kind }) => kind === 'group')
        if (group === undefined) throw new Error('a household without its group')
        tx.put('enrolment', {
          id: enrolmentId(PROGRAMME, group.id),
          removed: false,
          programmeId: PROGRAMME,
          registrantId: group.id,
          state: 'enrolled',
          reason: '',
          enrolledOn: '2025-07-01',
          endedOn: null,
          importId: '',
        })
        tx.put('entitlement', {
          id: entitlementId(CYCLE, group.id, 'cash'),
          removed: false,
          cycleId: CYCLE,
          programmeId: PROGRAMME,
          registrantId: group.id,
          code: 'cash',
          amount: 125_000,
          currency: 'ETB',
          state: 'approved',
          reason: '',
          importId: '',
        })
      }
      tx.audit({ action: 'bench.households', subjectKind: 'registry', subjectId: String(from) })
    })
  }
  store.close()
  return { file, remove: () => rmSync(directory, { recursive: true, force: true }) }
}

export interface RunPlace {
  readonly directory: string
  readonly peer: G2pConnectPeer
  end(): Promise<void>
}

/** A copy of the template in a folder of its own, and a payment system that has heard of nothing and pays at once. */
export async function makePlace(template: string): Promise<RunPlace> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-run-'))
  mkdirSync(join(directory, 'office'))
  copyFileSync(template, join(directory, 'office', 'office.db'))
  const peer = await startG2pConnectPeer({
    ledgerFile: join(directory, 'ledger.jsonl'),
    controlToken: 'bench-control-token',
    signatures: { required: true, keys: [{ ...publicJwk(sender.privateKey), kid: SENDER_KEY }] },
  })
  return {
    directory: join(directory, 'office'),
    peer,
    async end() {
      await peer.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** Appoints the place's payment system: asynchronous, signed both ways. */
export const appoint = (store: Store, { urls, publicKey }: G2pConnectPeer): Promise<void> =>
  putManager(
    { store },
    managerDraft(MANAGER, {
      batchTags: [{ id: 'all', name: 'Everybody', filter: '[]', maximumBatchSize: BATCH_SIZE }],
      paymentEndpointUrl: urls.disburse,
      statusEndpointUrl: urls.syncStatus,
      apiTimeout: 60,
      partSize: PART_SIZE,
      statusPageSize: PART_SIZE,
      statusCheckInterval: 600,
      signing: { kind: 'jws', keyId: SENDER_KEY, alg: 'EdDSA', lifetime: 1800 },
      replySigning: 'jws',
      receiverKey: { ...publicKey, alg: 'EdDSA' },
    }),
  )

export const SIGNED_BY = SENDER_KEY
