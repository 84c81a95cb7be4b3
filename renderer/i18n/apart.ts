/** Keeps a name or a date together inside a sentence that runs the other way. */
export const apart = (text: string): string => `\u2068${text}\u2069`
