import { createHash, type KeyObject, timingSafeEqual } from 'node:crypto'
import { setImmediate as breathe } from 'node:timers/promises'
import { identityNumberId } from '../../../../shared/model/ids.ts'
import type { IdentityNumber } from '../../../../shared/model/registrant.ts'
import type { Connector } from '../../../../shared/model/tokenisation.ts'
import {
  classOfRefusal,
  isTriedAgain,
  namedFact,
  pauseAfter,
} from '../../../../shared/rules/tokenisation/answer-class.ts'
import { identityNumbersOf } from '../../registry/identity-commands.ts'
import { prepareRecord } from '../../store/prepared-record.ts'
import { OFFICE, type Store, type Transaction } from '../../store/store.ts'
import { consentHolds } from '../consents.ts'
import { noteDuplicates } from '../duplicates.ts'
import type { Answer, Answers } from '../mts/answers.ts'
import { vidHash } from '../person.ts'
import { removeVids } from '../vid-removal.ts'
import { endRequest, findItem, type Item, type Outcome, type Sql, settleInRun, settleItem } from './run-store.ts'
import { WritePace } from './write-pace.ts'

/** Longest token: that of an identity number. */
const LONGEST_TOKEN = 128

export interface ApplyScene {
  readonly store: Store
  /** For the hashes of VIDs. */
  readonly key: KeyObject
  readonly connector: Connector
  readonly runId: string
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly minute: number
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
      const slice = new Slice(transaction, scene)
      const most = Math.min(answers.length, from + pace.people)
      let index = from
      while (index < most) {
        const came = slice.apply(answers[index] as Answer)
        if (came === 'nobody') sum.unusable += 1
        else sum[came] += 1
        index += 1
      }
      const isLast = index >= answers.length
      slice.end(isLast ? sum.unusable : 0, isLast ? lastOf : undefined)
      if (isLast && (index - from) * 2 <= pace.people) {
        also?.(transaction)
        isAllWritten = true
      }
      return index
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

/** Answers that are written in one transaction: person by person what came of them, then the tokens, then the removals. */
class Slice {
  readonly #transaction: Transaction
  readonly #scene: ApplyScene
  readonly #at: number
  /** By registrant. */
  readonly #tokens = new Map<string, StoredToken>()
  #news = 0

  constructor(transaction: Transaction, scene: ApplyScene) {
    this.#transaction = transaction
    this.#scene = scene
    this.#at = scene.now()
  }

  apply(answer: Answer): 'news' | 'known' | 'nobody' {
    const transaction = this.#transaction
    const item = findItem(transaction, answer.ref)
    if (item === undefined || item.runId !== this.#scene.runId || item.connectorId !== this.#scene.connector.id) {
      return 'nobody'
    }
    // Nothing was sent of somebody who was only chosen.
    if (item.vidHash === null) return 'nobody'
    if (!mayImprove(item)) return 'known'
    if (this.#tokens.has(item.registrantId)) this.#store()
    const outcome = judge(transaction, this.#scene, item, answer, this.#at)
    if (outcome.state !== 'tokenised' && item.state !== 'sent' && item.state !== 'unanswered') return 'known'
    if (outcome.state === 'tokenised') this.#tokens.set(item.registrantId, outcome.stored)
    // As before sending, what stands against somebody today says nothing about the record: later consent is enough.
    if (outcome.state === 'skipped') settleInRun(transaction, item, outcome, item.basis, this.#at)
    else settleItem(transaction, item, outcome, item.basis, this.#at)
    this.#news += 1
    return 'news'
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
    let duplicates = 0
    for (const [registrantId, { token }] of this.#tokens) {
      duplicates += noteDuplicates(transaction, { registrantId, tokenType: type, token, at: this.#at })
    }
    const vids = [...this.#tokens.values()].flatMap((stored) => stored.vids)
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

/** A token, and the numbers that are removed for it. */
interface StoredToken {
  readonly token: string
  readonly vids: readonly IdentityNumber[]
}

type Judged =
  | (Outcome & { readonly state: 'refused' | 'skipped' })
  | (Outcome & { readonly state: 'tokenised'; readonly stored: StoredToken })

/** Outcomes after which a better answer still counts: nothing of the person was changed by them. */
const mayImprove = ({ state, class: outcome }: Item): boolean =>
  state === 'sent' ||
  state === 'chosen' ||
  state === 'unanswered' ||
  (state === 'refused' && (outcome === 'later' || outcome === 'format' || outcome === 'unreadable'))

/** What an answer comes to; nothing is written. */
function judge(from: Sql, scene: ApplyScene, item: Item, answer: Answer, at: number): Judged {
  const { connector, key, minute } = scene
  const later = (): number => at + pauseAfter(item.tries) * minute
  const standing = from
    .sql(`SELECT ${consentHolds('r.id')} AS consents FROM registrant r WHERE r.id = ? AND r.removed = 0`)
    .get(item.registrantId) as { readonly consents: number } | undefined
  const numbers = identityNumbersOf(from, item.registrantId).filter(({ removed }) => !removed)
  const vids = numbers.filter(({ type }) => type === connector.vidType)
  const sent = vids.find(({ value }) => isSame(vidHash(key, value), item.vidHash))
  const mismatch = (code: string): Judged => refused('mismatch', code, {}, null)
  if (standing === undefined) return mismatch('removed-meanwhile')
  if (sent === undefined) return mismatch('changed-meanwhile')
  // Withdrawn while the seeder was at work: nothing that it found out is kept.
  if (standing.consents !== 1) {
    return { state: 'skipped', class: 'local', code: 'no-consent', params: {}, nextTry: null }
  }
  if (answer.vid !== null && answer.vid !== sent.value) return mismatch('other-vid')

  const { status, token, errorCode, errorMessage } = answer
  if (status !== 'processed') {
    if (status !== 'error' && status !== 'invalid') return refused('later', 'no-status', {}, later())
    const { class: outcome, error } = classOfRefusal(status, errorCode, errorMessage)
    const params = { text: withoutNumbers(error.text), fact: namedFact(error.text) }
    return refused(outcome, error.code, params, isTriedAgain(outcome) ? later() : null)
  }
  if (token === null || token.length > LONGEST_TOKEN) return refused('later', 'no-token', {}, later())
  const format = findFormatFault(answer.out, token)
  if (format !== undefined) return refused('format', format, {}, null)
  const known = numbers.find(({ type }) => type === connector.tokenType)
  if (known !== undefined && known.value !== token) return mismatch('other-token')
  return { state: 'tokenised', class: '', code: '', params: {}, nextTry: null, stored: { token, vids } }
}

const refused = (
  outcome: Outcome['class'],
  code: string,
  params: Outcome['params'],
  nextTry: number | null,
): Judged => ({ state: 'refused', class: outcome, code, params, nextTry })

const isSame = (one: Uint8Array, other: Uint8Array | null): boolean =>
  other !== null && one.byteLength === other.byteLength && timingSafeEqual(one, other)

/** The connector's own format has the last word: what it leaves out is not stored, what it puts in its place neither. */
function findFormatFault(out: unknown, token: string): string | undefined {
  if (out === null || out === undefined) return 'format-empty'
  if (typeof out !== 'object' || Array.isArray(out)) return undefined
  const said = out as Readonly<Record<string, unknown>>
  return ['token', 'value'].some((name) => Object.hasOwn(said, name) && said[name] !== token)
    ? 'format-differs'
    : undefined
}

/** The ID system's words, without any number in them that could be somebody's. */
const withoutNumbers = (text: string): string => text.replaceAll(/\d{6,}/g, '•').slice(0, 300)
