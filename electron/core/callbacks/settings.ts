import { createPrivateKey, X509Certificate } from 'node:crypto'
import { networkInterfaces } from 'node:os'
import { fail } from '../../../shared/contract/result.ts'
import { CallbackSettings, usualCallbackSettings } from '../../../shared/model/callback-settings.ts'
import { isLoopback } from '../http/connection.ts'
import type { Store, Transaction } from '../store/store.ts'
import { findSecret, putSecret } from '../vault/secrets.ts'
import { addressOf, type CallbackRoute, hashOfSecret } from './secret-paths.ts'

const SETTINGS = 'callback-settings'
/** There is one receiver in an office, so its secrets have no other owner. */
const RECEIVER = 'receiver'

export function callbackSettings(store: Pick<Store, 'findMark'>): CallbackSettings {
  const kept = store.findMark(SETTINGS)
  return kept === undefined ? usualCallbackSettings : CallbackSettings.parse(JSON.parse(kept))
}

export const putCallbackSettings = (transaction: Transaction, settings: CallbackSettings): void =>
  transaction.mark(SETTINGS, JSON.stringify(settings))

/** Addresses of this machine at which it can listen, its own loopback first. */
export function ownAddresses(): string[] {
  const others = Object.values(networkInterfaces()).flatMap((cards) =>
    (cards ?? []).filter(({ internal, scopeid }) => !internal && !scopeid).map(({ address }) => address),
  )
  return ['127.0.0.1', ...new Set(others)]
}

/**
 * @throws OfficeError `callback.address-gone`, `callback.certificate-missing`, `callback.inbox-not-encrypted`
 */
export function checkCallbackSettings(store: Store, settings: CallbackSettings): void {
  const { on, bindAddress, tls, inbox } = settings
  if (on && !ownAddresses().includes(bindAddress)) fail('callback.address-gone', { address: bindAddress })
  if (on && tls && findTls(store) === undefined) fail('callback.certificate-missing')
  const url = inbox === null ? null : new URL(inbox.url)
  if (url !== null && url.protocol === 'http:' && !isLoopback(url.hostname)) fail('callback.inbox-not-encrypted')
}

/** @throws OfficeError `callback.certificate-unusable` when the two do not belong together or cannot be read */
export function putTls(transaction: Transaction, certificate: string, key: string): void {
  try {
    if (!new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))) fail('callback.certificate-unusable')
  } catch (error) {
    fail('callback.certificate-unusable', {}, error)
  }
  putSecret(transaction, 'callback-certificate', RECEIVER, certificate)
  putSecret(transaction, 'callback-key', RECEIVER, key)
}

export function findTls(store: Store): { readonly certificate: string; readonly key: string } | undefined {
  const certificate = findSecret(store, 'callback-certificate', RECEIVER)
  const key = findSecret(store, 'callback-key', RECEIVER)
  return certificate === undefined || key === undefined ? undefined : { certificate, key }
}

export const putInboxPassword = (transaction: Transaction, password: string): void =>
  putSecret(transaction, 'callback-inbox-password', RECEIVER, password)

export const findInboxPassword = (store: Store): string | undefined =>
  findSecret(store, 'callback-inbox-password', RECEIVER)

const SECRET = 'callback-path'
const nameOf = (caller: string, owner: string): string => `${caller}:${owner}`

export const putPathSecret = (transaction: Transaction, caller: string, owner: string, secret: string): void =>
  putSecret(transaction, SECRET, nameOf(caller, owner), secret)

/** Every path that was given out, without the secrets themselves. */
export function allRoutes(store: Pick<Store, 'sql'>): CallbackRoute[] {
  const rows = store.sql('SELECT name, value FROM secret WHERE kind = ?').all(SECRET) as {
    name: string
    value: Buffer
  }[]
  return rows.map(({ name, value }) => {
    const [, caller = '', ...owner] = name.split(':')
    return { caller, owner: owner.join(':'), secretHash: hashOfSecret(value.toString('utf8')) }
  })
}

/** Owners of a kind that have a path, and since when (a moment). */
export function pathsSince(store: Pick<Store, 'sql'>, caller: string): ReadonlyMap<string, string> {
  const rows = store.sql('SELECT name, changed_at AS since FROM secret WHERE kind = ?').all(SECRET) as {
    name: string
    since: string
  }[]
  const start = `${SECRET}:${caller}:`
  return new Map(
    rows.filter(({ name }) => name.startsWith(start)).map(({ name, since }) => [name.slice(start.length), since]),
  )
}

/** What others are told, without a secret; undefined while nobody can call. */
export function findBaseAddress(settings: CallbackSettings): string | undefined {
  const { on, inbox, publicAddress, tls, bindAddress, port } = settings
  if (publicAddress !== '') return on || inbox !== null ? publicAddress : undefined
  if (!on) return undefined
  const host = bindAddress.includes(':') ? `[${bindAddress}]` : bindAddress
  return `${tls ? 'https' : 'http'}://${host}:${port}`
}

/** The whole address that an owner's caller is told; undefined while nobody can call, or no path was made. */
export function findCallbackAddress(store: Store, caller: string, owner: string): string | undefined {
  const base = findBaseAddress(callbackSettings(store))
  const secret = base === undefined ? undefined : findSecret(store, SECRET, nameOf(caller, owner))
  return base === undefined || secret === undefined ? undefined : addressOf(base, secret)
}
