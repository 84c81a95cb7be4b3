import { randomUUID } from 'node:crypto'
import { DisburseMessage, type Disbursement } from '../../../shared/contract/g2p-connect.ts'
import type { Fault } from '../payment-system/behaviour.ts'
import { badRequest, checkEnvelope, explain, type PeerRequest, type Refusal } from '../payment-system/envelope-check.ts'
import type { LedgerLine } from '../payment-system/ledger-entry.ts'
import type { PaymentSystem } from '../payment-system/payment-system.ts'
import { acknowledgement, type Reply, type ReportedItem, signedReply } from '../payment-system/reply.ts'
import type { Arrived } from '../payment-system/security/security.ts'
import { planSteps } from '../payment-system/steps.ts'
import { classicDisburse } from './classic.ts'
import { checkDisbursement } from './disbursement-check.ts'
import { refusedReply } from './refused-reply.ts'
import { followDisbursement } from './told.ts'

/**
 * Takes in a disburse request (§ `/disburse`, § `/disburse/sync/disburse`). When it returns, what was accepted stands in the
 * ledger's file. `fault` may change what is taken in and what is said about it.
 */
export function disburse(system: PaymentSystem, arrived: Arrived, mode: 'async' | 'sync', fault: Fault | null): Reply {
  system.settle()
  const envelope = checkEnvelope(system, arrived, ['disburse'])
  if (!envelope.ok) return refusedReply(system, envelope.envelope, mode, envelope.refusal)
  const { header } = envelope.value
  const { classic } = system.behaviour
  if (classic !== null) return classicDisburse(system, classic, envelope.value, fault?.do === 'acknowledge-and-lose')
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
  if (mode === 'async') {
    const { callbacks } = system.behaviour
    if (callbacks !== null && items !== null) followDisbursement(system, callbacks, header, message.transaction_id)
    return acknowledgement(system, 'ACK', correlationId)
  }
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
  envelope: PeerRequest,
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
