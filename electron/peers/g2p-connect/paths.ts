/** Where what is spoken (§ paths of the disburse API and of the authorisation API). */
export const PATHS = {
  disburse: '/disburse',
  syncDisburse: '/disburse/sync/disburse',
  status: '/disburse/txn/status',
  syncStatus: '/disburse/sync/txn/status',
  keys: '/.well-known/jwks.json',
  token: '/oauth2/client/token',
} as const
