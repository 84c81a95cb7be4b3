import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { UserContext } from './access.ts'
import { badRequest, methodNotAllowed, unauthorized } from './couch-fault.ts'
import { isObject } from './drafts.ts'
import type { Server } from './server.ts'
import { readUser, USERS, userDocumentId } from './users.ts'
import type { Reply } from './wire.ts'

const NAME_OR_PASSWORD = 'Name or password is incorrect.'
const NOBODY: UserContext = { name: null, roles: [] }

/** Who asks, and how that is known. */
export interface Caller {
  readonly user: UserContext
  readonly by: 'cookie' | 'default' | undefined
  /** A cookie that has lived long enough to be replaced by a new one. */
  readonly renewed: string | undefined
}

/** Reads who asks from a request. Errors: 401 for a wrong name or password. A cookie that ran out counts for nothing. */
export function callerOf(server: Server, request: IncomingMessage): Caller {
  const header = request.headers.authorization
  if (header?.startsWith('Basic ')) {
    const text = Buffer.from(header.slice(6), 'base64').toString('utf8')
    const colon = text.indexOf(':')
    if (colon < 0) throw unauthorized(NAME_OR_PASSWORD)
    const user = signIn(server, text.slice(0, colon), text.slice(colon + 1))
    return { user, by: 'default', renewed: undefined }
  }
  const cookie = /(?:^|;\s*)AuthSession="?([^;"]*)/.exec(request.headers.cookie ?? '')?.[1]
  if (cookie === undefined || cookie === '') return { user: NOBODY, by: undefined, renewed: undefined }
  return readCookie(server, cookie)
}

/** `/_session`. */
export function answerSession(server: Server, request: IncomingMessage, body: Buffer): Reply {
  switch (request.method) {
    case 'POST': {
      const { name, password } = credentials(request, body)
      const user = signIn(server, name, password)
      return {
        status: 200,
        headers: { 'set-cookie': cookieFor(server, name) },
        body: { ok: true, name: user.name, roles: user.roles },
      }
    }
    case 'GET': {
      const { user, by, renewed } = callerOf(server, request)
      return {
        status: 200,
        ...(renewed === undefined ? {} : { headers: { 'set-cookie': renewed } }),
        body: {
          ok: true,
          userCtx: { name: user.name, roles: user.roles },
          info: {
            authentication_handlers: ['cookie', 'default'],
            ...(by === undefined ? {} : { authenticated: by }),
          },
        },
      }
    }
    case 'DELETE':
      return {
        status: 200,
        headers: { 'set-cookie': 'AuthSession=; Version=1; Path=/; HttpOnly' },
        body: { ok: true },
      }
    default:
      throw methodNotAllowed('GET,HEAD,POST,DELETE')
  }
}

function signIn(server: Server, name: string, password: string): UserContext {
  const { user: admin, password: adminPassword } = server.options
  if (name === admin) {
    if (!isSame(password, adminPassword)) throw unauthorized(NAME_OR_PASSWORD)
    return { name, roles: ['_admin'] }
  }
  const known = readUser(server.databases.get(USERS)?.find(userDocumentId(name)))
  if (known === undefined || !server.passwords.isRight(known, password)) throw unauthorized(NAME_OR_PASSWORD)
  return known.context
}

function credentials(request: IncomingMessage, body: Buffer): { name: string; password: string } {
  const text = body.toString('utf8')
  if ((request.headers['content-type'] ?? '').startsWith('application/json')) {
    const given: unknown = parse(text)
    // CouchDB takes both words for the name.
    const name = isObject(given) ? (given.name ?? given.username) : undefined
    const password = isObject(given) ? given.password : undefined
    if (typeof name !== 'string' || typeof password !== 'string') {
      throw badRequest('request body must contain a username and password')
    }
    return { name, password }
  }
  const form = new URLSearchParams(text)
  return { name: form.get('name') ?? form.get('username') ?? '', password: form.get('password') ?? '' }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw badRequest('invalid UTF-8 JSON')
  }
}

function cookieFor(server: Server, name: string): string {
  const now = Date.now()
  const { sessionSeconds } = server.options
  const value = signed(server, name, now)
  const expires = new Date(now + sessionSeconds * 1000).toUTCString()
  return `AuthSession=${value}; Version=1; Expires=${expires}; Max-Age=${Math.ceil(sessionSeconds)}; Path=/; HttpOnly`
}

function readCookie(server: Server, cookie: string): Caller {
  const nobody: Caller = { user: NOBODY, by: undefined, renewed: undefined }
  const [name = '', since = ''] = Buffer.from(cookie, 'base64url').toString('utf8').split('\n')
  const at = Number.parseInt(since, 16)
  const age = (Date.now() - at) / 1000
  const { sessionSeconds, user: admin } = server.options
  if (!isSame(signed(server, name, at), cookie) || age >= sessionSeconds) return nobody
  const user =
    name === admin
      ? { name, roles: ['_admin'] }
      : readUser(server.databases.get(USERS)?.find(userDocumentId(name)))?.context
  if (user === undefined) return nobody
  return { user, by: 'cookie', renewed: age > sessionSeconds * 0.1 ? cookieFor(server, name) : undefined }
}

/** Name, moment and a seal over both and over what the password is checked by: a new password ends old sessions. */
function signed(server: Server, name: string, at: number): string {
  const salt = readUser(server.databases.get(USERS)?.find(userDocumentId(name)))?.salt ?? server.options.password
  const text = `${name}\n${at.toString(16)}`
  const seal = createHmac('sha256', server.storage.secret).update(`${text}\n${salt}`).digest('base64url')
  return Buffer.from(`${text}\n${seal}`).toString('base64url')
}

function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}
