import { z } from 'zod'
import type { Disbursement } from '../../../shared/contract/g2p-connect.ts'
import { bridgeCodes, EnvelopedDisbursement } from '../../../shared/contract/openg2p-bridge.ts'
import type { Fault } from '../payment-system/behaviour.ts'
import { badRequest, checkEnvelope, explain } from '../payment-system/envelope-check.ts'
import type { LedgerEnvelope } from '../payment-system/ledger.ts'
import type { LedgerLine } from '../payment-system/ledger-entry.ts'
import type { PaymentSystem } from '../payment-system/payment-system.ts'
import { httpErrors, type Reply } from '../payment-system/reply.ts'
import type { Arrived } from '../payment-system/security/security.ts'
import { planSteps } from '../payment-system/steps.ts'
import { hundredthsIn, newNumber } from './envelopes.ts'
import { done, refused, rejected } from './reply.ts'

const Message = z.array(EnvelopedDisbursement).min(1)

/** `/create_disbursements`: all of the list, or nothing of it. */
export function createDisbursements(system: PaymentSystem, arrived: Arrived, fault: Fault | null): Reply {
  system.settle()
  const request = checkEnvelope(system, arrived, 'any')
  if (!request.ok) return refused(system, request.envelope, request.refusal)
  const { header } = request.value
  const parsed = Message.safeParse(request.value.message)
  if (!parsed.success) return httpErrors(422, 'G2P-REQ-102', badRequest(explain(parsed.error.issues)).text)
  const items = parsed.data
  const envelopeId = items[0]?.disbursement_envelope_id ?? ''
  const reject = (code: string): Reply => rejected(system, header, code, items)
  if (items.some((item) => item.disbursement_envelope_id !== envelopeId)) return reject(bridgeCodes.severalEnvelopes)
  const envelope = system.ledger.findEnvelope(envelopeId)
  if (envelope === undefined) return reject(bridgeCodes.noSuchEnvelope)
  // Without it the check is passed by, as when two deliveries are checked at the same moment.
  const exceeded = system.behaviour.duplicateProtection ? exceeds(system, envelope, items) : null
  if (exceeded !== null) {
    system.traffic.duplicateMessages += 1
    return reject(exceeded)
  }
  const wrong = items.map((item) => [...wrongWith(item), ...struckBy(system, fault)])
  if (wrong.some((codes) => codes.length > 0)) {
    const message = items.map((item, index) => ({ ...item, response_error_codes: wrong[index] }))
    return rejected(system, header, bridgeCodes.wrongItems, message)
  }
  const ids = { senderId: header.sender_id, messageId: header.message_id, transactionId: envelopeId }
  const names = items.map(() => newNumber(system))
  if (fault?.do !== 'acknowledge-and-lose') {
    system.ledger.append(linesFor(system, envelope, items, names, ids, fault?.do === 'insert-late' ? fault.after : 0))
  }
  return done(
    system,
    header,
    items.map((item, index) => ({ ...item, disbursement_id: names[index], response_error_codes: [] })),
  )
}

function exceeds(
  system: PaymentSystem,
  { id, count, hundredths }: LedgerEnvelope,
  items: readonly EnvelopedDisbursement[],
): string | null {
  const inside = system.ledger.namedIn(id)
  if (inside.length + items.length > count) return bridgeCodes.countExceeded
  const before = inside.reduce((sum, { referenceId }) => {
    const amount = system.ledger.findEntry(referenceId)?.disbursement.amount ?? '0'
    return sum + hundredthsIn(Number(amount))
  }, 0)
  const now = items.reduce((sum, item) => sum + hundredthsIn(item.disbursement_amount), 0)
  return before + now > hundredths ? bridgeCodes.sumExceeded : null
}

function wrongWith(item: EnvelopedDisbursement): string[] {
  return [
    ...(hundredthsIn(item.disbursement_amount) > 0 ? [] : ['INVALID_DISBURSEMENT_AMOUNT']),
    ...(item.beneficiary_id === '' ? ['INVALID_BENEFICIARY_ID'] : []),
    ...(item.beneficiary_name === '' ? ['INVALID_BENEFICIARY_NAME'] : []),
    ...(item.narrative === '' ? ['INVALID_NARRATIVE'] : []),
  ]
}

const struckBy = (system: PaymentSystem, fault: Fault | null): string[] =>
  fault?.do === 'reject-items' && !fault.paidAnyway && system.faults.random() < fault.share ? [fault.code] : []

/** Each delivery is a disbursement of its own: what comes again is paid again. */
function linesFor(
  system: PaymentSystem,
  { id: envelopeId, currency }: LedgerEnvelope,
  items: readonly EnvelopedDisbursement[],
  names: readonly string[],
  ids: { readonly senderId: string; readonly messageId: string; readonly transactionId: string },
  late: number,
): LedgerLine[] {
  const at = system.clock.now()
  const knownAt = at + late
  const added = new Set<string>()
  return items.flatMap((item, index): LedgerLine[] => {
    const referenceId = item.mis_reference_number
    const disbursement: Disbursement = {
      reference_id: referenceId,
      payer_fa: '',
      payee_fa: item.beneficiary_id,
      payee_name: item.beneficiary_name,
      amount: (hundredthsIn(item.disbursement_amount) / 100).toFixed(2),
      currency_code: currency,
    }
    const steps = planSteps(system, disbursement, knownAt)
    const isAgain = added.has(referenceId) || system.ledger.findEntry(referenceId) !== undefined
    added.add(referenceId)
    if (isAgain) system.traffic.duplicateReferences += 1
    return [
      isAgain
        ? { kind: 'again', referenceId, at, steps }
        : { kind: 'accepted', ...ids, at, knownAt, disbursement, steps },
      { kind: 'named', id: names[index] ?? '', envelopeId, referenceId, at, knownAt },
    ]
  })
}
