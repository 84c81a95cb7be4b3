import { createHash } from 'node:crypto'
import { setImmediate as breathe } from 'node:timers/promises'
import { identityNumberId } from '../../../../shared/model/ids.ts'
import { prepareRecord } from '../../store/prepared-record.ts'
import { OFFICE, type Store, type Transaction } from '../../store/store.ts'
import { noteDuplicates } from '../duplicates.ts'
import type { Answer, Answers } from '../mts/answers.ts'
import { removeVids } from '../vid-removal.ts'
import { type Judged, type JudgeScene, judge, mayImprove, type Standing, standingOf } from './judge-answer.ts'
import { type Item, settleInRun, settleItem, settleTokenised } from './run-items.ts'
import { endRequest } from './run-store.ts'
import { WritePace } from './write-pace.ts'

export interface ApplyScene extends JudgeScene {
  readonly store: Store
  readonly runId: string
  /** Epoch milliseconds. */
  readonly now: () => number
}

export interface ApplyOptions {
  /** The request of which nothing more can come; it is over with the last of these answers. */
  readonly lastOf?: number
  /** What else goes into the last transaction, or into one of its own where that is long already; it audits for itself. */
  readonly also?: ((transaction: Transaction) => void) | undefined
  /** Kept by who writes one after the other. */
  readonly pace?: WritePace
}

export interface Applied {
  /** People of whom something new is known now. */
  readonly news: number
  /** Answers that said what was known, or name nobody in this run. */
  readonly known: number
  readonly unusable: number
}

/**
 * Applies answers of a run: each counts only for the person who was sent under its reference, and only while the record is
 * the one that was sent. Applied again it comes to the same.
 */
export async function applyAnswers(
  scene: ApplyScene,
  { answers, unusable }: Answers,
  { lastOf, also, pace = new WritePace() }: ApplyOptions = {},
): Promise<Applied> {
  const sum = { news: 0, known: 0, unusable }
  let from = 0
  let isAllWritten = also === undefined
  do {
    if (from > 0) await breathe()
    const began = performance.now()
    const to = scene.store.transaction(OFFICE, (transaction) => {
      const most = Math.min(answers.length, from + pace.people)
      const part = answers.slice(from, most)
      const slice = new Slice(transaction, scene, part)
      for (const answer of part) {
        const came = slice.apply(answer)
        if (came === 'nobody') sum.unusable += 1
        else sum[came] += 1
      }
      const isLast = most >= answers.length
      slice.end(isLast ? sum.unusable : 0, isLast ? lastOf : undefined)
      if (isLast && (most - from) * 2 <= pace.people) {
        also?.(transaction)
        isAllWritten = true
      }
      return most
    })
    pace.took(to - from, performance.now() - began)
    from = to
  } while (from < answers.length)
  if (also !== undefined && !isAllWritten) {
    await breathe()
    scene.store.transaction(OFFICE, also)
  }
  return sum
}

/** A token, the numbers that are removed for it, and under what it came. */
type StoredToken = Extract<Judged, { state: 'tokenised' }> & { readonly item: Item }

/** Answers that are written in one transaction: person by person what came of them, then the tokens, then the removals. */
class Slice {
  readonly #transaction: Transaction
  readonly #scene: ApplyScene
  readonly #at: number
  #standing: Standing
  /** Who was answered for in this transaction. */
  readonly #heard = new Set<string>()
  /** By registrant. */
  readonly #tokens = new Map<string, StoredToken>()
  #news = 0

