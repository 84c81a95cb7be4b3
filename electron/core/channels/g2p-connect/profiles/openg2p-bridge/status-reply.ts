import {
  BridgeStatus,
  bridgeCodes,
  EnvelopeStatus,
  ErrorReconPayload,
  ReconPayload,
} from '../../../../../../shared/contract/openg2p-bridge.ts'
import type { AskedPayment, LookUpOutcome, StatusWord } from '../../../channel.ts'
import { nothingSaid } from '../../../nothing-said.ts'
import { failedLookUp, limited, type Reading, readQuestionRefusal, replyFault, saysTooMany } from '../../reading.ts'
import { hear } from './reply.ts'

type Word = Pick<StatusWord, 'status' | 'code' | 'text'>

type Failed = Extract<LookUpOutcome, { kind: 'failed' }>

/** The message of a reply, and the code with which it was rejected; empty where it was not. */
function heardMessage(
  reading: Reading,
): { readonly message: unknown; readonly theirTime: string; readonly code: string } | Failed {
  const heard = hear(reading)
  switch (heard.kind) {
    case 'no-reply':
      return readQuestionRefusal(reading)
    case 'not-understood':
      return failedLookUp(heard.fault)
    case 'rejected':
      return { message: null, theirTime: '', code: heard.code === '' ? '?' : heard.code }
    case 'fine':
      return { message: heard.message, theirTime: heard.theirTime, code: '' }
  }
}

function refusedBy({ answer }: Reading, code: string): LookUpOutcome {
  return saysTooMany(code)
    ? failedLookUp(replyFault('channel.too-many-requests', answer), true)
    : failedLookUp(replyFault('channel.request-refused', answer, { code }))
}

/**
 * What a reply to `/get_disbursement_status` means. The ids are the bridge's own, so nothing is ever absent; what it does not
 * mention is asked about again.
 *
 * @param envelopeId records that name another envelope are not about these payments; empty where it is not known
 */
export function readStatus(reading: Reading, envelopeId: string): LookUpOutcome {
  const heard = heardMessage(reading)
  if ('kind' in heard) return heard
  if (heard.code !== '') return refusedBy(reading, heard.code)
  const { answer, manager, payments } = reading
  if (!Array.isArray(heard.message)) return failedLookUp(replyFault('channel.reply-not-understood', answer))
  const items = heard.message.flatMap((entry) => {
    const item = BridgeStatus.safeParse(entry)
    return item.success ? [item.data] : []
  })
  const said = Map.groupBy(items, ({ disbursement_id }) => disbursement_id)
  const sharing = Map.groupBy(payments, ({ theirReference }) => theirReference)
  const words: StatusWord[] = []
  for (const payment of payments) {
    const told = said.get(payment.theirReference)
    if (told === undefined) continue
    const isItsOwn = told.length === 1 && sharing.get(payment.theirReference)?.length === 1
    const found = isItsOwn && told[0] !== undefined ? wordsOf(told[0], envelopeId) : [UNCLEAR]
    words.push(...found.map((word) => fullWord(word, payment, manager.replySigning !== 'none', heard.theirTime)))
  }
  return { kind: 'answered', words, absent: [], left: [] }
}

const UNCLEAR: Word = { status: 'other', code: 'payment.unclear', text: '' }

const fullWord = (word: Word, payment: AskedPayment, verified: boolean, theirTime: string): StatusWord => ({
  ...nothingSaid,
  ...word,
  paymentId: payment.id,
  verified,
  theirTime,
})

