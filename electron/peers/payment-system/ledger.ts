import { closeSync, existsSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs'
import { hundredthsOf, type LedgerEntry, type LedgerLine, type Step } from './ledger-entry.ts'

/** The truth about the money: an append-only file of lines and the entries they add up to. */
export interface Ledger {
  /** Writes the lines in one piece; when it returns they outlive the end of this process. */
  append(lines: readonly LedgerLine[]): void
  /** Carries out every step that is due. */
  settle(now: number): void
  findEntry(referenceId: string): LedgerEntry | undefined
  findMessage(senderId: string, messageId: string): LedgerMessage | undefined
  /** References of a transaction, named by its own id or by the correlation id of its acknowledgement; empty if unknown. */
  referencesOf(transactionOrCorrelationId: string): readonly string[]
  /** Every message that was accepted, each as often as it was. */
  messages(): readonly LedgerMessage[]
  findEnvelope(id: string): LedgerEnvelope | undefined
  /** What lies in an envelope. */
  namedIn(envelopeId: string): readonly LedgerNamed[]
  /** The payment that the payment system calls so. */
  findNamed(id: string): LedgerNamed | undefined
  nextStepId(): number
  entries(): readonly LedgerEntry[]
  close(): void
}

export type LedgerEnvelope = Extract<LedgerLine, { kind: 'envelope' }>
export type LedgerNamed = Extract<LedgerLine, { kind: 'named' }>
export type LedgerMessage = Extract<LedgerLine, { kind: 'message' }>

interface Pending {
  readonly entry: LedgerEntry
  readonly step: Step
}

/** Opens the ledger; a last line that was cut off by the end of an earlier process is dropped. */
export function openLedger(file: string): Ledger {
  const entries: LedgerEntry[] = []
  const byReference = new Map<string, LedgerEntry>()
  const messages = new Map<string, LedgerMessage>()
  const allMessages: LedgerMessage[] = []
  const transactionOf = new Map<string, string>()
  const byTransaction = new Map<string, string[]>()
  const envelopes = new Map<string, LedgerEnvelope>()
  const named = new Map<string, LedgerNamed>()
  const byEnvelope = new Map<string, LedgerNamed[]>()
  let pending: Pending[] = []
  let unsorted = false
  let stepIds = 0

  const plan = (entry: LedgerEntry, steps: readonly Step[]): void => {
    for (const step of steps) {
      stepIds = Math.max(stepIds, step.id)
      pending.push({ entry, step })
      if (entry.dueAt === null || step.at < entry.dueAt) entry.dueAt = step.at
      unsorted = true
    }
  }

  const apply = (line: LedgerLine): void => {
    if (line.kind === 'message') {
      messages.set(`${line.senderId}\n${line.messageId}`, line)
      allMessages.push(line)
      transactionOf.set(line.correlationId, line.transactionId)
    } else if (line.kind === 'envelope') {
      envelopes.set(line.id, line)
    } else if (line.kind === 'named') {
      named.set(line.id, line)
      const together = byEnvelope.get(line.envelopeId)
      if (together === undefined) byEnvelope.set(line.envelopeId, [line])
      else together.push(line)
    } else if (line.kind === 'accepted') {
      const entry = newEntry(line, entries.length + 1)
      entries.push(entry)
      byReference.set(entry.referenceId, entry)
      const siblings = byTransaction.get(line.transactionId)
      if (siblings === undefined) byTransaction.set(line.transactionId, [entry.referenceId])
      else siblings.push(entry.referenceId)
      plan(entry, line.steps)
    } else {
      const entry = byReference.get(line.referenceId)
      if (entry === undefined) throw new Error('the ledger names a reference that it does not hold')
      if (line.kind === 'again') {
        entry.deliveries += 1
        plan(entry, line.steps)
      } else carryOut(entry, line.step, line.at)
    }
  }

  const { lines, wholeBytes } = readLines(file)
  const done = new Set<number>()
  for (const line of lines) {
    apply(line)
    if (line.kind === 'step') done.add(line.step.id)
  }
  pending = pending.filter(({ step }) => !done.has(step.id))
  recountDue(entries, pending)
  if (existsSync(file)) truncateSync(file, wholeBytes)
  const descriptor = openSync(file, 'a')

  const append = (added: readonly LedgerLine[]): void => {
    if (added.length === 0) return
    const bytes = Buffer.from(added.map((line) => `${JSON.stringify(line)}\n`).join(''))
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at)
    for (const line of added) apply(line)
  }

  return {
    append,
    settle(now) {
      if (unsorted) {
        pending.sort((a, b) => a.step.at - b.step.at || a.step.id - b.step.id)
        unsorted = false
      }
      const due = pending.findIndex(({ step }) => step.at > now)
      const ready = pending.splice(0, due === -1 ? pending.length : due)
      append(ready.map(({ entry, step }) => ({ kind: 'step', referenceId: entry.referenceId, at: step.at, step })))
      if (ready.length > 0) recountDue(new Set(ready.map(({ entry }) => entry)), pending)
    },
    findEntry: (referenceId) => byReference.get(referenceId),
    findMessage: (senderId, messageId) => messages.get(`${senderId}\n${messageId}`),
    messages: () => allMessages,
    referencesOf(id) {
      return byTransaction.get(transactionOf.get(id) ?? id) ?? []
    },
    findEnvelope: (id) => envelopes.get(id),
    namedIn: (envelopeId) => byEnvelope.get(envelopeId) ?? [],
    findNamed: (id) => named.get(id),
    nextStepId() {
      stepIds += 1
      return stepIds
    },
    entries: () => entries,
    close: () => closeSync(descriptor),
  }
}

function newEntry(line: Extract<LedgerLine, { kind: 'accepted' }>, position: number): LedgerEntry {
  return {
    position,
    referenceId: line.disbursement.reference_id,
    disbursement: line.disbursement,
    senderId: line.senderId,
    messageId: line.messageId,
    transactionId: line.transactionId,
    acceptedAt: line.at,
    knownAt: line.knownAt,
    deliveries: 1,
    status: 'rcvd',
    reasonCode: '',
    statusAt: line.at,
    paidAt: null,
    paidCount: 0,
    paidHundredths: 0,
    reversedAt: null,
    dueAt: null,
  }
}

function carryOut(entry: LedgerEntry, step: Step, at: number): void {
  entry.statusAt = at
  entry.reasonCode = step.code
  if (step.do === 'pay') {
    entry.status = 'succ'
    entry.paidAt ??= at
    entry.paidCount += 1
    entry.paidHundredths += hundredthsOf(entry.disbursement.amount)
  } else {
    entry.status = 'rjct'
    if (step.do === 'reverse') entry.reversedAt = at
  }
}

function recountDue(entries: Iterable<LedgerEntry>, pending: readonly Pending[]): void {
  for (const entry of entries) entry.dueAt = null
  for (const { entry, step } of pending) {
    if (entry.dueAt === null || step.at < entry.dueAt) entry.dueAt = step.at
  }
}

function readLines(file: string): { lines: readonly LedgerLine[]; wholeBytes: number } {
  if (!existsSync(file)) return { lines: [], wholeBytes: 0 }
  const bytes = readFileSync(file)
  const wholeBytes = bytes.lastIndexOf(0x0a) + 1
  const text = bytes.subarray(0, wholeBytes).toString('utf8')
  const lines = text === '' ? [] : text.trimEnd().split('\n')
  return { lines: lines.map((line) => JSON.parse(line) as LedgerLine), wholeBytes }
}
