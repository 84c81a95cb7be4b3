import type { ErrorCode } from '../../../../shared/contract/errors.ts'
import { findStatusItems, ReplyEnvelope } from '../../../../shared/contract/g2p-connect.ts'
import type { Result } from '../../../../shared/contract/result.ts'
import type { PaymentManager } from '../../../../shared/model/payment-manager.ts'
import { readMessageTime } from '../../../../shared/rules/callback-time.ts'
import type { RawCall } from '../../callbacks/caller.ts'
import type { CallbackReading, FindPayments } from '../channel.ts'
import { digestOfMessage } from '../message-digest.ts'
import type { OpenedReply } from './opening.ts'
import { profileOf } from './profiles/profiles.ts'
import { wordOf } from './replies.ts'

/** Verdicts that say nothing against a callback: it cannot be believed, but the office may ask because of it. */
const UNVERIFIABLE: Partial<Record<OpenedReply['verdict'], ErrorCode>> = {
  'not-wanted': 'callback.not-signed',
  missing: 'callback.not-signed',
  'unknown-key': 'callback.signature-not-checked',
}

/** Whether an unsigned callback cannot be the receiver's: many sign replies and no callbacks. */
const signsCallbacks = (manager: PaymentManager): boolean =>
  profileOf(manager).proven.signedReplies.includes('callback')

/**
 * What a callback says about the manager's payments (§ `/on-disburse`, § `/disburse/txn/on-status`).
 *
 * @param open reads it and judges its signature at the time at which it came: it may have waited since
 */
export async function readCallback(
  call: RawCall,
  manager: PaymentManager,
  findPayments: FindPayments,
  open: (call: RawCall) => Promise<Result<OpenedReply>>,
): Promise<CallbackReading> {
  const opened = await open(call)
  const envelope = opened.ok ? ReplyEnvelope.safeParse(opened.value.value) : undefined
  if (!opened.ok || envelope?.success !== true) return { kind: 'refused', code: 'callback.not-understood' }
  const { verdict } = opened.value
  const unverifiable = verdict === 'missing' && signsCallbacks(manager) ? undefined : UNVERIFIABLE[verdict]
  if (verdict !== 'valid' && unverifiable === undefined) return { kind: 'refused', code: 'callback.signature-invalid' }
  const { header, message } = envelope.data
  // A partial list is legal (§ completed_count): whoever is not in it is not spoken of.
  const list = message == null ? undefined : findStatusItems(message)
  if (message == null || list === undefined) return { kind: 'refused', code: 'callback.not-understood' }
  const known = new Map(
    findPayments(list.items.map(({ reference_id }) => reference_id)).map((payment) => [
      payment.id.toLowerCase(),
      payment,
    ]),
  )
  if (known.size === 0) return { kind: 'refused', code: 'callback.nobody-known' }
  const ask = (code: Extract<CallbackReading, { kind: 'trigger' }>['code']): CallbackReading => ({
    kind: 'trigger',
    payments: [...known.values()].map(({ id }) => id),
    code,
  })
  if (unverifiable !== undefined) return ask(unverifiable)
  // What the payment system told somebody else is no word to this office.
  if (header.receiver_id !== '' && header.receiver_id.toLowerCase() !== manager.senderId.toLowerCase()) {
    return ask('callback.not-for-us')
  }
  return {
    kind: 'words',
    words: list.items.flatMap((item) => {
      const payment = known.get(item.reference_id.toLowerCase())
      return payment === undefined ? [] : [wordOf(item, payment, true)]
    }),
    messageAt: readMessageTime(header.message_ts),
    digest: digestOf(header, message),
  }
}

/** Of the canonical form: the same words with other spaces, or signed once more, are no news. */
function digestOf(header: unknown, message: unknown): string {
  // There and back, since a number too large for JSON (`1e999`) has no canonical form.
  const [plainHeader, plainMessage]: unknown[] = JSON.parse(JSON.stringify([header, message]))
  return digestOfMessage({ header: plainHeader, message: plainMessage })
}
