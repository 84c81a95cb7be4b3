import { randomBytes } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FileCopy, FileView } from '../../../electron/core/channels/file/payment-files.ts'
import type { ResultsPreview } from '../../../electron/core/channels/file/results/results-imports.ts'
import { NEVER_HANDED_OUT } from '../../../shared/rules/payment-life.ts'
import { seeded } from '../chaos-run.ts'
import { CoreLife } from '../core-handle.ts'
import { FileBank } from './file-bank.ts'
import type { FileState, ToFileCore } from './file-messages.ts'

export interface FileRunOptions {
  readonly seed: number
  readonly payments: number
  /** The file to start as the core. */
  readonly core: string
}

export interface FileRunFigures {
  readonly payments: number
  readonly double: number
  readonly lost: number
  readonly falseSuccess: number
  readonly killsInFlight: number
  readonly unknowns: number
  readonly restores: number
  readonly copies: number
  readonly refusedByBank: number
  /** Copies of one file that differ: it would be another file to the bank. */
  readonly changedCopies: number
  readonly paid: number
  readonly rejected: number
  readonly withdrawn: number
  readonly waiting: number
  /** Where each file stands that did not come to its end. */
  readonly findings: readonly string[]
}

const MINUTE = 100
const STORM = 14
const CALM = 60_000
const BATCHES = 4

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

type Life = CoreLife<ToFileCore>

