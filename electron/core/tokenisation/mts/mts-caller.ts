import { createHash } from 'node:crypto'
import type { CallerKind, CallRefusal, CallReply, RawCall } from '../../callbacks/caller.ts'

export const MTS_CALLER = 'mts'

/** What of a run is called. */
export type MtsPath = 'answers' | 'log-in' | 'log-out' | 'token'

/** Behind the connector's own secret: the run, what only the seeder was told of it, and what is called. */
const PATH =
  /^([0-9a-f-]{36})\/([A-Za-z0-9_-]{20,100})(?:\/(web\/session\/authenticate|web\/session\/logout|oauth\/token))?$/

const WHAT: Readonly<Record<string, MtsPath>> = {
  '': 'answers',
  'web/session/authenticate': 'log-in',
  'web/session/logout': 'log-out',
  'oauth/token': 'token',
}

/** What a call names, without the secret that it was called with: that is kept as a hash. */
export interface CalledRun {
  readonly what: MtsPath
  readonly runId: string
  readonly secretHash: Buffer
}

export const hashOfRunSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest()

export function findCalledRun(path: string): CalledRun | undefined {
  const [what, runId, hash] = path.split(':')
  if (what === undefined || runId === undefined || hash === undefined) return undefined
  return { what: what as MtsPath, runId, secretHash: Buffer.from(hash, 'hex') }
}

const json = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): CallReply => ({
  status,
  contentType: 'application/json',
  headers,
  body: JSON.stringify(value),
})

const REFUSALS: Readonly<Record<CallRefusal, number>> = { 'too-large': 413, 'too-many': 429, 'not-kept': 503 }

/**
 * Calls of a token seeder (MTS 1.1.0): answers by any method, with or without a body, and the log-ins that it makes before.
 * Each is taken as it is; whether what it shows is right is found out later, so nobody learns anything here.
 */
export const mtsCaller: CallerKind = {
  kind: MTS_CALLER,
  largestBody: 20_000_000,
  // One call for each person, as fast as the office answers.
  rate: { perMinute: 12_000, burst: 2_000 },
  findPath(_, path) {
    const [, runId, secret, called = ''] = PATH.exec(path) ?? []
    if (runId === undefined || secret === undefined) return undefined
    return `${WHAT[called]}:${runId}:${hashOfRunSecret(secret).toString('hex')}`
  },
  answer(call) {
    switch (findCalledRun(call.path)?.what) {
      case 'log-in':
        return { keep: true, reply: loggedIn(call) }
      case 'token':
        return {
          keep: true,
          reply: json(200, { access_token: accessToken(call), token_type: 'bearer', expires_in: HOUR }),
        }
      case 'log-out':
        return { keep: false, reply: json(200, { jsonrpc: '2.0', id: null, result: null }) }
      default:
        return { keep: true, reply: json(200, { result: 'kept' }) }
    }
  },
  refuse: (why) => json(REFUSALS[why], { error: why }),
}

/** Odoo's answer to a log-in, whoever it was: the session is the call itself. */
const loggedIn = ({ id }: RawCall): CallReply =>
  json(
    200,
    { jsonrpc: '2.0', id: null, result: { session_id: id } },
    { 'set-cookie': `session_id=${id}; Path=/; HttpOnly` },
  )

const HOUR = 3_600

/**
 * A JWT without a signature that names the call; the seeder looks at nothing but its end, and only where the payload's length
 * is divisible by four.
 */
function accessToken({ id, cameAt }: RawCall): string {
  const payload = (pad: string): string =>
    Buffer.from(JSON.stringify({ sub: id, exp: Math.floor(cameAt / 1000) + HOUR, pad })).toString('base64url')
  const pad = ['', '.', '..', '...'].find((one) => payload(one).length % 4 === 0) ?? ''
  return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload(pad)}.`
}

/** What a call shows that it was given at a log-in; undefined where it shows nothing of the kind. */
export function findSession({ headers }: Pick<RawCall, 'headers'>): string | undefined {
  const cookie = /(?:^|;\s*)session_id=([^;\s]+)/.exec(headers.cookie ?? '')?.[1]
  if (cookie !== undefined) return cookie
  const payload = /^Bearer [^.]+\.([^.]+)\./.exec(headers.authorization ?? '')?.[1]
  if (payload === undefined) return undefined
  try {
    const { sub } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { sub?: unknown }
    return typeof sub === 'string' ? sub : undefined
  } catch {
    // Not one of ours.
    return undefined
  }
}