/** What bank statements say about one disbursement: nothing yet, paid, paid and taken back, or something odd. */
function wordsOf(
  { disbursement_id: id, disbursement_recon_records: records }: BridgeStatus,
  envelopeId: string,
): Word[] {
  const entries = (records?.disbursement_recon_payloads ?? []).map((entry) => ReconPayload.safeParse(entry))
  const errors = (records?.disbursement_error_recon_payloads ?? []).map((entry) => ErrorReconPayload.safeParse(entry))
  const isAboutIt = (record: {
    readonly disbursement_id: string
    readonly disbursement_envelope_id?: string
  }): boolean =>
    (record.disbursement_id === '' || record.disbursement_id === id) &&
    (!record.disbursement_envelope_id || envelopeId === '' || record.disbursement_envelope_id === envelopeId)
  const paid: string[] = []
  const reversed: string[] = []
  for (const entry of entries) {
    // What cannot be read may be anything, a reversal too.
    if (!entry.success || !isAboutIt(entry.data)) return [UNCLEAR]
    const { data } = entry
    const remittance = data.remittance_reference_number || data.remittance_statement_id
    const isReversal = data.reversal_found === true || data.reversal_statement_id !== ''
    if (remittance === '') return [UNCLEAR]
    paid.push(referenceOf('remittance', remittance, data.remittance_entry_sequence, data.remittance_entry_date))
    if (!isReversal) continue
    const { reversal_statement_id: statement, reversal_entry_sequence: place, reversal_entry_date: day } = data
    reversed.push(`${referenceOf('reversal', statement, place, day)} ${data.reversal_reason}`.trim())
  }
  const wrong = errors.flatMap((error) => {
    const { data } = error
    if (data === undefined) return ['?']
    if (!isAboutIt(data)) return []
    return [
      `${data.error_reason} ${referenceOf('bank', data.bank_reference_number || data.statement_id, data.entry_sequence, '')}`,
    ]
  })
  if (wrong.length > 0) {
    return [{ status: 'undecidable', code: 'payment.bank-error', text: limited([...paid, ...wrong].join('; '), 999) }]
  }
  if (paid.length === 0) return [{ status: 'pdng', code: '', text: '' }]
  const success: Word = { status: 'succ', code: '', text: limited(paid.join('; '), 999) }
  if (reversed.length === 0) return [success]
  // Of several remittances some came back: whether anything is left to the payee is for people to find out.
  if (reversed.length < paid.length) {
    return [{ status: 'undecidable', code: '', text: limited([...paid, ...reversed].join('; '), 999) }]
  }
  return [success, { status: 'reversed', code: '', text: limited(reversed.join('; '), 999) }]
}

const referenceOf = (what: string, reference: string, place: string, day: string): string =>
  `${what} ${[reference, place, day].filter((part) => part !== '').join('/')}`

/**
 * What a reply to `/get_disbursement_envelope_status` means for payments whose ids are not known: the bridge takes a message
 * whole or not at all, so it has all of them or none.
 */
export function readEnvelopeStatus(reading: Reading, envelopeId: string): LookUpOutcome {
  const { answer, manager, payments } = reading
  const heard = heardMessage(reading)
  if ('kind' in heard) return heard
  const forAll = (word: Word): LookUpOutcome => {
    const words = payments.map((payment) => fullWord(word, payment, manager.replySigning !== 'none', heard.theirTime))
    return { kind: 'answered', words, absent: [], left: [] }
  }
  // Nobody wrote down in which envelope they may have left: that there is none without a name says nothing of them.
  if (envelopeId === '') return forAll({ status: 'undecidable', code: 'payment.cannot-be-asked', text: '' })
  const none = (): LookUpOutcome => ({
    kind: 'answered',
    words: [],
    absent: payments.map(({ id }) => id),
    left: [],
  })
  if (heard.code !== '') return heard.code === bridgeCodes.noSuchEnvelope ? none() : refusedBy(reading, heard.code)
  const status = EnvelopeStatus.safeParse(heard.message)
  const isIt = status.success && status.data.disbursement_envelope_id === envelopeId
  if (!isIt) return failedLookUp(replyFault('channel.reply-not-understood', answer))
  if (status.data.number_of_disbursements_received === 0) return none()
  return forAll({ status: 'undecidable', code: 'payment.undecidable', text: `envelope ${envelopeId}` })
}
