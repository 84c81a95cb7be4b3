import type { RecordPage } from '../../../electron/core/registry/queries.ts'
import { askedAbout, type Books, bringEvidence } from '../evidence.ts'
import { CYCLE } from './district-kit.ts'
import type { OfficeAtWork, OfficeLife } from './office-at-work.ts'
import type { BatchInOffice, OfficeState } from './office-messages.ts'

/*
 * What officers do with batches, and what the app asks of them.
 */

/** The office that a batch is cared for in: the one that made it, or the first one left. */
export const caretakerOf = ({ makers }: BatchInOffice, present: readonly OfficeAtWork[]): OfficeAtWork | undefined =>
  present.find(({ officers }) => makers[0] === officers.clerk) ?? present[0]

/** What a clerk types into the form of a registrant. */
export async function editFacts(office: OfficeAtWork, life: OfficeLife, id: string, facts: object): Promise<void> {
  const record = await life.call(office.officers.clerk, 'query', 'registry.record', { id })
  if (record?.ok !== true) return
  const { changedAt } = (record.value as RecordPage).view
  await office.command('clerk', 'registry.edit', { id, base: changedAt, facts }, life)
}

/** Prepares what nobody here has prepared, and brings each batch one step further. */
export async function work(
  office: OfficeAtWork,
  { returning, random, life = office.life }: { returning: number; random: () => number; life?: OfficeLife },
): Promise<void> {
  const state = await office.state(life)
  if (state === undefined) return
  const own = state.batches.filter(({ makers }) => makers[0] === office.officers.clerk)
  if (own.length === 0) await office.command('clerk', 'batches.prepare', { cycleId: CYCLE }, life)
  for (const batch of own) await advance(office, life, batch, random() < returning)
}

/** One step of one batch: submit, decide, send. */
export async function advance(
  office: OfficeAtWork,
  life: OfficeLife,
  { id, state, submission }: BatchInOffice,
  returns = false,
): Promise<void> {
  switch (state) {
    case 'open':
    case 'returned':
    case 'lapsed':
      await office.command('clerk', 'batches.submit', { batchId: id }, life)
      break
    case 'submitted': {
      if (submission === null) break
      const decision = { batchId: id, submissionId: submission.id, digest: submission.digest }
      const word = returns ? { verdict: 'return', reason: 'seen twice' } : { verdict: 'approve', reason: '' }
      await office.command('approver', 'batches.decide', { ...decision, ...word }, life)
      break
    }
    case 'approved':
    case 'queued':
      await office.command('clerk', 'dispatch.send', { batchIds: [id] }, life)
      break
  }
}

/** Codes about which nobody in the office can do anything, or only people outside can. */
const BEYOND: ReadonlySet<string> = new Set([
  'dispatch.needs-evidence',
  'dispatch.in-review',
  'central.claimed-elsewhere',
  'central.cancelled-elsewhere',
  'central.office-revoked',
])

/** Payments that are held can be let go until they have left. */
const HOLDABLE: ReadonlySet<string> = new Set(['prepared', 'blocked', 'queued', 'unknown'])

/** Officers do what stands before them, at an office that works. */
export async function helpOut(
  office: OfficeAtWork,
  { present, gone, random }: { present: readonly OfficeAtWork[]; gone: ReadonlySet<string>; random: () => number },
): Promise<void> {
  const state = await office.state()
  if (state === undefined) return
  if (state.doubt !== '') await office.command('administrator', 'dispatch.confirmRestored', {})
  if (state.serverDoubt !== '') await office.command('administrator', 'offices.confirmServer', {})
  if (state.removalsAsked) await office.command('administrator', 'central.answerRemovals', { take: random() < 0.5 })
  for (const { id, decidedBy, fields } of state.conflicts) {
    const choices = Object.fromEntries(fields.map((field) => [field, random() < 0.5 ? 'earlier' : 'later']))
    if (decidedBy === 'officer') await office.command('clerk', 'central.settleConflict', { id, choices })
    else await office.command('clerk', 'central.conflictSeen', { id })
  }
  for (const { kind, id } of state.refusals) {
    if (kind !== 'registrant') continue
    // An address that the central server did not take is written shorter.
    await office.command('clerk', 'registry.restore', { id })
    await editFacts(office, office.life, id, { address: 'By the well' })
  }
  // What left its batch and could be paid again is prepared anew.
  const isLoose = state.payments.some(({ batchId, held, state: at }) => batchId === '' && at === 'prepared' && !held)
  if (isLoose && present[0] === office) await office.command('clerk', 'batches.prepare', { cycleId: CYCLE })
  const own = state.batches.filter((batch) => caretakerOf(batch, present) === office)
  for (const batch of own) await careFor(office, batch, gone)
  // Held from here before anybody claimed it, and let go elsewhere: nobody else can send it.
  for (const { id, attention } of state.batches) {
    if (attention !== 'central.let-go-elsewhere') continue
    await office.command('clerk', 'dispatch.send', { batchIds: [id] })
  }
  const ids = new Set(own.map(({ id }) => id))
  for (const { id, batchId, held, state: at } of state.payments) {
    if (held && HOLDABLE.has(at) && (ids.has(batchId) || (batchId === '' && present[0] === office))) {
      await office.command('clerk', 'dispatch.holdPayment', { paymentId: id, held: false })
    }
  }
  for (const job of state.jobs) await answerJob(office, job)
}

async function careFor(office: OfficeAtWork, batch: BatchInOffice, gone: ReadonlySet<string>): Promise<void> {
  const { id: batchId, claimedBy, state } = batch
  if (claimedBy !== null && gone.has(claimedBy) && state !== 'settled') {
    await office.command('administrator', 'dispatch.takeOver', { batchId, reason: 'the laptop is lost' })
  } else if (batch.held) await office.command('clerk', 'dispatch.release', { batchId })
  else await advance(office, office.life, batch)
}

async function answerJob(office: OfficeAtWork, job: OfficeState['jobs'][number]): Promise<void> {
  if (job.state !== 'attention') return
  if (job.code !== 'dispatch.resend-needs-approval') {
    if (!BEYOND.has(job.code)) await office.command('clerk', 'outbox.runNow', { jobId: job.id })
    return
  }
  const { life, officers } = office
  const answer = await life.call(officers.approver, 'query', 'dispatch.parts', { batchId: job.key })
  const parts = answer?.ok ? (answer.value as { part: string; mayApproveResend: boolean }[]) : []
  for (const { part, mayApproveResend } of parts) {
    if (mayApproveResend) await office.command('approver', 'dispatch.approveResend', { batchId: job.key, part })
  }
}

/** How many of the payments that were rejected without proof are asked about. */
const ASKED_ABOUT = 0.5

/** Officers ask outside what became of payments: of those for which the app wants that, and of some that could then be paid anew. */
export async function closeBooks(
  office: OfficeAtWork,
  books: Books,
  { present, random }: { present: readonly OfficeAtWork[]; random: () => number },
): Promise<void> {
  const state = await office.state()
  if (state === undefined) return
  const asked = new Set(askedAbout(state))
  const own = new Set(state.batches.filter((batch) => caretakerOf(batch, present) === office).map(({ id }) => id))
  const payments = state.payments.filter(({ id, state: at, batchId }) => {
    if (asked.has(id)) return true
    return at === 'rejected' && own.has(batchId) && !books.toldUnpaid.has(id) && random() < ASKED_ABOUT
  })
  await bringEvidence((officer, path, input) => office.command(officer, path, input), payments, books)
}
