import { randomBytes } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PeerOptionsInput } from '../../electron/peers/payment-system/peer-options.ts'
import { CoreLife, furnish, stateOf } from './core-handle.ts'
import { askedAbout, type Books, bringEvidence } from './evidence.ts'
import { faultsFor } from './faults.ts'
import type { StateNow } from './messages.ts'
import { paymentSystems } from './payment-systems.ts'
import { type RunFigures, weigh } from './verdict.ts'

export interface RunOptions {
  readonly seed: number
  readonly payments: number
  /** Receiver profile. */
  readonly profile: string
  /** The file to start as the core. */
  readonly core: string
}

/** A minute of waiting, milliseconds: the ten minutes between two look-ups are one second. */
const MINUTE = 100
/** How often something happens while everything goes wrong. Counted, so that a slow machine sees no fewer. */
const STORM = 9
/** How long it may take to put right, milliseconds. */
const CALM = 40_000
/** What arrives late at the payment system has arrived by then: milliseconds of calm. */
const BOOKS_CLOSED = 3_000

const HOUR = 3_600_000
/** So far a clock runs ahead without being noticed, milliseconds. */
const LARGEST_LEAD = 40_000

/** The same numbers for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** One office and one payment system through a storm, until everything is final or waits for somebody. */
export async function chaosRun({ seed, payments, core, profile }: RunOptions): Promise<RunFigures> {
  const random = seeded(seed)
  const directory = mkdtempSync(join(tmpdir(), 'chaos-'))
  const data = join(directory, 'office')
  mkdirSync(data)
  const startSystem = paymentSystems[profile]
  if (startSystem === undefined) throw new Error(`no payment system is known for ${profile}`)
  const options = {
    ledgerFile: join(directory, 'ledger.jsonl'),
    controlToken: randomBytes(16).toString('hex'),
    seed,
    profile: {
      paidAfter: [0, 600],
      rejected: { 'rjct.payee_fa.invalid': 0.03, 'rjct.payment.failed': 0.03 },
      late: { share: 0.05, after: 1_500 },
      reversed: { share: 0, after: 0 },
    },
    rules: faultsFor(random, MINUTE),
  } satisfies PeerOptionsInput
  const { peer, settings, mayProve } = await startSystem(options, random)
  const start = { directory: data, key: randomBytes(32).toString('hex'), minute: MINUTE }
  let ahead = 0
  let cutOff = 0
  let restores = 0
  let life = await CoreLife.start(core, { ...start, ahead })

  /** The next life; a store in doubt is confirmed by the administrator, as the app asks. */
  const revive = async (): Promise<void> => {
    life = await CoreLife.start(core, { ...start, ahead })
    cutOff += life.cutOff
    if (life.doubt === '') return
    restores += 1
    await life.call('administrator', 'mutation', 'dispatch.confirmRestored', {})
  }
  try {
    const furnished = await furnish(life, {
      settings,
      // Nobody claims protection that is not there; where it is there, it may not have been shown yet.
      proven: mayProve && random() < 0.6,
      batches: 4,
      payments,
    })
    if (furnished?.ok !== true) throw new Error('the office could not be furnished')
    const batchIds = ['batch-0', 'batch-1', 'batch-2', 'batch-3']
    const sent = await life.call('clerk', 'mutation', 'dispatch.send', { batchIds })
    if (sent?.ok !== true) throw new Error('the batches could not be sent')

    const copies: string[] = []
    for (let event = 0; event < STORM; event += 1) {
      await pause(40 + random() * 260)
      const what = random()
      if (what < 0.5) {
        await life.kill()
        // The newest copy would be no restore; an older one takes back what the office knew.
        const old = copies[Math.floor(random() * copies.length)]
        copies.push(copyStore(data, join(directory, `copy-${copies.length}`)))
        if (old !== undefined && random() < 0.5) restoreStore(old, data)
        await revive()
      } else if (what < 0.65) {
        ahead = [0, 2 * HOUR, -HOUR, LARGEST_LEAD, -LARGEST_LEAD, 26 * HOUR][Math.floor(random() * 6)] ?? 0
        life.tell({ do: 'jump', ahead })
      } else if (what < 0.8) {
        life.tell({ do: 'cut-line', cut: true })
        await pause(random() * 300)
        life.tell({ do: 'cut-line', cut: false })
      } else await helpOut(life)
    }

    // From here on the world behaves, and officers do what the app asks of them.
    // What an office whose clock ran ahead wanted paid on its time is due.
    await peer.order({ rules: [], advance: LARGEST_LEAD })
    ahead = 0
    life.tell({ do: 'jump', ahead })
    const calmBegan = Date.now()
    const books = { ledger: () => peer.ledger(), toldUnpaid: new Set<string>() }
    let state = await stateOf(life)
    while (Date.now() < calmBegan + CALM && (state === undefined || !isQuiet(state))) {
      await helpOut(life)
      if (state !== undefined && Date.now() > calmBegan + BOOKS_CLOSED) await closeBooks(life, state, books)
      await pause(100)
      state = await stateOf(life)
    }
    if (state === undefined) throw new Error('the core ended by itself')
    await pause(300)
    state = (await stateOf(life)) ?? state
    return { ...weigh(state, await peer.ledger(), books.toldUnpaid), killsInFlight: cutOff, restores }
  } finally {
    await life.close()
    await peer.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

const FINAL = new Set(['paid', 'rejected', 'reversed', 'cancelled'])

const isQuiet = ({ payments, doubt }: StateNow): boolean =>
  doubt === '' && payments.every(({ state }) => FINAL.has(state))

/** Officers ask outside about what only people there can tell. */
async function closeBooks(life: CoreLife, state: StateNow, books: Books): Promise<void> {
  const asked = new Set(askedAbout(state))
  const payments = state.payments.filter(({ id }) => asked.has(id))
  await bringEvidence((officer, path, input) => life.call(officer, 'mutation', path, input), payments, books)
}

/** Officers do what stands under "needs attention". */
async function helpOut(life: CoreLife): Promise<void> {
  const state = await stateOf(life)
  if (state === undefined) return
  if (state.doubt !== '') await life.call('administrator', 'mutation', 'dispatch.confirmRestored', {})
  for (const job of state.jobs) {
    if (job.state !== 'attention') continue
    if (job.code === 'dispatch.resend-needs-approval') {
      const answer = await life.call('approver', 'query', 'dispatch.parts', { batchId: job.key })
      const parts = answer?.ok ? (answer.value as { part: string; mayApproveResend: boolean }[]) : []
      for (const { part, mayApproveResend } of parts) {
        if (mayApproveResend) {
          await life.call('approver', 'mutation', 'dispatch.approveResend', { batchId: job.key, part })
        }
      }
    } else if (job.code !== 'dispatch.needs-evidence' && job.code !== 'dispatch.in-review') {
      await life.call('clerk', 'mutation', 'outbox.runNow', { jobId: job.id })
    }
  }
}

const FILES = ['office.db', 'office.db-wal']

/** The store as it lies while nobody has it open. */
function copyStore(data: string, copy: string): string {
  mkdirSync(copy)
  for (const name of FILES) if (existsSync(join(data, name))) copyFileSync(join(data, name), join(copy, name))
  return copy
}

function restoreStore(copy: string, data: string): void {
  for (const name of [...FILES, 'office.db-shm']) rmSync(join(data, name), { force: true })
  for (const name of FILES) if (existsSync(join(copy, name))) copyFileSync(join(copy, name), join(data, name))
}
