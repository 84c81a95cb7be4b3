/** Kinds of job that have a name of their own. */
const kinds = {
  'dispatch.batch': 'batch',
  'dispatch.status': 'status',
  'dispatch.wanted': 'wanted',
  'mapper.ask': 'mapper',
  'central.sync': 'sync',
  'central.stop-batch': 'stopBatch',
  'callbacks.apply': 'apply',
  'callbacks.collect': 'collect',
} as const

/** Key of the name of a kind of job. */
export const jobKind = (kind: string): (typeof kinds)[keyof typeof kinds] | 'other' =>
  Object.hasOwn(kinds, kind) ? kinds[kind as keyof typeof kinds] : 'other'