  constructor(transaction: Transaction, scene: ApplyScene, answers: readonly Answer[]) {
    this.#transaction = transaction
    this.#scene = scene
    this.#at = scene.now()
    this.#standing = standingOf(
      transaction,
      answers.map(({ ref }) => ref),
    )
  }

  apply(answer: Answer): 'news' | 'known' | 'nobody' {
    const item = this.#findItem(answer.ref)
    if (item === undefined || item.runId !== this.#scene.runId || item.connectorId !== this.#scene.connector.id) {
      return 'nobody'
    }
    // Nothing was sent of somebody who was only chosen.
    if (item.vidHash === null) return 'nobody'
    if (!mayImprove(item)) return 'known'
    const outcome = judge(this.#standing, this.#scene, item, answer, this.#at)
    if (outcome.state !== 'tokenised' && item.state !== 'sent' && item.state !== 'unanswered') return 'known'
    this.#heard.add(item.registrantId)
    if (outcome.state === 'tokenised') this.#tokens.set(item.registrantId, { ...outcome, item })
    // As before sending, what stands against somebody today says nothing about the record: later consent is enough.
    else if (outcome.state === 'skipped') settleInRun(this.#transaction, item, outcome, item.basis, this.#at)
    else settleItem(this.#transaction, item, outcome, item.basis, this.#at)
    this.#news += 1
    return 'news'
  }

  /** Of whom something was said before in this transaction is read anew, once that is written. */
  #findItem(ref: string): Item | undefined {
    const item = this.#standing.items.get(ref)
    if (item === undefined || !this.#heard.has(item.registrantId)) return item
    this.#store()
    this.#heard.delete(item.registrantId)
    const again = standingOf(this.#transaction, [ref])
    this.#standing = {
      items: new Map([...this.#standing.items, ...again.items]),
      consents: new Map([...this.#standing.consents, ...again.consents]),
      numbers: new Map([...this.#standing.numbers, ...again.numbers]),
    }
    return again.items.get(ref)
  }

  end(lost: number, lastOf: number | undefined): void {
    const transaction = this.#transaction
    const { runId } = this.#scene
    this.#store()
    if (lost > 0) transaction.sql('UPDATE token_run SET unusable = unusable + ? WHERE id = ?').run(lost, runId)
    if (lastOf !== undefined) endRequest(transaction, lastOf, this.#at)
    if (this.#news === 0 && lost === 0 && lastOf === undefined) return
    transaction.audit({
      action: 'tokenisation.answers-applied',
      subjectKind: 'tokenRun',
      subjectId: runId,
      detail: { people: this.#news, unusable: lost, ...(lastOf === undefined ? {} : { request: lastOf }) },
    })
    transaction.touch('tokenisation')
  }

  /** The tokens, and away with the numbers that they stand for. Table by table, so that few pages are touched. */
  #store(): void {
    if (this.#tokens.size === 0) return
    const transaction = this.#transaction
    const { runId, connector } = this.#scene
    const { tokenType: type, vidType: removed } = connector
    for (const [registrantId, { token }] of this.#tokens) {
      const number = {
        id: identityNumberId(registrantId, type),
        removed: false,
        registrantId,
        type,
        value: token,
        status: 'valid',
        expiresOn: null,
        importId: '',
      } as const
      const isNew = transaction.insert('identityNumber', prepareRecord('identityNumber', number))
      if (!isNew) transaction.put('identityNumber', number)
    }
    const stored = [...this.#tokens.values()]
    settleTokenised(
      transaction,
      stored.map(({ item }) => item),
      this.#at,
    )
    const tokens = new Map(stored.map(({ token, item }) => [item.registrantId, token]))
    const duplicates = noteDuplicates(transaction, type, tokens, this.#at)
    const vids = stored.flatMap((one) => one.vids)
    removeVids(transaction, vids)
    // Who they are stands in the records themselves, under this entry's moment; the digest tells whether all of them do.
    const people = [...this.#tokens.keys()].sort()
    transaction.audit({
      action: 'tokenisation.token-stored',
      subjectKind: 'tokenRun',
      subjectId: runId,
      detail: {
        type,
        removed,
        people: people.length,
        numbers: vids.length,
        duplicates,
        registrants: createHash('sha256').update(people.join('\n')).digest('hex'),
      },
    })
    this.#tokens.clear()
  }
}
