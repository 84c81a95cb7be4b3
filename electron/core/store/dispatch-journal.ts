import { createHash } from 'node:crypto'
import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { PartKey } from '../../../shared/model/payment.ts'
import { Moment } from '../../../shared/model/record.ts'
import { syncDirectory } from './database.ts'
import { appendWhole, openDurably } from './write-durably.ts'

/** What leaves this office, noted outside the store so that a restored copy of the store can be told from the newest one. */
const Entry = z.discriminatedUnion('kind', [
  /** The store stood here: a change that stops, holds or cancels, an opening or a closing. */
  z.object({ kind: z.literal('position') }),
  /** What left before this line may stand nowhere: the journal before it was lost, or is that of another folder. */
  z.object({ kind: z.literal('gap') }),
  z.object({ kind: z.literal('claim'), batchId: z.string(), submissionId: z.string() }),
  /** Released to another office: nothing of it leaves from here again, whatever a restored store says. */
  z.object({ kind: z.literal('handed-over'), batchId: z.string(), submissionId: z.string() }),
  z.object({
    kind: z.literal('posting'),
    batchId: z.string(),
    submissionId: z.string(),
    managerId: z.string(),
    part: PartKey,
    envelope: z.int(),
    post: z.int(),
    transmissionId: z.string(),
    messageDigest: z.string(),
    /** When the message was made, epoch milliseconds: with the submission it makes the message again. */
    madeAt: z.number(),
    /** When its bytes were first stored: with it, whoever puts the transmission back writes the same record. */
    storedAt: Moment,
    /** What the payment system made room for it under; empty where nothing had to be opened. */
    openedAs: z.string(),
    /** References in the message. */
    payments: z.array(z.string()),
  }),
  /** A copy of the file of a part is about to be handed out. */
  z.object({ kind: z.literal('copy'), batchId: z.string(), part: PartKey, number: z.int() }),
  /** The file of a part was never handed out, and will not be: its payments may be made anew. */
  z.object({ kind: z.literal('withdrawn'), batchId: z.string(), part: PartKey }),
  /** The post of a part was refused whole for its size: its halves go instead. */
  z.object({ kind: z.literal('too-large'), submissionId: z.string(), part: PartKey, post: z.int() }),
  /** Payments of a part that never left must not leave; its halves go where there is something else in it. */
  z.object({
    kind: z.literal('set-apart'),
    batchId: z.string(),
    submissionId: z.string(),
    part: PartKey,
    post: z.int(),
    splits: z.boolean(),
    payments: z.array(z.object({ id: z.string(), code: z.string() })),
  }),
])
export type JournalFact = z.infer<typeof Entry>
export type PostingFact = Extract<JournalFact, { kind: 'posting' }>
export type SetApartFact = Extract<JournalFact, { kind: 'set-apart' }>

const JournalLine = z.object({
  number: z.int(),
  /** The store's change sequence when this was noted, and the newest audit row then (`position:hash`). */
  sequence: z.int(),
  auditHead: z.string(),
  fact: Entry,
  sum: z.string(),
})
type JournalLine = z.infer<typeof JournalLine>

const sumOf = (line: Omit<JournalLine, 'sum'>): string =>
  createHash('sha256')
    .update(JSON.stringify([line.number, line.sequence, line.auditHead, line.fact]))
    .digest('hex')

export interface JournalHead {
  readonly number: number
  readonly sequence: number
  readonly auditHead: string
}

/** One post of one part. */
type PostName = Pick<PostingFact, 'submissionId' | 'part' | 'post'>

const partName = (batchId: string, part: PartKey): string => `${batchId} ${part}`

const nameOf = ({ submissionId, part, post }: PostName): string => JSON.stringify([submissionId, part, post])

export interface WhatLeft {
  /** In the order in which they left. */
  readonly postings: readonly PostingFact[]
  /** Whether a post was refused whole for its size. */
  readonly wasTooLarge: (post: PostName) => boolean
  /** In the order in which it was done. */
  readonly setApart: readonly SetApartFact[]
}

/** The append-only file beside the store. Each line is on the disk before the bytes it speaks of leave. */
export class DispatchJournal {
  readonly #file: string
  #descriptor: number
  /** Whether the file was there when it was opened. */
  readonly existed: boolean
  #damaged: boolean
  #hasGap: boolean
  #head: JournalHead | undefined
  readonly #handedOver = new Set<string>()
  readonly #copies = new Map<string, number>()
  readonly #withdrawn = new Set<string>()

