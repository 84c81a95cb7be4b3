import type { Fault } from '../payment-system/behaviour.ts'
import type { LedgerMessage, LedgerNamed } from '../payment-system/ledger.ts'
import type { LedgerEntry } from '../payment-system/ledger-entry.ts'
import type { PaymentSystem } from '../payment-system/payment-system.ts'
import type { Reply } from '../payment-system/reply.ts'
import type { Arrived } from '../payment-system/security/security.ts'
import { hashOf } from '../payment-system/seeded-random.ts'

/*
 * What the operations app tells. Its figures of a batch are those of the hub: wrong while the batch is under way.
 */

const json = (body: Readonly<Record<string, unknown>>): Reply => ({ status: 200, body })
const notFound = (): Reply => ({ status: 404, body: {}, text: 'Batch not found' })
const noTenant = (): Reply => ({ status: 400, body: { error: 'Platform-TenantId is missing' } })

const isListed = (system: PaymentSystem, { at, knownAt = at }: LedgerMessage): boolean => knownAt <= system.clock.now()

const rowsOf = (system: PaymentSystem, batchId: string): readonly LedgerNamed[] =>
  system.ledger.namedIn(batchId).filter(({ knownAt }) => knownAt <= system.clock.now())

const wholeNumber = (text: string | null, usual: number): number => {
  const number = Number(text ?? usual)
  return Number.isSafeInteger(number) && number >= 0 ? number : usual
}

/** `GET /batches`: no filter by what the sender called it. */
export function listBatches(system: PaymentSystem, { query, headers }: Arrived): Reply {
  system.settle()
  if (headers['platform-tenantid'] === undefined) return noTenant()
  const limit = Math.max(1, wholeNumber(query.get('limit'), 10))
  const page = Math.floor(wholeNumber(query.get('offset'), 0) / limit)
  const listed = system.ledger.messages().filter((message) => isListed(system, message))
  const sorted = query.get('sort') === '-startedAt' ? listed.toReversed() : listed
  return json({
    totalBatches: listed.length,
    data: sorted.slice(page * limit, (page + 1) * limit).map((message) => batchOf(system, message)),
  })
}

function batchOf(system: PaymentSystem, { correlationId: batchId, messageId, transactionId, at }: LedgerMessage) {
  const rows = rowsOf(system, batchId)
  const final = rows.filter((row) => ['COMPLETED', 'FAILED'].includes(statusOf(system, row)))
  return {
    batchId,
    subBatchId: null,
    requestId: messageId,
    correlationId: messageId,
    requestFile: `${at}_${transactionId}`,
    totalTransactions: rows.length,
    ongoing: rows.length - final.length,
    // None of none is complete, and whatever is under way counts as failed.
    status: final.length === rows.length ? 'COMPLETED' : 'Failed',
    successPercentage: rows.length === 0 ? 'NaN' : String((100 * final.length) / rows.length),
    startedAt: at,
    completedAt: null,
  }
}

/** `GET /batch`. */
export function oneBatch(system: PaymentSystem, { query }: Arrived): Reply {
  system.settle()
  const wanted = query.get('batchId')
  const message = system.ledger.messages().find(({ correlationId }) => correlationId === wanted)
  return message === undefined || !isListed(system, message) ? notFound() : json(batchOf(system, message))
}

/** `GET /batch/detail`: a page of transfers, in no order that holds from one page to the next. */
export function detail(system: PaymentSystem, { query, headers }: Arrived, fault: Fault | null): Reply {
  system.settle()
  if (headers['platform-tenantid'] === undefined) return noTenant()
  const size = Math.max(1, wholeNumber(query.get('pageSize'), 10))
  const number = wholeNumber(query.get('pageNo'), 0)
  const rows = rowsOf(system, query.get('batchId') ?? '')
  const all = rows.flatMap((row) => distort(system, legsOf(system, row), fault))
  const ordered = system.behaviour.hub.disorder ? shuffled(all, system) : all
  const totalPages = Math.ceil(all.length / size)
  return json({
    content: ordered.slice(number * size, (number + 1) * size),
    totalElements: all.length,
    totalPages,
    number,
    size,
    last: number + 1 >= totalPages,
  })
}

