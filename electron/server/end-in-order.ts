/*
 * Whoever started the office's process can ask it to end by a message instead of a signal. It counts once however often it
 * comes, beside a signal from the terminal too, and it reaches a process on Windows, where a signal would only kill.
 */

export const endInOrder = 'end-in-order'

/** Calls back when that was asked for, or when whoever started this process and could have asked is gone. */
export function onEndAsked(end: () => void): void {
  if (process.channel === undefined) return
  process.on('message', (message) => {
    if (message === endInOrder) end()
  })
  process.on('disconnect', end)
  // Listening alone does not hold a process that has come to its end.
  process.channel?.unref()
}
