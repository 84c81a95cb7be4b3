import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** A path that somebody was given. The secret itself is known to the vault and to whoever was given it. */
export interface CallbackRoute {
  /** SHA-256 of the secret. */
  readonly secretHash: Uint8Array
  readonly caller: string
  readonly owner: string
}

/** Everything that is called lies below this. */
export const CALLBACKS = 'callbacks'

/** 192 random bits, in letters that need no escaping. */
export const newPathSecret = (): string => randomBytes(24).toString('base64url')

export const hashOfSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest()

/** The route of a secret. All are compared, each in constant time, so that the time taken says nothing about any of them. */
export function findRoute(routes: readonly CallbackRoute[], secret: string): CallbackRoute | undefined {
  const hash = hashOfSecret(secret)
  let found: CallbackRoute | undefined
  for (const route of routes) {
    if (route.secretHash.length === hash.length && timingSafeEqual(route.secretHash, hash)) found = route
  }
  return found
}

/** `callbacks/<secret>/<rest>` taken apart; undefined for any other path. A query is not part of it. */
export function splitPath(url: string): { readonly secret: string; readonly rest: string } | undefined {
  const [root, secret, ...rest] = (url.split('?')[0] ?? '').split('/').filter((part) => part !== '')
  return root === CALLBACKS && secret !== undefined ? { secret, rest: rest.join('/') } : undefined
}

/** The address that somebody is told; it can be called as it is, or with one of the paths of its kind behind it. */
export const addressOf = (base: string, secret: string): string => `${base.replace(/\/+$/, '')}/${CALLBACKS}/${secret}`
