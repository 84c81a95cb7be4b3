import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { PeerAuthentication } from './peer-options.ts'

/** Lets senders in: § OAuth2 client credentials, a fixed bearer token, or a key in a header of its own. */
export interface Authorisation {
  isAllowed(headers: Readonly<Record<string, string | string[] | undefined>>, now: number): boolean
  /** Answers the token endpoint: the form in, HTTP status and JSON out. */
  issueToken(
    form: string,
    now: number,
    authorization?: string,
  ): { readonly status: number; readonly body: Readonly<Record<string, string>> }
  /** All tokens are forgotten, as when the authorisation server restarts. */
  revokeAll(): void
}

export function createAuthorisation(authentication: PeerAuthentication): Authorisation {
  const expiryOf = new Map<string, number>()
  const issue = (seconds: number, now: number) => {
    const token = randomBytes(24).toString('base64url')
    expiryOf.set(token, now + seconds * 1000)
    // G2P Connect has `expires_in` as text, unlike RFC 6749.
    return { status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: String(seconds) } }
  }
  return {
    isAllowed(headers, now) {
      if (authentication.kind === 'none') return true
      if (authentication.kind === 'api-key') {
        return isSame(String(headers[authentication.header.toLowerCase()] ?? ''), authentication.key)
      }
      const token = /^Bearer (.+)$/.exec(String(headers.authorization ?? ''))?.[1] ?? ''
      if (authentication.kind === 'bearer') return isSame(token, authentication.token)
      return now < (expiryOf.get(token) ?? 0)
    },
    issueToken(form, now, authorization) {
      const fields = new URLSearchParams(form)
      if (authentication.kind === 'oauth2-password') {
        if (fields.get('grant_type') !== 'password') return { status: 400, body: { error: 'unsupported_grant_type' } }
        const { clientId, clientSecret, username, password } = authentication
        const client = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
        if (!isSame(authorization ?? '', client)) return { status: 401, body: { error: 'invalid_client' } }
        const known = isSame(fields.get('username') ?? '', username) && isSame(fields.get('password') ?? '', password)
        return known ? issue(authentication.expiresIn, now) : { status: 400, body: { error: 'invalid_grant' } }
      }
      if (authentication.kind !== 'oauth2') return { status: 404, body: { error: 'invalid_request' } }
      if (fields.get('grant_type') !== 'client_credentials') {
        return { status: 400, body: { error: 'unsupported_grant_type' } }
      }
      const known =
        isSame(fields.get('client_id') ?? '', authentication.clientId) &&
        isSame(fields.get('client_secret') ?? '', authentication.clientSecret)
      if (!known) return { status: 401, body: { error: 'invalid_client' } }
      return issue(authentication.expiresIn, now)
    },
    revokeAll() {
      expiryOf.clear()
    },
  }
}

function isSame(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}
