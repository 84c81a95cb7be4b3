/**
 * Code that says the same in signs of Latin-1 alone. Each thread keeps the text of the chunks that it runs, and one sign beyond Latin-1
 * makes a chunk take twice the room in memory. Not for `String.raw` with such signs, where it would say something else.
 */
export const narrowText = (code: string): string => code.replace(/(\\*)([^\0-\xff])/g, narrowed)

/** A sign behind an odd number of backslashes is escaped already; it loses the last of them. */
function narrowed(_: string, backslashes: string, sign: string): string {
  const before = backslashes.length % 2 === 0 ? backslashes : backslashes.slice(1)
  return `${before}\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
}
