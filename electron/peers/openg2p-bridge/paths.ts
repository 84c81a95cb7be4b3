/** Where what is spoken. */
export const PATHS = {
  envelope: '/create_disbursement_envelope',
  disburse: '/create_disbursements',
  status: '/get_disbursement_status',
  envelopeStatus: '/get_disbursement_envelope_status',
  keys: '/.well-known/jwks.json',
  token: '/oauth2/client/token',
} as const
