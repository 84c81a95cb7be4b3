import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHttp, type Http } from '../../../../electron/core/http/http.ts'
import { OFFICE, Store } from '../../../../electron/core/store/store.ts'
import { readForm } from '../../../../electron/core/tokenisation/odk-connector/read-form.ts'
import { putSecret } from '../../../../electron/core/vault/secrets.ts'
import { type CentralPeer, startCentralPeer } from '../../../../electron/peers/odk-central/central-peer.ts'
import type { CentralPeerOptionsInput } from '../../../../electron/peers/odk-central/peer-options.ts'
import { newId } from '../../../../shared/model/ids.ts'
import type { Registrant } from '../../../../shared/model/registrant.ts'
import type { Connector, OdkSettings } from '../../../../shared/model/tokenisation.ts'
import { usualConnector } from '../../../../shared/rules/tokenisation/defaults.ts'
import { centralOptions, FORM, READER, submissionsAt } from '../../../peers/odk-central/household-form.ts'

/** An office with a store and a connector to a form, and the Central where the form is. */
export interface FormOffice {
  readonly store: Store
  readonly http: Http
  readonly central: CentralPeer
  readonly connector: Connector
  /** Milliseconds; grows by a second with each reading. */
  read(changed?: Partial<OdkSettings>): ReturnType<typeof readForm>
  people(): readonly Registrant[]
  /** Submissions as they were taken in, oldest first. */
  taken(): readonly {
    readonly submissionId: string
    readonly state: string
    readonly registrantId: string
    readonly reason: string
    readonly ref: string
  }[]
  setPassword(password: string): void
  close(): Promise<void>
}

export async function openFormOffice(options: Partial<CentralPeerOptionsInput> = {}): Promise<FormOffice> {
  const directory = mkdtempSync(join(tmpdir(), 'form-office-'))
  const store = new Store({ file: join(directory, 'office.db'), key: { bytes: new Uint8Array(32).fill(3) } })
  const http = createHttp()
  const central = await startCentralPeer({ ...centralOptions, ...options })
  const settings = usualConnector('odk')
  const odk = { ...settings.odk, baseUrl: central.origin, odataUrl: submissionsAt(central.origin), email: READER.email }
  const id = newId()
  const setPassword = (password: string): void =>
    store.transaction(OFFICE, (transaction) => {
      putSecret(transaction, 'connector-password', id, password)
      transaction.audit({ action: 'connector.password-set', subjectKind: 'connector', subjectId: id })
    })
  const connector = store.transaction(OFFICE, (transaction) => {
    transaction.audit({ action: 'connector.created', subjectKind: 'connector', subjectId: id })
    return transaction.put('connector', {
      ...settings,
      id,
      removed: false,
      name: FORM,
      state: 'started',
      runsAt: store.installationId,
      signature: '',
      odk,
    })
  })
  setPassword(READER.password)
  let now = Date.parse('2026-04-01T08:00:00.000Z')
  return {
    store,
    http,
    central,
    connector,
    read(changed = {}) {
      now += 1_000
      return readForm(store, http, OFFICE, { ...connector, odk: { ...odk, ...changed } }, now)
    },
    people: () =>
      (store.sql('SELECT body FROM registrant WHERE removed = 0 ORDER BY rowid').pluck().all() as string[]).map(
        (body) => JSON.parse(body) as Registrant,
      ),
    taken: () =>
      store
        .sql(
          'SELECT submission_id AS submissionId, state, registrant_id AS registrantId, reason, ref FROM odk_submission ORDER BY submitted_at, changed_at',
        )
        .all() as ReturnType<FormOffice['taken']>,
    setPassword,
    async close() {
      http.close()
      await central.close()
      store.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
