import { createPrivateKey, createPublicKey } from 'node:crypto'
import { putCentralPassword, putCentralSettings } from '../../electron/core/central/settings.ts'
import type { Core, TrainingRoom } from '../../electron/core/core.ts'
import { makeOfficerKey, storeOfficerKey } from '../../electron/core/identity/officer-keys.ts'
import { officerClaims, signClaims } from '../../electron/core/identity/signatures.ts'
import { setTrustRoot } from '../../electron/core/identity/trust.ts'
import type { Office } from '../../electron/core/office.ts'
import { OFFICE } from '../../electron/core/store/store.ts'
import { inventHouseholds } from '../../electron/training/people/people.ts'
import { TRAINING_MANAGER } from '../../electron/training/training-manager.ts'
import { entitleHousehold, foundProgramme } from '../../electron/training/training-programme.ts'
import { trainingRoom } from '../../electron/training/training-room.ts'
import type { PublicKey, Role } from '../../shared/model/officer.ts'
import { managerSettings, putManager } from '../core/dispatch/approved-batches.ts'
import type { DistrictOfficeScript, DistrictOrder } from './district-office.ts'
import { serveOffice } from './office-behind-door.ts'

/* A laptop of a district behind the browser door: its officers are signed by the district's trust root. */

const [dataDirectory = '', screens = '', text = '{}'] = process.argv.slice(2)
const script: DistrictOfficeScript = JSON.parse(text)
const root = createPrivateKey(script.trustRoot)

const rolesOf: Readonly<Record<keyof DistrictOfficeScript['officers'], Role[]>> = {
  clerk: ['clerk'],
  approver: ['approver'],
  administrator: ['administrator', 'auditor'],
}

async function appointOfficers({ store }: Office): Promise<void> {
  const made = await Promise.all(
    (['clerk', 'approver', 'administrator'] as const).map(async (place) => {
      const { name, pin } = script.officers[place]
      const login = name.toLowerCase().replaceAll(' ', '.')
      const { signingKey, sealed } = await makeOfficerKey(login, pin)
      const record = {
        id: login,
        removed: false,
        name,
        login,
        roles: rolesOf[place],
        state: 'active' as const,
        signingKey,
        sponsors: [],
        signature: '',
      }
      const signature = await signClaims('officer', officerClaims(record), 'trust-root', root)
      return { record: { ...record, signature }, sealed }
    }),
  )
  const { x } = createPublicKey(root).export({ format: 'jwk' })
  store.transaction(OFFICE, (tx) => {
    setTrustRoot(tx, { kty: 'OKP', crv: 'Ed25519', x } as PublicKey)
    for (const { record, sealed } of made) {
      storeOfficerKey(tx, record.id, sealed)
      tx.put('officer', record)
    }
    tx.audit({ action: 'test.officers', subjectKind: 'office', subjectId: store.installationId })
  })
}

const room: TrainingRoom = {
  ...trainingRoom,
  async furnish(office) {
    const { store } = office
    await appointOfficers(office)
    if (script.founds) {
      const usual = managerSettings(script.payment)
      await putManager(store, root, { ...usual, id: TRAINING_MANAGER, createBatch: false, partSize: 500 })
      foundProgramme(store, Date.now())
    }
    store.transaction(OFFICE, (tx) => {
      tx.mark('office-name', script.officeName)
      tx.mark('furnished', '1')
      tx.audit({ action: 'test.furnished', subjectKind: 'office', subjectId: store.installationId })
    })
  },
  enter: async () => ({
    origins: () => [new URL(script.central.url).origin, script.payment.origin],
    leave: async () => undefined,
  }),
}

/** As a provisioning does: the first contact tries the server out. */
async function joinDistrict(core: Core): Promise<void> {
  await core.openTraining()
  const { store, central } = core.getOffice()
  const { password, ...settings } = script.central
  store.transaction(OFFICE, (tx) => {
    putCentralSettings(tx, { ...settings, certificateAuthority: '', everyMinutes: 5 })
    putCentralPassword(tx, password)
    central.begin(tx)
    tx.audit({ action: 'test.central', subjectKind: 'office', subjectId: store.installationId })
  })
}

await serveOffice<DistrictOrder>({
  dataDirectory,
  screens,
  room,
  minute: 1_000,
  opened: joinDistrict,
  async obey({ entitle }, core) {
    const { store } = core.getOffice()
    store.transaction(OFFICE, (tx) => {
      for (const household of inventHouseholds({ count: 1, seed: 1, from: entitle })) {
        entitleHousehold(tx, household, Date.now())
      }
      tx.audit({ action: 'test.household', subjectKind: 'registry', subjectId: String(entitle) })
    })
  },
})
