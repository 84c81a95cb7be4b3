import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { SYNC_JOB, SYNC_KEY } from '../core/central/replication/sync-job.ts'
import {
  findCentralPassword,
  findCentralSettings,
  putCentralPassword,
  putCentralSettings,
} from '../core/central/settings.ts'
import { setUpDistrict } from '../core/central/setup/set-up-district.ts'
import { createHttp } from '../core/http/http.ts'
import { findTrustRoot } from '../core/identity/trust.ts'
import type { Office } from '../core/office.ts'
import { OFFICE, type Store } from '../core/store/store.ts'
import { type CouchdbProcess, startCouchdbProcess } from '../peers/couchdb/start-couchdb-process.ts'

const DISTRICT = 'training'
const OFFICE_NAME = 'office'
const PORT_MARK = 'training-central-port'

/** The central server of the training office while the office is open. */
export interface TrainingCentral {
  /** Where it listens, or listened when the office was open last. */
  origins(): readonly string[]
  leave(): Promise<void>
}

interface Admin {
  readonly user: string
  readonly password: string
}

/**
 * Brings up the training office's own central server beside what the officers do: nobody waits for it, and what has to go
 * there waits as for any server that cannot be reached. Where it cannot be brought up the office works alone.
 *
 * @param after milliseconds until it begins: the first screen comes first
 */
export function openTrainingCentral(office: Office, after: number): TrainingCentral {
  const leaving = new AbortController()
  // The server keeps no administrator: whoever starts it names one.
  const admin: Admin = { user: 'admin', password: randomBytes(24).toString('base64url') }
  let server: CouchdbProcess | undefined
  const bringUp = async (): Promise<void> => {
    await pause(after, undefined, { signal: leaving.signal })
    server = await startServer(office, admin)
    if (!leaving.signal.aborted) await workWith(office, server.origin, admin)
  }
  const up = bringUp().catch(async (error: unknown) => {
    if (leaving.signal.aborted) return
    console.warn('the training office works without its central server:', error)
    await workAlone(office)
  })
  return {
    origins() {
      const origin = server?.origin ?? lastOrigin(office.store)
      return origin === undefined ? [] : [origin]
    },
    async leave() {
      leaving.abort()
      await up
      await server?.stop()
    },
  }
}

/** Where the server listened before: it may be asked there, and is not reached, until it is up again. */
function lastOrigin(store: Store): string | undefined {
  const settings = findCentralSettings(store)
  return settings === undefined ? undefined : new URL(settings.url).origin
}

/** On the port that it had before where that is free. */
async function startServer({ store, directory }: Office, admin: Admin): Promise<CouchdbProcess> {
  const options = { ...admin, file: join(directory, 'central-server.db') }
  const before = Number(store.findMark(PORT_MARK) ?? 0)
  const server = await startCouchdbProcess({ ...options, port: before }).catch((error: unknown) => {
    if (before === 0) throw error
    return startCouchdbProcess({ ...options, port: 0 })
  })
  if (server.port !== before) store.housekeeping((_, mark) => mark(PORT_MARK, String(server.port)))
  return server
}

/** Sets the district up, which changes nothing where it is, and gives the office what it needs to go in. */
async function workWith({ store, central, http, scheduler }: Office, url: string, admin: Admin): Promise<void> {
  const known = findCentralPassword(store)
  const root = findTrustRoot(store)
  // An administrator's way in: the line that officers cut is the office's.
  const adminsLine = createHttp()
  try {
    const { accounts } = await setUpDistrict(adminsLine, {
      url,
      admin,
      district: DISTRICT,
      offices: [OFFICE_NAME],
      newPasswords: known === undefined,
      ...(root === undefined ? {} : { trustRoot: root }),
    })
    const [account] = accounts
    const password = account?.password ?? known
    if (account === undefined || password === undefined) throw new Error('the central server let the office not in')
    if (password === known && central.settings()?.url === url) {
      http.tryNow()
      scheduler.wake(SYNC_JOB, SYNC_KEY)
      return
    }
    store.transaction(OFFICE, (transaction) => {
      const settings = { url, district: DISTRICT, user: account.user, certificateAuthority: '', everyMinutes: 5 }
      putCentralSettings(transaction, settings)
      putCentralPassword(transaction, password)
      central.begin(transaction)
      transaction.audit({
        action: 'central.configured',
        subjectKind: 'office',
        subjectId: 'central',
        detail: { host: new URL(url).host, district: DISTRICT },
      })
    })
  } finally {
    adminsLine.close()
  }
}

/** As before there was a central server: nobody else pays these people, so the office's own claim is enough. */
async function workAlone({ store, central, dispatch, scheduler }: Office): Promise<void> {
  // Said first: in between nothing is kept back for the want of a claim.
  if (store.findMark('sole-office') !== '1') dispatch.declareSoleOffice(OFFICE)
  if (central.settings() !== undefined) await central.leave(OFFICE)
  scheduler.wakeDeferred('line')
}
