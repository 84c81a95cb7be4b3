/** Milliseconds by which another system's clock may be ahead of ours. */
export const CALLBACK_AHEAD = 5 * 60 * 1000
/** Older than this when it comes, a message has been kept back by somebody: 3 days. */
export const CALLBACK_TOO_OLD = 3 * 24 * 60 * 60 * 1000

/**
 * How the time that a callback gives itself (§ MsgCallbackHeader, `message_ts`) fits the time at which it came. One from
 * the future would make every later one look stale.
 */
export function judgeCallbackTime(messageAt: number, cameAt: number): 'fits' | 'none' | 'future' | 'too-old' {
  if (!Number.isFinite(messageAt)) return 'none'
  if (messageAt > cameAt + CALLBACK_AHEAD) return 'future'
  return messageAt < cameAt - CALLBACK_TOO_OLD ? 'too-old' : 'fits'
}

/** Whether a message is older than the newest that was applied to the same payment. */
export const isStale = (messageAt: number, newestApplied: number | undefined): boolean =>
  newestApplied !== undefined && messageAt < newestApplied

/** Epoch milliseconds of a date and time as receivers write it; without a zone it is UTC. NaN when it is none. */
export function readMessageTime(text: string): number {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s*(Z|[+-]\d{2}:?\d{2})?$/i.exec(
    text.trim(),
  )
  if (match === null) return Number.NaN
  const [, day, time = '', zone = 'Z'] = match
  const fitting = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase()
  return Date.parse(`${day}T${time.replace(/(\.\d{3})\d+$/, '$1')}${fitting}`)
}
