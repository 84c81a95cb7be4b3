/** Where what is spoken: the bulk processor and the operations app, which have servers of their own elsewhere. */
export const PATHS = {
  upload: '/batchtransactions',
  batches: '/api/v1/batches',
  detail: '/api/v1/batch/detail',
  batch: '/api/v1/batch',
  keys: '/.well-known/jwks.json',
  token: '/oauth/token',
} as const

/** What the addresses of the operations app begin with. */
export const OPERATIONS = '/api/v1'
