import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** How long a launch link can be used. */
export const launchLinkLifetime = 10 * 60_000

/** Who may talk to the browser door. A launch token is good for one session; a session lives as long as the door. */
export interface Sessions {
  /** A new one-time token, good until `launchLinkLifetime` from now. */
  issueToken(): string
  /** Gives the secret of a new session for a token that is known, unused and in time; else undefined. */
  redeem(token: string): string | undefined
  /** The client name of the session with this secret. */
  findClient(secret: string | undefined): string | undefined
}

/** Only digests are kept, so neither a memory dump nor the time of a comparison gives a secret away. */
export function openSessions(now: () => number = Date.now): Sessions {
  const tokens = new Map<string, number>()
  const clients = new Map<string, string>()

  return {
    issueToken() {
      for (const [digest, expires] of tokens) if (expires <= now()) tokens.delete(digest)
      const token = randomBytes(32).toString('base64url')
      tokens.set(digestOf(token), now() + launchLinkLifetime)
      return token
    },
    redeem(token) {
      const digest = digestOf(token)
      const expires = tokens.get(digest)
      if (expires === undefined) return undefined
      tokens.delete(digest)
      if (expires <= now()) return undefined
      const secret = randomBytes(32).toString('base64url')
      clients.set(digestOf(secret), `browser-${clients.size + 1}`)
      return secret
    },
    findClient(secret) {
      if (secret === undefined) return undefined
      const digest = digestOf(secret)
      for (const [known, client] of clients) {
        if (timingSafeEqual(Buffer.from(known), Buffer.from(digest))) return client
      }
      return undefined
    },
  }
}

const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')