function shuffled<T>(items: readonly T[], { faults }: PaymentSystem): T[] {
  const order = items.map((item) => ({ item, place: faults.random() }))
  return order.sort((one, other) => one.place - other.place).map(({ item }) => item)
}

type Row = Record<string, unknown>

function statusOf(system: PaymentSystem, { referenceId, refused }: LedgerNamed): string {
  if (refused !== undefined) return 'FAILED'
  const entry = system.ledger.findEntry(referenceId)
  if (entry === undefined || entry.status === 'rcvd') return 'IN_PROGRESS'
  if (entry.status === 'succ') return 'COMPLETED'
  return entry.reasonCode === 'exception' ? 'EXCEPTION' : 'FAILED'
}

function legsOf(system: PaymentSystem, named: LedgerNamed): Row[] {
  const entry = system.ledger.findEntry(named.referenceId)
  if (entry === undefined) return []
  const status = statusOf(system, named)
  const leg: Row = {
    workflowInstanceKey: named.id,
    transactionId: `tx-${named.id}`,
    startedAt: named.at,
    completedAt: status === 'IN_PROGRESS' ? null : completedAt(entry),
    status,
    statusDetail: null,
    payeePartyId: entry.disbursement.payee_fa,
    payeePartyIdType: 'MSISDN',
    payerPartyId: entry.disbursement.payer_fa,
    payerPartyIdType: 'MSISDN',
    amount: entry.disbursement.amount.replace(/\.?0+$/, ''),
    currency: entry.disbursement.currency_code,
    direction: 'OUTGOING',
    errorInformation: status === 'FAILED' ? errorOf(named, entry) : null,
    batchId: `${named.envelopeId}-sub`,
    clientCorrelationId: named.referenceId,
  }
  return system.behaviour.hub.bothLegs
    ? [leg, { ...leg, workflowInstanceKey: `${named.id}9`, direction: 'INCOMING' }]
    : [leg]
}

/** Times come as numbers and as text. */
const completedAt = ({ statusAt, position }: LedgerEntry): string | number =>
  position % 2 === 0 ? statusAt : new Date(statusAt).toISOString()

/** The same error in the shapes in which the hub writes it: JSON, JSON in JSON, and plain words. */
function errorOf({ id, refused }: LedgerNamed, { reasonCode }: LedgerEntry): string {
  const code = refused ?? reasonCode
  const error = JSON.stringify({ errorCode: code, errorDescription: `as told: ${code}` })
  switch (hashOf(id) % 3) {
    case 0:
      return JSON.stringify({ errorInformation: { errorCode: code, errorDescription: 'as told' } })
    case 1:
      return JSON.stringify(error)
    default:
      return error
  }
}

/** Rows as a fault would have them told; the ledger stays true. */
function distort(system: PaymentSystem, rows: Row[], fault: Fault | null): Row[] {
  if (fault?.do !== 'misreport' || system.faults.random() >= fault.share) return rows
  switch (fault.as) {
    case 'absent':
      return []
    case 'twice':
      return [...rows, ...rows]
    case 'unreadable':
      return rows.map((row) => ({ ...row, clientCorrelationId: null, status: { unreadable: true } }))
    case 'wrong-amount':
      return rows.map((row) => ({ ...row, amount: `1${String(row.amount)}` }))
    case 'wrong-payee':
      return rows.map((row) => ({ ...row, payeePartyId: '259999999999' }))
    case 'wrong-currency':
      return rows.map((row) => ({ ...row, currency: 'XTS' }))
    case 'contradiction':
      return rows.map((row) =>
        row.status === 'COMPLETED'
          ? { ...row, status: 'FAILED', errorInformation: '{"errorCode":"5105","errorDescription":"as told"}' }
          : row,
      )
  }
}
