import { randomUUID } from 'node:crypto'
import { DisburseMessage, type Disbursement, type RequestEnvelope } from '../../../shared/contract/g2p-connect.ts'
import type { Fault } from './behaviour.ts'
import type { LedgerLine, Step } from './ledger-entry.ts'
import { plannedOutcome } from './outcome.ts'
import type { PaymentSystem } from './payment-system.ts'
import { refusedReply } from './refused-reply.ts'
import { acknowledgement, type Reply, type ReportedItem, signedReply } from './reply.ts'
import { badRequest, checkDisbursement, checkEnvelope, explain, type Refusal } from './request-check.ts'
import type { Arrived } from './security/security.ts'

/**
 * Takes in a disburse request (§ `/disburse`, § `/disburse/sync/disburse`). When it returns, what was accepted stands in the
 * ledger's file. `fault` may change what is taken in and what is said about it.
 */
export function disburse(system: PaymentSystem, arrived: Arrived, mode: 'async' | 'sync', fault: Fault | null): Reply {
  system.settle()
  const envelope = checkEnvelope(system, arrived, ['disburse'])
  if (!envelope.ok) return refusedReply(system, envelope.envelope, mode, envelope.refusal)
  const { header } = envelope.value
  const parsed = DisburseMessage.safeParse(envelope.value.message)
  if (!parsed.success) {
    return refusedReply(system, envelope.value, mode, badRequest(explain(parsed.error.issues)))
  }
  const message = parsed.data
  const refusal = checkCount(system, header.total_count, message.disbursements.length)
  if (refusal !== null) return refusedReply(system, envelope.value, mode, refusal)

  const before = system.ledger.findMessage(header.sender_id, header.message_id)
  if (before !== undefined) system.traffic.duplicateMessages += 1
  if (before !== undefined && system.behaviour.duplicateProtection) {
    if (mode === 'async' && system.behaviour.duplicateAnswer === 'acknowledged') {
      return acknowledgement(system, 'ACK', before.correlationId)
    }
    const code = 'rjct.message_id.duplicate'
    return refusedReply(system, envelope.value, mode, { ack: code, header: code, text: 'This message came before.' })
  }

  const correlationId = before?.correlationId ?? randomUUID()
  const items =
    fault?.do === 'acknowledge-and-lose' ? null : takeIn(system, envelope.value, message, correlationId, fault)
  if (mode === 'async') return acknowledgement(system, 'ACK', correlationId)
  const reported = items ?? message.disbursements.map((item) => report(system, item, 'rcvd', ''))
  const wish = { action: 'on-disburse', status: 'rcvd', total: reported.length, completed: reported.length }
  return signedReply(system, header, wish, { transaction_id: message.transaction_id, disbursements_status: reported })
}

function checkCount(system: PaymentSystem, said: number, counted: number): Refusal | null {
  if (said !== counted) {
    return { ack: 'err.request.bad', header: 'rjct.total_count.invalid', text: 'rjct.total_count.invalid' }
  }
  if (counted <= system.behaviour.maximumCount) return null
  return { ack: 'err.request.bad', header: 'rjct.total_count.limit_exceeded', text: 'rjct.total_count.limit_exceeded' }
}

function takeIn(
  system: PaymentSystem,
  envelope: RequestEnvelope,
  message: DisburseMessage,
  correlationId: string,
  fault: Fault | null,
): ReportedItem[] {
  const now = system.clock.now()
  const ids = {
    senderId: envelope.header.sender_id,
    messageId: envelope.header.message_id,
    transactionId: message.transaction_id,
  }
  const lines: LedgerLine[] = [{ kind: 'message', ...ids, correlationId, at: now }]
  const knownAt = fault?.do === 'insert-late' ? now + fault.after : now
  const inThisMessage = new Set<string>()
  const items = message.disbursements.map((item): ReportedItem => {
    const invalid = checkDisbursement(item, system.behaviour.currencies)
    const known = system.ledger.findEntry(item.reference_id) !== undefined
    if (known || inThisMessage.has(item.reference_id)) {
      system.traffic.duplicateReferences += 1
      if (system.behaviour.duplicateProtection || inThisMessage.has(item.reference_id) || invalid !== null) {
        return report(system, item, 'rjct', invalid ?? 'rjct.reference_id.duplicate')
      }
      const steps = planSteps(system, item, knownAt)
      lines.push({ kind: 'again', referenceId: item.reference_id, at: now, steps })
      return report(system, item, 'rcvd', '')
    }
    if (invalid === 'rjct.reference_id.invalid') return report(system, item, 'rjct', invalid)
    inThisMessage.add(item.reference_id)
    const struck = fault?.do === 'reject-items' && system.faults.random() < fault.share ? fault : null
    const code = invalid ?? (struck === null || struck.paidAnyway ? null : struck.code)
    const steps =
      code === null
        ? planSteps(system, item, knownAt)
        : [{ id: system.ledger.nextStepId(), at: now, do: 'reject' as const, code }]
    lines.push({ kind: 'accepted', ...ids, at: now, knownAt, disbursement: item, steps })
    if (invalid !== null) return report(system, item, 'rjct', invalid)
    return struck === null ? report(system, item, 'rcvd', '') : report(system, item, struck.status, struck.code)
  })
  system.ledger.append(lines)
  return items
}

/** What will become of the payment, from the later of now, its schedule, and when it is known. */
function planSteps(system: PaymentSystem, item: Disbursement, knownAt: number): Step[] {
  const { profile, seed } = system.options
  const scheduled = item.scheduled_timestamp === undefined ? 0 : Date.parse(item.scheduled_timestamp)
  const from = Math.max(knownAt, scheduled)
  const outcome = plannedOutcome(profile, seed, item.payee_fa)
  const step = (at: number, what: Step['do'], code: string): Step => ({
    id: system.ledger.nextStepId(),
    at,
    do: what,
    code,
  })
  if (outcome.kind === 'rejected') return [step(from + outcome.after, 'reject', outcome.code)]
  const paidAt = from + outcome.after
  const pay = step(paidAt, 'pay', '')
  if (outcome.kind !== 'reversed') return [pay]
  return [pay, step(paidAt + outcome.reversedAfter, 'reverse', 'rjct.payment.reversed')]
}

function report(system: PaymentSystem, item: Disbursement, status: string, code: string): ReportedItem {
  return {
    reference_id: item.reference_id,
    timestamp: new Date(system.clock.now()).toISOString(),
    status,
    ...(code === '' ? {} : { status_reason_code: code }),
    amount: item.amount,
    payer_fa: item.payer_fa,
    payee_fa: item.payee_fa,
    ...(item.currency_code === undefined ? {} : { currency_code: item.currency_code }),
  }
}
