import { randomUUID } from 'node:crypto'
import { StatusMessage } from '../../../shared/contract/g2p-connect.ts'
import type { Fault } from '../payment-system/behaviour.ts'
import { badRequest, checkEnvelope, explain } from '../payment-system/envelope-check.ts'
import type { LedgerEntry } from '../payment-system/ledger-entry.ts'
import type { PaymentSystem } from '../payment-system/payment-system.ts'
import { acknowledgement, type Reply, type ReportedItem, signedReply } from '../payment-system/reply.ts'
import type { Arrived } from '../payment-system/security/security.ts'
import { type Classic, classicBreakdown, classicStatus } from './classic.ts'
import { refusedReply } from './refused-reply.ts'

/** Actions that senders use for a status request: the published list is copied from elsewhere. */
const ACTIONS = ['txn-status', 'disburse', 'on-disburse', 'search', 'on-search', 'subscribe', 'status']

/**
 * Answers a status request (§ `/disburse/sync/txn/status`). The asynchronous path acknowledges, and the reply follows as a
 * callback: `callback` is then set, with where the sender wants it.
 */
export function status(
  system: PaymentSystem,
  arrived: Arrived,
  mode: 'async' | 'sync',
  fault: Fault | null,
): { readonly reply: Reply; readonly callback: { readonly uri: string; readonly body: Reply } | null } {
  system.settle()
  const envelope = checkEnvelope(system, arrived, ACTIONS)
  if (!envelope.ok) return { reply: refusedReply(system, envelope.envelope, mode, envelope.refusal), callback: null }
  const { header } = envelope.value
  const parsed = StatusMessage.safeParse(envelope.value.message)
  if (!parsed.success) {
    const refusal = badRequest(explain(parsed.error.issues))
    return { reply: refusedReply(system, envelope.value, mode, refusal), callback: null }
  }
  const reply = look(system, envelope.value.header, parsed.data, fault)
  if (mode === 'sync') return { reply, callback: null }
  const uri = header.sender_uri ?? ''
  // Valid, but no further word will come: nobody said where to.
  if (uri === '') return { reply: acknowledgement(system, 'NACK', randomUUID()), callback: null }
  return { reply: acknowledgement(system, 'ACK', randomUUID()), callback: { uri, body: reply } }
}

function look(
  system: PaymentSystem,
  header: Parameters<typeof signedReply>[1],
  message: StatusMessage,
  fault: Fault | null,
): Reply {
  const { attribute_value: value } = message.txnstatus_request
  const { classic } = system.behaviour
  if (classic !== null && message.txnstatus_request.attribute_type !== 'reference_id_list') return classicBreakdown
  const asked = typeof value === 'string' ? namedBy(system, message, value) : value
  const now = system.clock.now()
  const found: (ReportedItem | null)[] = []
  for (const reference of asked) {
    const entry = system.ledger.findEntry(reference)
    if (entry !== undefined && entry.knownAt <= now) found.push(...distort(system, reportEntry(entry, now), fault))
    else if (system.behaviour.unknownReferences === 'rejected') found.push(unknownItem(reference, now))
    else if (system.behaviour.statusShape === 'list-with-nulls') found.push(null)
  }
  if (classic !== null) return classicReply(system, classic, header, message, found)
  const limited = found.slice(0, system.behaviour.statusLimit ?? found.length)
  const transaction = message.transaction_id
  const items =
    system.behaviour.statusShape === 'object' ? { transaction_id: transaction, disbursements_status: limited } : limited
  const wish = { action: 'on-disburse', status: 'succ', total: asked.length, completed: limited.length }
  return signedReply(system, header, wish, {
    transaction_id: transaction,
    correlation_id: randomUUID(),
    txnstatus_response: { txn_type: system.behaviour.statusTxnType, txn_status: items },
  })
}

/** A bare list of what is known, `succ` and no counts, whatever became of them. */
function classicReply(
  system: PaymentSystem,
  classic: Classic,
  header: Parameters<typeof signedReply>[1],
  { transaction_id }: StatusMessage,
  found: readonly (ReportedItem | null)[],
): Reply {
  const items = found.map((item) => {
    const entry = item === null ? undefined : system.ledger.findEntry(item.reference_id)
    // Only what stands in the ledger as received can be called anything else.
    const isWaiting = item?.status === 'rcvd' || item?.status === 'pdng'
    return item === null || entry === undefined || !isWaiting
      ? item
      : { ...item, status: classicStatus(system, classic, entry) }
  })
  const wish = { action: header.action, status: 'succ', total: 0, completed: 0 }
  return signedReply(system, header, wish, {
    transaction_id,
    correlation_id: '',
    txnstatus_response: { txn_type: 'disburse', txn_status: items },
  })
}

function namedBy(system: PaymentSystem, message: StatusMessage, value: string): readonly string[] {
  return message.txnstatus_request.attribute_type === 'reference_id_list' ? [value] : system.ledger.referencesOf(value)
}

/** One payment as it stands. */
export function reportEntry(entry: LedgerEntry, now: number): ReportedItem {
  const { disbursement } = entry
  // Received at first, then in work until the money moves.
  const inWork = entry.dueAt !== null && now - entry.acceptedAt > (entry.dueAt - entry.acceptedAt) / 2
  const status = entry.status === 'rcvd' && inWork ? 'pdng' : entry.status
  return {
    reference_id: entry.referenceId,
    timestamp: new Date(entry.statusAt).toISOString(),
    status,
    ...(entry.reasonCode === '' ? {} : { status_reason_code: entry.reasonCode }),
    amount: disbursement.amount,
    payer_fa: disbursement.payer_fa,
    payee_fa: disbursement.payee_fa,
    ...(disbursement.payee_name === undefined ? {} : { payee_name: disbursement.payee_name }),
    ...(disbursement.currency_code === undefined ? {} : { currency_code: disbursement.currency_code }),
  }
}

function unknownItem(reference: string, now: number): ReportedItem {
  return {
    reference_id: reference,
    timestamp: new Date(now).toISOString(),
    status: 'rjct',
    status_reason_code: 'rjct.reference_id.invalid',
  }
}

/** The item as a fault would have it told; the ledger stays true. */
function distort(system: PaymentSystem, item: ReportedItem, fault: Fault | null): ReportedItem[] {
  if (fault?.do === 'reject-items') {
    return system.faults.random() < fault.share
      ? [{ ...item, status: fault.status, status_reason_code: fault.code }]
      : [item]
  }
  if (fault?.do !== 'misreport' || system.faults.random() >= fault.share) return [item]
  switch (fault.as) {
    case 'contradiction':
      return [
        item.status === 'succ'
          ? { ...item, status: 'rjct', status_reason_code: 'rjct.payment.failed' }
          : { ...item, status: 'succ' },
      ]
    case 'wrong-amount':
      return [{ ...item, amount: '1.00' }]
    case 'wrong-payee':
      return [{ ...item, payee_fa: 'account:somebody-else@elsewhere' }]
    case 'wrong-currency':
      return [{ ...item, currency_code: 'XTS' }]
    case 'absent':
      return []
    case 'twice':
      return [item, item]
    case 'unreadable':
      return [{ ...item, status: '' }]
  }
}
