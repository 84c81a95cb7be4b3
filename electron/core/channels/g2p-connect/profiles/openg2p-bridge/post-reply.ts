import { BridgeTaken, bridgeCodes, EnvelopeMade } from '../../../../../../shared/contract/openg2p-bridge.ts'
import { sameAddress } from '../../../../../../shared/rules/financial-address.ts'
import { parseWireAmount } from '../../../../../../shared/rules/money.ts'
import type { Opened, PostedPayment, PostOutcome, StatusWord } from '../../../channel.ts'
import { nothingSaid } from '../../../nothing-said.ts'
import {
  limited,
  type PostReading,
  type Reading,
  readPostRefusal,
  readQuestionRefusal,
  replyFault,
  saysTooMany,
  unknownOutcome,
} from '../../reading.ts'
import { hear } from './reply.ts'

/** What became of making an envelope. */
export function readOpening(reading: Omit<Reading, 'payments'>): Opened {
  const { answer } = reading
  const failed = (fault: ReturnType<typeof replyFault>, slowDown = false): Opened => ({
    kind: 'failed',
    fault,
    retryAt: null,
    slowDown,
  })
  const heard = hear(reading)
  switch (heard.kind) {
    case 'no-reply': {
      const { fault, slowDown } = readQuestionRefusal({ ...reading, payments: [] })
      return failed(fault, slowDown)
    }
    case 'not-understood':
      return failed(heard.fault)
    case 'rejected':
      return failed(replyFault('channel.request-refused', answer, { code: heard.code }), saysTooMany(heard.code))
    case 'fine': {
      const made = EnvelopeMade.safeParse(heard.message)
      const id = made.success ? made.data.disbursement_envelope_id : ''
      if (id === '' || id.length > LONGEST_ID) return failed(replyFault('channel.reply-not-understood', answer))
      return { kind: 'opened', openedAs: id }
    }
  }
}

/** Characters that an id of the bridge may have here. */
const LONGEST_ID = 128

/** More than was declared: the envelope has this message already. */
const RECEIVED: ReadonlySet<string> = new Set([bridgeCodes.countExceeded, bridgeCodes.sumExceeded])
/** Found before anything of the message was stored. */
const REFUSED: ReadonlySet<string> = new Set([
  bridgeCodes.severalEnvelopes,
  bridgeCodes.noSuchEnvelope,
  bridgeCodes.envelopeCancelled,
  bridgeCodes.wrongItems,
  'rjct.jwt.invalid',
])

/** What a reply to `/create_disbursements` means: all of it was taken, or nothing. In doubt: unknown. */
export function readDisbursements(reading: PostReading): PostOutcome {
  const { answer, payments } = reading
  const { status: httpStatus } = answer
  const heard = hear(reading)
  switch (heard.kind) {
    case 'no-reply': {
      const outcome = readPostRefusal(reading)
      // Halves would have to be asked about before they leave, and without an envelope the bridge cannot be asked.
      return outcome.kind === 'too-large' ? { ...outcome, kind: 'refused' } : outcome
    }
    case 'not-understood':
      return unknownOutcome(reading, heard.fault)
    case 'rejected': {
      const said = { httpStatus, code: heard.code, text: wrongItems(heard.message) }
      if (RECEIVED.has(heard.code)) return { kind: 'duplicate', ...said }
      if (REFUSED.has(heard.code)) return { kind: 'refused', ...said }
      const fault = replyFault('channel.request-refused', answer, { code: heard.code })
      return unknownOutcome(reading, fault, { slowDown: saysTooMany(heard.code), ...said })
    }
    case 'fine': {
      const words = takenWords(heard.message, payments, reading.manager.replySigning !== 'none', heard.theirTime)
      if (words.length === 0) return unknownOutcome(reading, replyFault('channel.reply-not-understood', answer))
      return { kind: 'answered', words, httpStatus, code: '', text: '' }
    }
  }
}

/** Codes of the items that the bridge found wrong, with their references. */
function wrongItems(message: unknown): string {
  if (!Array.isArray(message)) return ''
  const found = message.flatMap((entry) => {
    const item = BridgeTaken.safeParse(entry)
    if (!item.success || item.data.response_error_codes.length === 0) return []
    return [`${item.data.mis_reference_number}: ${item.data.response_error_codes.join(', ')}`]
  })
  return limited(found.join('; '), 999)
}

/**
 * The bridge repeats each item with the id that it gave it. An item that says another amount or payee than was sent is for
 * people to look at. An id that two items share names neither: they count as payments whose answer was lost.
 */
function takenWords(
  message: unknown,
  payments: readonly PostedPayment[],
  verified: boolean,
  theirTime: string,
): StatusWord[] {
  if (!Array.isArray(message)) return []
  const posted = new Map(payments.map((payment) => [payment.id.toLowerCase(), payment]))
  const taken = message.flatMap((entry) => {
    const item = BridgeTaken.safeParse(entry)
    const payment = item.success ? posted.get(item.data.mis_reference_number.toLowerCase()) : undefined
    return item.success && payment !== undefined ? [{ item: item.data, payment }] : []
  })
  const payees = Map.groupBy(taken, ({ item }) => item.disbursement_id)
  return [...Map.groupBy(taken, ({ payment }) => payment)].map(([payment, repeated]) => {
    const [{ item } = { item: undefined }] = repeated
    const id = item?.disbursement_id ?? ''
    const isItsOwn = repeated.length === 1 && payees.get(id)?.length === 1 && id.length <= LONGEST_ID
    const asSent = item !== undefined && isAsSent(item, payment)
    return {
      ...nothingSaid,
      paymentId: payment.id,
      status: asSent ? 'rcvd' : 'undecidable',
      code: asSent ? '' : 'payment.mismatch',
      theirReference: isItsOwn ? id : '',
      verified,
      theirTime,
    }
  })
}

/** What the bridge leaves out contradicts nothing. */
function isAsSent(item: BridgeTaken, { amount, currency, payeeAddress }: PostedPayment): boolean {
  const said = item.disbursement_amount === '' ? null : parseWireAmount(item.disbursement_amount, currency)
  return (
    (said === null || (said.ok && said.value === amount)) &&
    (item.beneficiary_id === '' || sameAddress(item.beneficiary_id, payeeAddress))
  )
}
