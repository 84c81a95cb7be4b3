import type { ErrorCode } from '../../../shared/contract/errors.ts'

const CERTIFICATE: Readonly<Record<string, ErrorCode>> = {
  CERT_HAS_EXPIRED: 'http.certificate-expired',
  CERT_NOT_YET_VALID: 'http.certificate-not-yet-valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'http.certificate-wrong-name',
  HOSTNAME_MISMATCH: 'http.certificate-wrong-name',
}

const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
])

/** Failures of our own side of the network, which no single endpoint causes. */
const NO_NETWORK = new Set(['ENETUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL', 'EAI_AGAIN'])
/** Failures that a dead line causes, but a dead or misspelt endpoint too. */
const NO_TRACE = new Set(['ENOTFOUND', 'EAI_NODATA', 'EHOSTUNREACH', 'EHOSTDOWN', 'ETIMEDOUT', 'CONNECT_TIME_LIMIT'])

/** The system's code of a network error, looking into the causes that happy-eyeballs connecting bundles. */
export function systemCode(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return systemCode(error.errors.at(-1))
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return ''
}

/** Catalogue code of a failure before the request could leave. `secure` tells that TLS had begun. */
export function connectFault(error: unknown, secure: boolean): ErrorCode {
  const code = systemCode(error)
  const certificate = CERTIFICATE[code]
  if (certificate !== undefined) return certificate
  if (UNTRUSTED.has(code) || code.startsWith('CERT_')) return 'http.certificate-untrusted'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_NODATA') return 'http.name-not-found'
  if (code === 'CONNECT_TIME_LIMIT' || code === 'ETIMEDOUT') return 'http.timed-out'
  return secure ? 'http.secure-connection-failed' : 'http.not-reachable'
}

/** Catalogue code of a failure after the request began to leave. */
export function exchangeFault(error: unknown): ErrorCode {
  const code = systemCode(error)
  if (code.startsWith('HPE_')) return 'http.reply-garbled'
  return 'http.connection-lost'
}

/** What a failed connection tells about the line: `down` for certain, `maybe`, or `up` since something answered. */
export function lineEvidence(error: unknown): 'down' | 'maybe' | 'up' {
  const code = systemCode(error)
  if (NO_NETWORK.has(code)) return 'down'
  return NO_TRACE.has(code) ? 'maybe' : 'up'
}
