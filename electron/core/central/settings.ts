import { X509Certificate } from 'node:crypto'
import { fail } from '../../../shared/contract/result.ts'
import { CentralSettings } from '../../../shared/model/central.ts'
import { isLoopback } from '../http/connection.ts'
import type { Store, Transaction } from '../store/store.ts'
import { findSecret, forgetSecret, putSecret } from '../vault/secrets.ts'
import type { CouchAccess } from './connection.ts'

const SETTINGS = 'central-settings'
/** An office has one central server. */
const OWNER = 'central'

/** The central server of this office; undefined where it works alone. */
export function findCentralSettings(store: Pick<Store, 'findMark'>): CentralSettings | undefined {
  const kept = store.findMark(SETTINGS)
  return kept === undefined || kept === '' ? undefined : CentralSettings.parse(JSON.parse(kept))
}

/** @throws OfficeError `central.url-not-encrypted` */
export function putCentralSettings(transaction: Transaction, settings: CentralSettings): void {
  if (!isEncryptedEnough(settings.url)) fail('central.url-not-encrypted')
  transaction.mark(SETTINGS, JSON.stringify(settings))
  // Other offices pay there too.
  transaction.mark('sole-office', '0')
}

/** Personal data travels in the open only inside this machine. */
export function isEncryptedEnough(address: string): boolean {
  const url = URL.parse(address)
  return url !== null && (url.protocol === 'https:' || isLoopback(url.hostname))
}

/** Whether this is empty, or certificates that can be read. */
export function isAuthority(pem: string): boolean {
  if (pem === '') return true
  try {
    return new X509Certificate(pem) !== undefined
  } catch {
    return false
  }
}

export const findCentralPassword = (store: Store): string | undefined => findSecret(store, 'central-password', OWNER)

export const putCentralPassword = (transaction: Transaction, password: string): void =>
  putSecret(transaction, 'central-password', OWNER, password)

/** Forgets the server; the password goes with it. */
export function forgetCentral(transaction: Transaction): void {
  transaction.mark(SETTINGS, '')
  forgetSecret(transaction, 'central-password', OWNER)
}

/** How the central server is asked; undefined while something of it is missing. */
export function findCouchAccess(store: Store): CouchAccess | undefined {
  const settings = findCentralSettings(store)
  const password = findCentralPassword(store)
  if (settings === undefined || password === undefined) return undefined
  const { url, user, certificateAuthority } = settings
  return { url, user, password, certificateAuthority }
}
