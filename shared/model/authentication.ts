import { z } from 'zod'

/** Name of an HTTP header (RFC 9110 token). */
export const HeaderName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,80}$/)

/** How this office says who it is to another system; what is secret about it lies in the vault. */
export const Authentication = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('bearer') }),
  /** The vault has the client secret. */
  z.object({
    kind: z.literal('oauth2'),
    tokenUrl: z.url(),
    clientId: z.string().min(1).max(200),
    scope: z.string().max(200),
  }),
  /** OAuth 2.0 with a user's password, as Payment Hub EE wants it. The vault has the password, and the client's secret. */
  z.object({
    kind: z.literal('oauth2-password'),
    tokenUrl: z.url(),
    clientId: z.string().min(1).max(200),
    username: z.string().min(1).max(200),
  }),
  /** A key in a header of its own (`x-access-token` in older G2P Connect). */
  z.object({ kind: z.literal('api-key'), header: HeaderName }),
])
export type Authentication = z.infer<typeof Authentication>
