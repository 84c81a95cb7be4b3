import { forbidden, unauthorized } from './couch-fault.ts'
import { isObject } from './drafts.ts'

/** Who asks; nobody in particular has no name. */
export interface UserContext {
  readonly name: string | null
  readonly roles: readonly string[]
}

interface Circle {
  readonly names: readonly string[]
  readonly roles: readonly string[]
}

/** As CouchDB 3 makes it: for server admins alone until somebody says otherwise. */
export const DEFAULT_SECURITY = JSON.stringify({ members: { roles: ['_admin'] }, admins: { roles: ['_admin'] } })

export const isServerAdmin = ({ roles }: UserContext): boolean => roles.includes('_admin')

/** Errors: 401. */
export function requireServerAdmin(user: UserContext): void {
  if (!isServerAdmin(user)) throw unauthorized('You are not a server admin.')
}

/** Errors: 401. */
export function requireDatabaseAdmin(user: UserContext, security: string): void {
  if (!isIn(user, circle(security, 'admins'))) throw unauthorized('You are not a db or server admin.')
}

/** Errors: 401 for who did not say a name, 403 for who did. */
export function requireMember(user: UserContext, security: string): void {
  const members = circle(security, 'members')
  const everybody = members.names.length === 0 && members.roles.length === 0
  if (everybody || isIn(user, members) || isIn(user, circle(security, 'admins'))) return
  if (user.name === null) throw unauthorized('You are not authorized to access this db.')
  throw forbidden('You are not allowed to access this db.')
}

function isIn(user: UserContext, { names, roles }: Circle): boolean {
  if (isServerAdmin(user)) return true
  return (user.name !== null && names.includes(user.name)) || roles.some((role) => user.roles.includes(role))
}

function circle(security: string, which: 'admins' | 'members'): Circle {
  const whole: unknown = JSON.parse(security)
  const found = isObject(whole) ? whole[which] : undefined
  const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])
  return isObject(found) ? { names: texts(found.names), roles: texts(found.roles) } : { names: [], roles: [] }
}
