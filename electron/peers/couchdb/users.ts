import { createHash, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto'
import type { UserContext } from './access.ts'
import { forbidden } from './couch-fault.ts'
import { type Draft, isObject, type JsonObject } from './drafts.ts'

export const USERS = '_users'
const PREFIX = 'org.couchdb.user:'
const KEY_BYTES = 32

/** A user with what a password is checked by. */
export interface KnownUser {
  readonly context: UserContext
  readonly salt: string
  readonly key: string
  readonly iterations: number
}

export const userDocumentId = (name: string): string => PREFIX + name

/** The user of a document in `_users`; undefined for one that has no password. */
export function readUser(document: JsonObject | undefined): KnownUser | undefined {
  if (document === undefined) return undefined
  const { name, roles, salt, derived_key, iterations } = document
  if (typeof name !== 'string' || typeof salt !== 'string' || typeof derived_key !== 'string') return undefined
  return {
    context: { name, roles: Array.isArray(roles) ? roles.map(String) : [] },
    salt,
    key: derived_key,
    iterations: Number(iterations),
  }
}

/** What is kept of a document for `_users`: never the password. Errors: 403 for one that is no user. */
export function sealUser(draft: Draft, iterations: number): Draft {
  if (draft.deleted || draft.id.startsWith('_design/')) return draft
  const body: unknown = JSON.parse(draft.body)
  if (!isObject(body)) return draft
  const { password, ...rest } = body
  if (rest.type !== 'user') throw forbidden('doc.type must be user')
  if (typeof rest.name !== 'string' || draft.id !== userDocumentId(rest.name)) {
    throw forbidden('Doc ID must be of the form org.couchdb.user:name')
  }
  if (!Array.isArray(rest.roles)) throw forbidden('doc.roles must be an array')
  for (const role of rest.roles) {
    if (typeof role !== 'string') throw forbidden('doc.roles can only contain strings')
    if (role.startsWith('_')) throw forbidden('No system roles (starting with underscore) in users db.')
  }
  if (password === undefined || password === null) return { ...draft, body: JSON.stringify(rest) }
  if (typeof password !== 'string') throw forbidden('Password must be a string.')
  const salt = randomBytes(16).toString('hex')
  const sealed = {
    ...rest,
    password_scheme: 'pbkdf2',
    pbkdf2_prf: 'sha256',
    salt,
    iterations,
    derived_key: derive(password, salt, iterations).toString('hex'),
  }
  return { ...draft, body: JSON.stringify(sealed) }
}

/** Checks passwords, and remembers those that were right: the derivation is slow on purpose. */
export class PasswordCheck {
  readonly #right = new Map<string, string>()

  isRight(user: KnownUser, password: string): boolean {
    const known = createHash('sha256').update(`${user.salt}\n${password}`).digest('hex')
    if (this.#right.get(user.key) === known) return true
    const derived = derive(password, user.salt, user.iterations)
    const wanted = Buffer.from(user.key, 'hex')
    if (derived.length !== wanted.length || !timingSafeEqual(derived, wanted)) return false
    this.#right.set(user.key, known)
    return true
  }
}

const derive = (password: string, salt: string, iterations: number): Buffer =>
  pbkdf2Sync(password, salt, iterations, KEY_BYTES, 'sha256')
