import { randomInt } from 'node:crypto'
import { z } from 'zod'
import { bridgeCodes, EnvelopeMessage } from '../../../shared/contract/openg2p-bridge.ts'
import { badRequest, checkEnvelope, explain } from '../payment-system/envelope-check.ts'
import { hundredthsOf } from '../payment-system/ledger-entry.ts'
import type { PaymentSystem } from '../payment-system/payment-system.ts'
import { httpErrors, type Reply } from '../payment-system/reply.ts'
import type { Arrived } from '../payment-system/security/security.ts'
import { done, refused, rejected } from './reply.ts'

/** An amount that came as a number, in hundredths; 0 when it has more than two decimals or is no amount. */
export const hundredthsIn = (amount: number): number => {
  const [whole = '', fraction = '0'] = String(amount).split('.')
  return hundredthsOf(`${whole}.${fraction}`)
}

/** The bridge numbers what it makes by the microsecond; a random end keeps two of one microsecond apart. */
export const newNumber = (system: PaymentSystem): string => `${system.clock.now()}${randomInt(1e11, 1e12)}`

/** `/create_disbursement_envelope`. */
export function createEnvelope(system: PaymentSystem, arrived: Arrived): Reply {
  const envelope = checkEnvelope(system, arrived, 'any')
  if (!envelope.ok) return refused(system, envelope.envelope, envelope.refusal)
  const { header } = envelope.value
  const parsed = EnvelopeMessage.safeParse(envelope.value.message)
  if (!parsed.success) return httpErrors(422, 'G2P-REQ-102', badRequest(explain(parsed.error.issues)).text)
  const message = parsed.data
  const hundredths = hundredthsIn(message.total_disbursement_amount)
  if (hundredths === 0) return rejected(system, header, 'INVALID_TOTAL_DISBURSEMENT_AMOUNT')
  const id = newNumber(system)
  const { number_of_disbursements: count, disbursement_currency_code: currency } = message
  system.ledger.append([{ kind: 'envelope', id, count, hundredths, currency, at: system.clock.now() }])
  return done(system, header, { ...message, disbursement_envelope_id: id })
}

/** `/get_disbursement_envelope_status`. */
export function envelopeStatus(system: PaymentSystem, arrived: Arrived): Reply {
  system.settle()
  const envelope = checkEnvelope(system, arrived, 'any')
  if (!envelope.ok) return refused(system, envelope.envelope, envelope.refusal)
  const { header } = envelope.value
  const id = z.string().safeParse(envelope.value.message)
  const known = id.success ? system.ledger.findEnvelope(id.data) : undefined
  if (known === undefined) return rejected(system, header, bridgeCodes.noSuchEnvelope)
  const now = system.clock.now()
  const inside = system.ledger.namedIn(known.id).filter(({ knownAt }) => knownAt <= now)
  const entries = inside.flatMap(({ referenceId }) => system.ledger.findEntry(referenceId) ?? [])
  return done(system, header, {
    disbursement_envelope_id: known.id,
    number_of_disbursements_declared: known.count,
    number_of_disbursements_received: inside.length,
    funds_available_with_bank: 'FUNDS_AVAILABLE',
    funds_blocked_with_bank: 'FUNDS_BLOCK_SUCCESS',
    number_of_disbursements_shipped: entries.filter(({ paidCount }) => paidCount > 0).length,
    number_of_disbursements_reconciled: entries.filter(({ paidCount }) => paidCount > 0).length,
    number_of_disbursements_reversed: entries.filter(({ reversedAt }) => reversedAt !== null).length,
  })
}
