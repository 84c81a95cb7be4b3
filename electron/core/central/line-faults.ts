import type { Fault } from '../../../shared/contract/result.ts'

const LOST: ReadonlySet<string> = new Set(['http.timed-out', 'http.connection-lost'])
const SPOILT: ReadonlySet<string> = new Set(['http.reply-garbled', 'http.reply-too-large', 'central.not-understood'])
const WAITS: ReadonlySet<string> = new Set([
  'http.line-down',
  'http.not-reachable',
  'http.name-not-found',
  'http.circuit-open',
  'central.unreachable',
  'central.server-error',
  'central.not-safe-yet',
])

/** The line gave way while something was under way. */
export const isLost = ({ code }: Fault): boolean => LOST.has(code)

/** The same may go through when it is asked for again, smaller. */
export const isCut = (fault: Fault): boolean => isLost(fault) || SPOILT.has(fault.code)

/** It could not be tried, or the server is not well: no failure of what was asked (I9). */
export const isWait = (fault: Fault): boolean => isLost(fault) || WAITS.has(fault.code)