  constructor(file: string) {
    this.#file = file
    this.existed = existsSync(file)
    this.#descriptor = openDurably(file, 'a+')
    const { lines, length, damaged } = readLines(file)
    this.#damaged = damaged
    this.#hasGap = lines.some(({ fact }) => fact.kind === 'gap')
    for (const { fact } of lines) this.#remember(fact)
    const last = lines.at(-1)
    if (last !== undefined) this.#head = last
    // A torn last line was never complete on the disk, so nothing left on its account.
    if (!damaged) ftruncateSync(this.#descriptor, length)
    if (!this.existed) syncDirectory(dirname(file))
  }

  get head(): JournalHead | undefined {
    return this.#head
  }

  /** Whole lines were unreadable before the last one: somebody changed the file. */
  get damaged(): boolean {
    return this.#damaged
  }

  /** Everything that ever left from this folder stands here. */
  get isWhole(): boolean {
    return !this.#damaged && !this.#hasGap && this.#head !== undefined
  }

  /** Puts a damaged file beside, under the given name, and begins a new one. */
  startAfresh(kept: string): void {
    closeSync(this.#descriptor)
    renameSync(this.#file, join(dirname(this.#file), kept))
    this.#descriptor = openSync(this.#file, 'a+', 0o600)
    syncDirectory(dirname(this.#file))
    this.#damaged = false
    this.#head = undefined
  }

  /** Durable when it returns. @throws OfficeError `store.disk-full`, `store.read-only`; the journal is as it was then */
  append(fact: JournalFact, sequence: number, auditHead: string): number {
    const number = (this.#head?.number ?? 0) + 1
    const line = { number, sequence, auditHead, fact }
    const text = `${JSON.stringify({ ...line, sum: sumOf(line) })}\n`
    appendWhole(this.#descriptor, Buffer.from(text), { sync: true })
    this.#head = { number, sequence, auditHead }
    if (fact.kind === 'gap') this.#hasGap = true
    this.#remember(fact)
    return number
  }

  /** Whether a batch was released to another office. */
  isHandedOver(batchId: string): boolean {
    return this.#handedOver.has(batchId)
  }

  /** The highest number of a copy that was handed out of a part's file; 0 where none was. */
  copiesOf(batchId: string, part: PartKey): number {
    return this.#copies.get(partName(batchId, part)) ?? 0
  }

  /** Whether a part's file was taken back before anybody had it. */
  isWithdrawn(batchId: string, part: PartKey): boolean {
    return this.#withdrawn.has(partName(batchId, part))
  }

  #remember(fact: JournalFact): void {
    if (fact.kind === 'handed-over') this.#handedOver.add(fact.batchId)
    if (fact.kind === 'withdrawn') this.#withdrawn.add(partName(fact.batchId, fact.part))
    if (fact.kind === 'copy') {
      const name = partName(fact.batchId, fact.part)
      this.#copies.set(name, Math.max(fact.number, this.#copies.get(name) ?? 0))
    }
  }

  /** Reads the file: everything that was ever about to leave, and what the journal knows of its end. */
  whatLeft(): WhatLeft {
    const postings: PostingFact[] = []
    const tooLarge = new Set<string>()
    const setApart: SetApartFact[] = []
    for (const { fact } of readLines(this.#file).lines) {
      if (fact.kind === 'posting') postings.push(fact)
      if (fact.kind === 'too-large') tooLarge.add(nameOf(fact))
      if (fact.kind === 'set-apart') setApart.push(fact)
    }
    return { postings, wasTooLarge: (post) => tooLarge.has(nameOf(post)), setApart }
  }

  close(): void {
    closeSync(this.#descriptor)
  }
}

function readLines(file: string): { lines: JournalLine[]; length: number; damaged: boolean } {
  const content = readFileSync(file)
  const lines: JournalLine[] = []
  let length = 0
  for (let from = 0; from < content.length; ) {
    const end = content.indexOf(0x0a, from)
    if (end < 0) break
    const line = parseLine(content.toString('utf8', from, end))
    if (line === undefined) return { lines, length, damaged: end + 1 < content.length }
    lines.push(line)
    from = end + 1
    length = from
  }
  return { lines, length, damaged: false }
}

function parseLine(text: string): JournalLine | undefined {
  try {
    const line = JournalLine.parse(JSON.parse(text))
    return sumOf(line) === line.sum ? line : undefined
  } catch {
    return undefined
  }
}
