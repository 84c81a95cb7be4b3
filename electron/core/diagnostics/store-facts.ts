import { catalogue } from '../../../shared/contract/errors.ts'
import { PaymentManager } from '../../../shared/model/payment-manager.ts'
import type { Moment } from '../../../shared/model/record.ts'
import { type RecordKind, records } from '../../../shared/model/records.ts'
import { UpdateSettings, usualUpdateSettings } from '../../../shared/model/update.ts'
import { managerProfiles } from '../channels/manager-profiles.ts'
import { momentMilliseconds } from '../clock/hybrid-clock.ts'
import { collections } from '../store/collections.ts'
import type { Statement } from '../store/database.ts'

/*
 * What the store tells about itself in a report for support: counts, states and codes. Nothing that an officer, a payee or another
 * system wrote as free text goes in, so each value here is a number, a yes or no, or a word of this program's own.
 */

/** A store that is open, or the file of one that is not. */
export interface ReadableStore {
  sql(text: string): Statement
  findMark(key: string): string | undefined
}

/** Days of which faults are told. */
const DAYS = 14
const DAY = 24 * 3_600_000

/** @param now epoch milliseconds */
export function storeFacts(store: ReadableStore, now: number) {
  return {
    schema: store.sql('PRAGMA user_version').pluck().get() as number,
    settings: settingsOf(store),
    counts: countsOf(store),
    payments: grouped(store, 'SELECT state AS word, count(*) AS n FROM payment GROUP BY state'),
    batches: grouped(store, 'SELECT state AS word, count(*) AS n FROM batch GROUP BY state'),
    officers: grouped(store, 'SELECT state AS word, count(*) AS n FROM officer WHERE removed = 0 GROUP BY state'),
    jobs: jobsOf(store, now),
    faults: faultsOf(store, now),
    managers: managersOf(store),
  }
}

function settingsOf(store: ReadableStore) {
  const updates = store.findMark('update-settings')
  const { enabled, everyHours, key, url } =
    updates === undefined ? usualUpdateSettings : UpdateSettings.parse(JSON.parse(updates))
  return {
    soleOffice: store.findMark('sole-office') === '1',
    centralServer: (store.findMark('central-settings') ?? '') !== '',
    backups: store.findMark('backup-settings') !== undefined,
    updates: { enabled, everyHours, hasKey: key !== null, hasChannel: url !== '' },
  }
}

function countsOf(store: ReadableStore): Record<string, number> {
  const kinds = Object.keys(records) as RecordKind[]
  const tables = [...kinds.map((kind) => collections[kind].table), 'job', 'audit']
  return Object.fromEntries(
    tables.map((table) => [table, store.sql(`SELECT count(*) FROM ${table}`).pluck().get() as number]),
  )
}

/** States are words of this program: the tables refuse others. */
const grouped = (store: ReadableStore, sql: string): Record<string, number> =>
  Object.fromEntries((store.sql(sql).all() as { word: string; n: number }[]).map(({ word, n }) => [word, n]))

/** Kinds of jobs with what they wait for; how long the oldest has waited, in minutes. */
function jobsOf(store: ReadableStore, now: number) {
  const rows = store
    .sql(
      `SELECT kind, state, deferred_by AS deferredBy, json_extract(fault, '$.code') AS code, count(*) AS count,
         min(run_at) AS oldest, max(attempts) AS attempts
       FROM job WHERE state <> 'done' GROUP BY kind, state, deferred_by, code ORDER BY kind, state`,
    )
    .all() as {
    kind: string
    state: string
    deferredBy: string
    code: string | null
    count: number
    oldest: number
    attempts: number
  }[]
  return rows.map(({ code, oldest, ...row }) => ({
    ...row,
    code: code === null ? null : known(code),
    waitsMinutes: Math.max(0, Math.round((now - oldest) / 60_000)),
  }))
}

const dayOf = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 10)

/** How posts ended and what they said, by day (UTC). */
function faultsOf(store: ReadableStore, now: number) {
  const since = dayOf(now - DAYS * DAY)
  const rows = store
    .sql(
      `SELECT outcome, json_extract(body, '$.code') AS code, json_extract(body, '$.httpStatus') AS httpStatus,
         changed_at AS moment
       FROM delivery WHERE outcome NOT IN ('posting', 'acknowledged', 'answered')
       ORDER BY seq DESC LIMIT 2000`,
    )
    .all() as { outcome: string; code: string; httpStatus: number | null; moment: Moment }[]
  const counts = new Map<
    string,
    { day: string; outcome: string; code: string; httpStatus: number | null; count: number }
  >()
  for (const { outcome, code, httpStatus, moment } of rows) {
    const day = dayOf(momentMilliseconds(moment))
    if (day < since) continue
    const entry = { day, outcome, code: known(code), httpStatus, count: 0 }
    const key = JSON.stringify(entry)
    const found = counts.get(key) ?? entry
    found.count += 1
    counts.set(key, found)
  }
  return [...counts.values()]
}

/** A code of the catalogue; what another system said may be anything, a name too. */
export const known = (code: string): string => (code === '' || Object.hasOwn(catalogue, code) ? code : 'other')

/** How payment systems are spoken to, by number instead of name; no address, no key, no party. */
function managersOf(store: ReadableStore) {
  const bodies = store.sql('SELECT body FROM payment_manager WHERE removed = 0 ORDER BY id').pluck().all() as string[]
  return bodies.map((body) => {
    const manager = PaymentManager.parse(JSON.parse(body))
    return {
      kind: manager.kind,
      profile: managerProfiles.some(({ name }) => name === manager.profile) ? manager.profile : 'other',
      state: manager.state,
      mode: manager.mode,
      payeeIdType: manager.payeeIdType,
      partSize: manager.partSize,
      statusBy: manager.statusBy,
      statusCheckInterval: manager.statusCheckInterval,
      apiTimeout: manager.apiTimeout,
      authentication: manager.authentication.kind,
      signing: manager.signing.kind,
      replySigning: manager.replySigning,
      encryption: manager.encryption.kind,
      mutualTls: manager.clientCertificate !== '',
      ownAuthority: manager.certificateAuthority !== '',
      duplicateProtectionProven: manager.duplicateProtectionProven,
    }
  })
}
