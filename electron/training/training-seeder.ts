import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { ConnectorSettings } from '../../shared/model/tokenisation.ts'
import { usualConnector } from '../../shared/rules/tokenisation/defaults.ts'
import { connectorClaims, signClaims } from '../core/identity/signatures.ts'
import type { Office } from '../core/office.ts'
import { type Draft, OFFICE, type Store } from '../core/store/store.ts'
import { putConnectorPassword } from '../core/tokenisation/connectors.ts'
import { findSecret } from '../core/vault/secrets.ts'
import { type MtsProcess, startMtsProcess } from '../peers/mts/start-mts-process.ts'
import { type OdkCentralProcess, startOdkCentralProcess } from '../peers/odk-central/start-odk-central-process.ts'
import { hasVid, knownPeople } from './people/vids.ts'
import { submittingHouseholds, TRAINING_FORM, trainingForm, trainingSubmissions } from './training-form.ts'
import { peopleWithVid } from './training-identities.ts'
import { openTrainingRoot } from './training-officers.ts'
import { onItsPort, originOf } from './training-ports.ts'

const REGISTRY_CONNECTOR = 'training-registry-connector'
const FORM_CONNECTOR = 'training-form-connector'
const READER = 'seeder@example.org'
const PORT_MARKS = { mts: 'training-seeder-port', odk: 'training-forms-port' } as const

/** The token seeder and the forms of the training office while it is open. */
export interface TrainingSeeder {
  /** Where they listen, or listened when the office was open last. */
  origins(): readonly string[]
  leave(): Promise<void>
}

/**
 * Brings up a token seeder, with an ID system that knows the invented people, and a server of forms, beside what the officers do:
 * nobody waits for them. Where they cannot be brought up, what has to go there waits as for any server.
 *
 * @param after milliseconds until it begins: the first screen comes first
 */
export function openTrainingSeeder(office: Pick<Office, 'store' | 'http'>, after: number): TrainingSeeder {
  const { store, http } = office
  const leaving = new AbortController()
  let mts: MtsProcess | undefined
  let odk: OdkCentralProcess | undefined
  const bringUp = async (): Promise<void> => {
    await pause(after, undefined, { signal: leaving.signal })
    mts = await startMts(store)
    odk = await startForms(store)
    if (leaving.signal.aborted) return
    await appointConnectors(store, mts.origin, odk.origin)
    http.tryNow()
  }
  const up = bringUp().catch((error: unknown) => {
    if (!leaving.signal.aborted) console.warn('the training office works without its token seeder:', error)
  })
  return {
    origins: () => [...originOf(store, PORT_MARKS.mts, mts?.port), ...originOf(store, PORT_MARKS.odk, odk?.port)],
    async leave() {
      leaving.abort()
      await up
      await Promise.all([mts?.stop(), odk?.stop()])
    },
  }
}

function startMts(store: Store): Promise<MtsProcess> {
  const submitting = submittingHouseholds().flatMap(({ members: [head] }) => (head && hasVid(head) ? [head] : []))
  const { people, answers } = knownPeople([...peopleWithVid(), ...submitting])
  // Slow enough to be watched.
  const options = { people, answers, takesStrangers: false, processing: 700 }
  return onItsPort(store, PORT_MARKS.mts, (port) => startMtsProcess({ ...options, port }))
}

function startForms(store: Store): Promise<OdkCentralProcess> {
  const password = readerPassword(store)
  return onItsPort(store, PORT_MARKS.odk, (port) =>
    startOdkCentralProcess({
      port,
      projects: [{ id: 1, name: 'Training district' }],
      users: [{ email: READER, password, projects: [1] }],
      forms: [trainingForm],
      submissions: trainingSubmissions(Date.now()),
    }),
  )
}

/** Made on the first call. */
function readerPassword(store: Store): string {
  const known = findSecret(store, 'connector-password', FORM_CONNECTOR)
  if (known !== undefined) return known
  const made = randomBytes(18).toString('base64url')
  store.transaction(OFFICE, (transaction) => {
    putConnectorPassword(transaction, FORM_CONNECTOR, made)
    transaction.audit({ action: 'connector.password-set', subjectKind: 'connector', subjectId: FORM_CONNECTOR })
  })
  return made
}

/** Points the training connectors at the servers; signed anew only when those moved to another port. */
async function appointConnectors(store: Store, mtsUrl: string, odkUrl: string): Promise<void> {
  const form = usualConnector('odk')
  const settings: readonly (readonly [string, ConnectorSettings])[] = [
    [REGISTRY_CONNECTOR, { ...usualConnector('registry'), name: 'People on the registry', mtsUrl }],
    [
      FORM_CONNECTOR,
      {
        ...form,
        name: 'People from forms',
        mtsUrl,
        odk: { ...form.odk, baseUrl: odkUrl, projectId: '1', formId: TRAINING_FORM, email: READER },
      },
    ],
  ]
  for (const [id, wanted] of settings) {
    const known = store.find('connector', id)
    if (known?.removed === true || (known?.mtsUrl === mtsUrl && known.odk.baseUrl === wanted.odk.baseUrl)) continue
    const draft: Draft<'connector'> =
      known === undefined
        ? { ...wanted, id, removed: false, state: 'draft', runsAt: store.installationId, signature: '' }
        : { ...known, mtsUrl, odk: { ...known.odk, baseUrl: wanted.odk.baseUrl } }
    const root = await openTrainingRoot(store)
    const signature = await signClaims('connector', connectorClaims(draft), 'trust-root', root)
    store.transaction(OFFICE, (transaction) => {
      transaction.put('connector', { ...draft, signature })
      transaction.audit({ action: 'connector.appointed', subjectKind: 'connector', subjectId: id })
    })
  }
}
