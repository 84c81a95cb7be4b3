import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'

/** SHA-256 (hex) of a message's canonical form (RFC 8785); the same for every envelope around it. */
export const digestOfMessage = (message: unknown): string =>
  createHash('sha256')
    .update(canonicalize(message) as string)
    .digest('hex')
