import type { DisbursementStatus, RequestHeader } from '../../../shared/contract/g2p-connect.ts'
import type { PaymentSystem } from './payment-system.ts'

/** An answer of the protocol before it goes on the wire. */
export interface Reply {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
  /** Plain text instead of the body. */
  readonly text?: string
}

/** One item as it is reported: members that are not known are left out. */
export type ReportedItem = Partial<DisbursementStatus> & Pick<DisbursementStatus, 'reference_id' | 'status'>

export interface ReplyHeaderWish {
  readonly action: string
  readonly status: string
  readonly code?: string
  readonly text?: string
  readonly total: number
  readonly completed: number
}

/** § MsgCallbackHeader with a message, signed by the payment system. */
export function signedReply(
  system: PaymentSystem,
  request: RequestHeader,
  wish: ReplyHeaderWish,
  message: unknown,
): Reply {
  // Signatures follow the real time: a schedule that was moved on must not make them come from the future.
  const now = Date.now()
  const header = {
    version: '1.0.0',
    message_id: request.message_id,
    message_ts: new Date(now).toISOString(),
    action: wish.action,
    status: wish.status,
    ...(wish.code === undefined ? {} : { status_reason_code: wish.code }),
    ...(wish.text === undefined ? {} : { status_reason_message: wish.text }),
    total_count: wish.total,
    completed_count: wish.completed,
    sender_id: system.options.receiverId,
    receiver_id: request.sender_id,
    is_msg_encrypted: false,
  }
  return { status: 200, ...system.security.seal(header, message, now) }
}

/** § AckResponse. */
export function acknowledgement(
  system: PaymentSystem,
  ack: 'ACK' | 'NACK' | 'ERR',
  correlationId: string,
  error?: { readonly code: string; readonly message: string },
): Reply {
  const timestamp = new Date(system.clock.now()).toISOString()
  const message = {
    ack_status: ack,
    timestamp,
    correlation_id: correlationId,
    ...(error === undefined ? {} : { error }),
  }
  return { status: 200, body: { message } }
}

/** § HttpErrorResponse. */
export function httpErrors(status: number, code: string, message: string): Reply {
  return { status, body: { errors: [{ code, message }] } }
}
