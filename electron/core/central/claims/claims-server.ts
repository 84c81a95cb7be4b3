import { failure, type Result, success } from '../../../../shared/contract/result.ts'
import type { Submission } from '../../../../shared/model/batch.ts'
import { districtDatabases } from '../../../../shared/model/central.ts'
import type { ClockGuard } from '../../clock/clock-guard.ts'
import type { OfficeTime } from '../../clock/office-time.ts'
import type { Http } from '../../http/http.ts'
import type { InstallationGuard } from '../../store/installation-guard.ts'
import type { Store } from '../../store/store.ts'
import { CouchConnection } from '../connection.ts'
import { findCentralSettings, findCouchAccess } from '../settings.ts'
import { ClaimsDatabase } from './claims-database.ts'

/** What everything in this folder works with. */
export interface ClaimsContext {
  readonly store: Store
  readonly time: OfficeTime
  readonly guard: InstallationGuard
  readonly clockGuard: ClockGuard
  /** The claims database as it is set up now, and who this office is there. */
  readonly server: () => Result<ClaimsServer>
  /**
   * Whether the central server has a submission with everything that another office needs to go on with it: what leaves a
   * laptop that is lost or restored afterwards has to be known elsewhere.
   */
  readonly isAtServer: (submission: Pick<Submission, 'id' | 'batchId' | 'lines'>) => boolean
}

export interface ClaimsServer {
  readonly database: ClaimsDatabase
  /** The CouchDB user, who signs what is written. */
  readonly user: string
  readonly district: string
}

/** Finds the claims database by the settings; a connection is kept while they stay the same. */
export function findClaimsServer(store: Store, http: Http): () => Result<ClaimsServer> {
  let kept: { readonly settings: string; readonly server: ClaimsServer } | undefined
  return () => {
    const settings = findCentralSettings(store)
    if (settings === undefined) return failure('central.not-configured')
    const access = findCouchAccess(store)
    if (access === undefined) {
      return failure('central.sign-in-refused', { host: URL.parse(settings.url)?.host ?? '' })
    }
    const text = JSON.stringify([access, settings.district])
    if (kept?.settings !== text) {
      const database = new ClaimsDatabase(
        new CouchConnection(http, access),
        districtDatabases(settings.district).claims,
      )
      kept = { settings: text, server: { database, user: settings.user, district: settings.district } }
    }
    return success(kept.server)
  }
}

/** The server's clock as far as it is known here, epoch milliseconds. */
export const serverTime = ({ time, clockGuard }: Pick<ClaimsContext, 'time' | 'clockGuard'>): number =>
  Math.round(time.now() + (clockGuard.findSkew() ?? 0))

/** What this office is called in claims; its user's name while it has none. */
export const officeNameOf = (store: Store, { user }: ClaimsServer): string => store.findMark('office-name') || user