/** An office that pays by files, killed and restored while officers carry copies to a bank and bring its results. */
export async function fileRun({ seed, payments, core }: FileRunOptions): Promise<FileRunFigures> {
  const random = seeded(seed)
  const directory = mkdtempSync(join(tmpdir(), 'chaos-file-'))
  const data = join(directory, 'office')
  mkdirSync(data)
  const bank = new FileBank(random)
  const start = { directory: data, key: randomBytes(32).toString('hex'), minute: MINUTE }
  let ahead = 0
  let cutOff = 0
  let restores = 0
  let copies = 0
  let life: Life = await CoreLife.start<ToFileCore>(core, { ...start, ahead })

  const officers = {
    async state(): Promise<FileState | undefined> {
      const answer = await life.ask({ do: 'state' })
      return answer?.ok ? (answer.value as FileState) : undefined
    },
    async confirm(): Promise<void> {
      if ((await officers.state())?.doubt === '') return
      await life.call('administrator', 'mutation', 'dispatch.confirmRestored', {})
    },
    async files(batchId: string): Promise<readonly FileView[]> {
      const answer = await life.call('clerk', 'query', 'files.view', { batchId })
      return answer?.ok ? (answer.value as { files: FileView[] }).files : []
    },
    /** A copy that gets lost between the office and the bank is out all the same. */
    async carry(batchId: string, file: FileView, lose: boolean): Promise<void> {
      const reason = file.needsReason ? 'asked for again' : ''
      const answer = await life.call('clerk', 'mutation', 'files.takeCopy', { batchId, part: file.part, reason })
      // Killed while the copy was on its way out: it may be noted, and nobody has it.
      if (answer === undefined) cutOff += 1
      if (!answer?.ok) return
      copies += 1
      if (!lose) bank.bring(answer.value as FileCopy)
    },
    async bring(batchId: string, all: boolean): Promise<void> {
      const state = await officers.state()
      const own = new Set(state?.payments.filter((payment) => payment.batchId === batchId).map(({ id }) => id))
      const table = bank.results(own, all)
      if (table === undefined) return
      const content = Buffer.from(table)
      const begun = await life.call('clerk', 'mutation', 'files.beginResults', {
        fileName: 'r.csv',
        size: content.length,
      })
      if (!begun?.ok) return
      const { uploadId } = begun.value as { uploadId: string }
      const piece = { uploadId, piece: 0, content: content.toString('base64') }
      await life.call('clerk', 'mutation', 'files.appendResults', piece)
      const shown = await life.call('clerk', 'mutation', 'files.previewResults', { batchId, uploadId })
      if (!shown?.ok) return
      const { digest, known } = shown.value as ResultsPreview
      if (known === null) await life.call('clerk', 'mutation', 'files.applyResults', { batchId, uploadId, digest })
    },
  }
  const batchIds = Array.from({ length: BATCHES }, (_, index) => `batch-${index}`)
  const revive = async (): Promise<void> => {
    life = await CoreLife.start<ToFileCore>(core, { ...start, ahead })
    cutOff += life.cutOff
    if (life.doubt === '') return
    restores += 1
    await officers.confirm()
  }
  try {
    const form = random() < 0.5 ? 'csv' : 'pain.001'
    const furnished = await life.ask({ do: 'furnish', form, batches: BATCHES, payments })
    if (furnished?.ok !== true) throw new Error('the office could not be furnished')
    const stored: string[] = [copyStore(data, join(directory, 'copy-first'))]
    const sent = await life.call('clerk', 'mutation', 'dispatch.send', { batchIds })
    if (sent?.ok !== true) throw new Error('the batches could not be sent')

    for (let event = 0; event < STORM; event += 1) {
      await pause(20 + random() * 120)
      const batchId = batchIds[Math.floor(random() * batchIds.length)] ?? ''
      const what = random()
      if (what < 0.35) {
        // In the middle of whatever officers do just then.
        const under = random() < 0.5 ? officers.files(batchId) : Promise.resolve([])
        const [file] = await under
        const deed = file === undefined ? Promise.resolve() : officers.carry(batchId, file, random() < 0.2)
        await pause(random() * 30)
        await life.kill()
        await deed
        const old = stored[Math.floor(random() * stored.length)]
        stored.push(copyStore(data, join(directory, `copy-${stored.length}`)))
        if (old !== undefined && random() < 0.5) restoreStore(old, data)
        await revive()
      } else if (what < 0.45) {
        // Nobody outside tells such an office the time, so one that was far ahead waits until the day has caught up.
        ahead = random() < 0.5 ? 20_000 : 0
        life.tell({ do: 'jump', ahead })
      } else if (what < 0.75) {
        const files = await officers.files(batchId)
        const file = files[Math.floor(random() * files.length)]
        if (file !== undefined) await officers.carry(batchId, file, random() < 0.2)
      } else if (what < 0.95) await officers.bring(batchId, false)
      else await life.call('clerk', 'mutation', 'files.withdraw', { batchId, reason: 'a mistake' })
    }

    ahead = 0
    life.tell({ do: 'jump', ahead })
    const ends = Date.now() + CALM
    let state = await officers.state()
    while (Date.now() < ends && (state === undefined || !isQuiet(state))) {
      await officers.confirm()
      // An older store may have forgotten that they were sent.
      const unsent = state?.batches.filter((batch) => batch.state === 'approved').map(({ id }) => id) ?? []
      if (unsent.length > 0) await life.call('clerk', 'mutation', 'dispatch.send', { batchIds: unsent })
      for (const batchId of batchIds) {
        for (const file of await officers.files(batchId)) {
          // Taken back by a store that is gone: the journal proves it, and an officer says so again.
          if (file.withdrawn === null && file.mayWithdraw && file.obstacle?.code === 'files.withdrawn') {
            await life.call('clerk', 'mutation', 'files.withdraw', { batchId, reason: 'a mistake' })
          }
          if (file.withdrawn === null && file.obstacle === null && !bankHas(bank, state, batchId, file)) {
            await officers.carry(batchId, file, false)
          }
        }
        await officers.bring(batchId, true)
      }
      await pause(100)
      state = await officers.state()
    }
    if (state === undefined) throw new Error('the core ended by itself')
    const findings: string[] = []
    for (const batchId of isQuiet(state) ? [] : batchIds) {
      for (const { part, obstacle, lastCopy, mayWithdraw, withdrawn } of await officers.files(batchId)) {
        const word = withdrawn !== null ? 'withdrawn' : mayWithdraw ? 'may be withdrawn' : 'out'
        findings.push(`${batchId} part ${part}: copy ${lastCopy}, ${obstacle?.code ?? 'may be taken'}, ${word}`)
      }
      const own = state.payments.filter((payment) => payment.batchId === batchId).map((payment) => payment.state)
      findings.push(
        `${batchId}: ${state.batches.find(({ id }) => id === batchId)?.state}, ${[...new Set(own)].join(' ')}`,
      )
    }
    return {
      findings,
      ...weighFiles(state, bank),
      killsInFlight: cutOff,
      restores,
      copies,
      refusedByBank: bank.refused,
      changedCopies: bank.changed,
    }
  } finally {
    await life.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

const FINAL = new Set(['paid', 'rejected', 'reversed', 'cancelled', 'review'])
const isQuiet = ({ payments, doubt }: FileState): boolean =>
  doubt === '' && payments.every(({ state }) => FINAL.has(state))

/** Nobody carries a file twice without need; one whose first copy was lost goes again. */
const bankHas = (bank: FileBank, state: FileState | undefined, batchId: string, file: FileView): boolean =>
  file.lastCopy > 0 &&
  (bank.has(file.name, '') ||
    (state?.payments ?? []).filter((payment) => payment.batchId === batchId).every(({ id }) => bank.accountOf(id)))

function weighFiles(state: FileState, bank: FileBank) {
  let [double, lost, falseSuccess, waiting] = [0, 0, 0, 0]
  for (const { id, state: shown, code } of state.payments) {
    const there = bank.accountOf(id)
    const isPaid = (there?.paid ?? 0) > 0
    if ((there?.paid ?? 0) > 1) double += 1
    if (shown === 'paid') falseSuccess += isPaid ? 0 : 1
    else if (shown === 'rejected') {
      // Taken back as never handed out, it must never have come to the bank.
      const isRight = code === NEVER_HANDED_OUT ? there === undefined : there?.status === 'rejected'
      if (!isRight) lost += 1
    } else if (shown !== 'review') {
      waiting += 1
      // It was given to the bank or not; nothing here will ever ask again by itself.
      lost += 1
    }
  }
  const count = (wanted: (payment: FileState['payments'][number]) => boolean): number =>
    state.payments.filter(wanted).length
  return {
    payments: state.payments.length,
    double,
    lost,
    falseSuccess,
    waiting,
    unknowns: state.unknown,
    paid: count((payment) => payment.state === 'paid'),
    rejected: count((payment) => payment.state === 'rejected'),
    withdrawn: count((payment) => payment.code === NEVER_HANDED_OUT),
  }
}

const FILES = ['office.db', 'office.db-wal']

function copyStore(data: string, copy: string): string {
  mkdirSync(copy)
  for (const name of FILES) if (existsSync(join(data, name))) copyFileSync(join(data, name), join(copy, name))
  return copy
}

function restoreStore(copy: string, data: string): void {
  for (const name of [...FILES, 'office.db-shm']) rmSync(join(data, name), { force: true })
  for (const name of FILES) if (existsSync(join(copy, name))) copyFileSync(join(copy, name), join(data, name))
}
