/** Kinds of job that have a name of their own. */
const kinds = { 'dispatch.batch': 'batch', 'dispatch.status': 'status' } as const

/** Key of the name of a kind of job. */
export const jobKind = (kind: string): 'batch' | 'status' | 'other' =>
  Object.hasOwn(kinds, kind) ? kinds[kind as keyof typeof kinds] : 'other'
