/*
 * What the reason codes of G2P Connect 1.0.0 mean for the next step. The lists are the specification's own; the code is
 * an open string, so anything else is `unknown` and decides nothing.
 */

export type RetryClass =
  /** Something in the message is wrong: mend it, then a new attempt if no money moved. */
  | 'fix-data'
  /** "Already received": look up what became of the first one. */
  | 'received'
  /** The payment system could not answer now: look up, later again. */
  | 'transient'
  /** The settings or keys are wrong, or somebody interferes: stop all sending and tell. */
  | 'stop'
  | 'unknown'

export interface ReasonCodeEntry {
  readonly class: RetryClass
  /** Where the code may come: an acknowledgement's error, the reply's header, or one payment. */
  readonly scope: 'acknowledgement' | 'header' | 'payment'
  readonly source: string
}

const SPECIFICATION = 'G2P Connect 1.0.0'

function entries<C extends string>(
  scope: ReasonCodeEntry['scope'],
  schema: string,
  codes: Readonly<Record<C, RetryClass>>,
): Record<C, ReasonCodeEntry> {
  const source = `${SPECIFICATION}, ${schema}`
  const list = Object.entries<RetryClass>(codes).map(([code, kind]): [string, ReasonCodeEntry] => [
    code,
    { class: kind, scope, source },
  ])
  return Object.fromEntries(list) as Record<C, ReasonCodeEntry>
}

export const g2pConnectReasons = {
  ...entries('acknowledgement', 'ErrorCode', {
    'err.request.bad': 'fix-data',
    'err.request.unauthorized': 'stop',
    'err.request.forbidden': 'stop',
    'err.request.not_found': 'fix-data',
    'err.request.timeout': 'transient',
    'err.version.not_supported': 'stop',
    'err.request.too_many_requests': 'transient',
    'err.sender_id.invalid': 'stop',
    'err.sender_uri.invalid': 'stop',
    'err.receiver_id.invalid': 'stop',
    'err.signature.missing': 'stop',
    'err.signature.invalid': 'stop',
    'err.encryption.invalid': 'stop',
    'err.service.unavailable': 'transient',
  }),
  ...entries('header', 'MsgHeaderStatusReasonCode', {
    'rjct.version.invalid': 'stop',
    'rjct.message_id.duplicate': 'received',
    'rjct.message_ts.invalid': 'fix-data',
    'rjct.action.invalid': 'fix-data',
    'rjct.action.not_supported': 'stop',
    'rjct.total_count.invalid': 'fix-data',
    'rjct.total_count.limit_exceeded': 'fix-data',
    'rjct.errors.too_many': 'fix-data',
  }),
  ...entries('payment', 'DisburseStatusReasonCode', {
    'rjct.reference_id.invalid': 'fix-data',
    'rjct.reference_id.duplicate': 'received',
    'rjct.timestamp.invalid': 'fix-data',
    'rjct.payer_fa.invalid': 'stop',
    'rjct.payee_fa.invalid': 'fix-data',
    'rjct.amount.invalid': 'fix-data',
    'rjct.schedule_ts.invalid': 'fix-data',
    'rjct.currency_code.invalid': 'fix-data',
  }),
  // Not of the specification: receivers in use say these.
  'rjct.jwt.invalid': { class: 'stop', scope: 'header', source: 'OpenG2P SPAR mapper, G2P Bridge' },
  'rjct.payment.failed': { class: 'unknown', scope: 'payment', source: 'OpenG2P G2P Cash Transfer Bridge' },
} as const satisfies Record<string, ReasonCodeEntry>

export type G2PConnectReason = keyof typeof g2pConnectReasons

export const isG2PConnectReason = (code: string): code is G2PConnectReason => Object.hasOwn(g2pConnectReasons, code)

/** What to do about a code. Any "duplicate", known or invented, means that something was received. */
export function retryClass(code: string): RetryClass {
  if (isG2PConnectReason(code)) return g2pConnectReasons[code].class
  return saysReceived(code) ? 'received' : 'unknown'
}

/** Whether a code says that the payment system has had this before: never a failure (I2). */
export const saysReceived = (code: string): boolean => /(?:^|[._])(?:duplicate|transactionexists)$/i.test(code)

/**
 * Codes that refuse one payment's data before it is accepted, hence prove that no money moved (I5): the default of a
 * manager's `noMoneyMovedCodes`. Left out on purpose: every `duplicate`, `rjct.payment.failed` and all others. Some
 * receivers call a payment rejected on any exception, time-outs included, so an administrator shortens the list for a
 * receiver that has not shown to check before it pays.
 */
export const refusalsBeforeAcceptance: readonly G2PConnectReason[] = [
  'rjct.reference_id.invalid',
  'rjct.timestamp.invalid',
  'rjct.payer_fa.invalid',
  'rjct.payee_fa.invalid',
  'rjct.amount.invalid',
  'rjct.schedule_ts.invalid',
  'rjct.currency_code.invalid',
]
