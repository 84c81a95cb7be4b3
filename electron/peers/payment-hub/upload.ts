import { randomUUID } from 'node:crypto'
import type { Disbursement } from '../../../shared/contract/g2p-connect.ts'
import type { Fault } from '../payment-system/behaviour.ts'
import { hundredthsOf, type LedgerLine } from '../payment-system/ledger-entry.ts'
import type { PaymentSystem } from '../payment-system/payment-system.ts'
import type { Reply } from '../payment-system/reply.ts'
import type { Arrived } from '../payment-system/security/security.ts'
import { planSteps } from '../payment-system/steps.ts'
import { callAbout } from './callback.ts'
import { duplicateKeyOf, type FileRow, fileIn, hasKnownColumns, rowsIn } from './csv-file.ts'
import { isSigned } from './x-signature.ts'

const headerError = (): Reply => ({
  status: 400,
  body: { errorInformation: 'File not uploaded', errorCode: 400, errorDescription: 'Invalid request' },
})

/** The keys end in a colon and a space, as the hub writes them. */
const fileError = (information: string, description: string): Reply => ({
  status: 400,
  body: { 'Error Information: ': information, 'Error Description : ': description },
})

const hubError = (status: number, code: string): Reply => ({
  status,
  body: {
    errorCategory: 'Validation',
    errorCode: code,
    errorDescription: code,
    developerMessage: code,
    defaultUserMessage: code,
    errorParameters: [],
    errors: [],
  },
})

const REQUIRED = ['x-correlationid', 'platform-tenantid', 'type', 'purpose', 'filename'] as const

/** `POST /batchtransactions`. When it returns, what was accepted stands in the ledger's file; nothing is ever known again. */
export function upload(system: PaymentSystem, { body, headers }: Arrived, fault: Fault | null): Reply {
  system.settle()
  if (REQUIRED.some((name) => headers[name] === undefined)) return headerError()
  const { 'x-correlationid': correlationId = '', 'platform-tenantid': tenant = '', filename = '' } = headers
  if (headers.type?.toLowerCase() !== 'csv' || !filename.endsWith('.csv')) return headerError()
  const csv = fileIn(body)
  if (csv === undefined || csv === '') return headerError()
  const { signatures } = system.options
  if (signatures.required) {
    const facts = { correlationId, tenant, csv }
    if (!isSigned(headers['x-signature'] ?? '', facts, signatures.keys)) return hubError(400, 'InvalidJsonWebSignature')
  }
  if (!hasKnownColumns(csv)) return fileError('Invalid file structure', 'The file has a column that is not known')
  if (Buffer.byteLength(csv) > system.behaviour.hub.fileLimit) {
    return fileError('File too big', 'The file is larger than the limit')
  }
  const batchId = randomUUID()
  if (fault?.do !== 'acknowledge-and-lose') {
    const late = fault?.do === 'insert-late' ? fault.after : 0
    takeIn(system, { batchId, correlationId, tenant, filename, late, rows: rowsIn(csv) }, fault)
    callAbout(system, headers['x-callbackurl'], { clientCorrelationId: correlationId, batchId })
  }
  return { status: 202, body: { PollingPath: `/batch/Summary/${batchId}`, SuggestedCallbackSeconds: '120' } }
}

interface Taken {
  readonly batchId: string
  readonly correlationId: string
  readonly tenant: string
  readonly filename: string
  /** Milliseconds until anybody is told of the batch. */
  readonly late: number
  readonly rows: readonly FileRow[]
}

const NUMBER = /^\d{1,13}(?:\.\d{1,2})?$/

/** What is left of a file: without the later ones of equal rows, and without sub-batches that broke on an amount. */
function workedOn(system: PaymentSystem, rows: readonly FileRow[]): FileRow[] {
  const { subBatch, wholeAmounts } = system.behaviour.hub
  const seen = new Set<string>()
  const once = rows.filter((row) => {
    const key = duplicateKeyOf(row)
    const isFirst = !seen.has(key)
    seen.add(key)
    return isFirst
  })
  const kept: FileRow[] = []
  for (let from = 0; from < once.length; from += subBatch) {
    const together = once.slice(from, from + subBatch)
    const breaks = together.some(({ amount }) => !NUMBER.test(amount) || (wholeAmounts && amount.includes('.')))
    if (!breaks) kept.push(...together)
  }
  return kept
}

function takeIn(system: PaymentSystem, taken: Taken, fault: Fault | null): void {
  const { batchId, correlationId, tenant, filename, late } = taken
  const at = system.clock.now()
  const listedAt = at + late + system.behaviour.hub.listedAfter
  const knownAt = listedAt + system.behaviour.hub.rowsAfter
  const before = system.ledger.findMessage(tenant, correlationId)
  if (before !== undefined) system.traffic.duplicateMessages += 1
  const ids = { senderId: tenant, messageId: correlationId, transactionId: filename }
  const lines: LedgerLine[] = [{ kind: 'message', ...ids, correlationId: batchId, at, knownAt: listedAt }]
  for (const row of workedOn(system, taken.rows)) {
    const disbursement = disbursementOf(row)
    const isAgain = system.ledger.findEntry(row.requestId) !== undefined
    if (isAgain) system.traffic.duplicateReferences += 1
    const struck = fault?.do === 'reject-items' && system.faults.random() < fault.share ? fault : null
    const named = { kind: 'named', id: newKey(), envelopeId: batchId, referenceId: row.requestId, at, knownAt } as const
    // The channel behind the hub knows references for a month; a file that goes to a bank in bulk is not looked at.
    if (isAgain && system.behaviour.duplicateProtection) {
      lines.push({ ...named, refused: 'TransactionExists' })
      continue
    }
    const steps =
      struck === null || struck.paidAnyway
        ? planSteps(system, disbursement, knownAt)
        : [{ id: system.ledger.nextStepId(), at: knownAt, do: 'reject' as const, code: struck.code }]
    lines.push(
      isAgain
        ? { kind: 'again', referenceId: row.requestId, at, steps }
        : { kind: 'accepted', ...ids, at, knownAt, disbursement, steps },
      named,
    )
  }
  system.ledger.append(lines)
}

let keys = 0
/** Workflow instances are numbered by the engine. */
const newKey = (): string => {
  keys += 1
  return `${Date.now()}${String(keys).padStart(6, '0')}`
}

const disbursementOf = ({ requestId, payer, payee, amount, currency }: FileRow): Disbursement => ({
  reference_id: requestId,
  payer_fa: payer,
  payee_fa: payee,
  amount: (hundredthsOf(amount.includes('.') ? amount : `${amount}.0`) / 100).toFixed(2),
  currency_code: currency,
})
