import { timingSafeEqual } from 'node:crypto'
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
import { OFFICE, type Store, type Transaction } from '../../store/store.ts'
import { hasConsent } from '../consents.ts'
import { noteDuplicates } from '../duplicates.ts'
import type { Answer, Answers } from '../mts/answers.ts'
import { vidHash } from '../person.ts'
import { removeVids } from '../vid-removal.ts'
import { findItem, type Item, type Outcome, settleInRun, settleItem } from './run-store.ts'

/** People whose answers are written in one transaction, and milliseconds after which it ends all the same. */
const SLICE = { people: 200, time: 50 }
/** Longest token: that of an identity number. */
const LONGEST_TOKEN = 128

export interface ApplyScene {
  readonly store: Store
  /** For the hashes of VIDs. */
  readonly key: Uint8Array
  readonly connector: Connector
  readonly runId: string
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly minute: number
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
export async function applyAnswers(scene: ApplyScene, { answers, unusable }: Answers): Promise<Applied> {
  const sum = { news: 0, known: 0, unusable }
  for (let from = 0; from < answers.length || (from === 0 && unusable > 0); ) {
    if (from > 0) await breathe()
    const done = scene.store.transaction(OFFICE, (transaction) => {
      const began = performance.now()
      const at = scene.now()
      let news = 0
      let index = from
      for (; index < Math.min(answers.length, from + SLICE.people); index += 1) {
        const came = applyOne(transaction, scene, answers[index] as Answer, at)
        if (came === 'news') news += 1
        else if (came === 'known') sum.known += 1
        else sum.unusable += 1
        if (performance.now() - began > SLICE.time) {
          index += 1
          break
        }
      }
      const lost = index >= answers.length ? sum.unusable : 0
      if (lost > 0) {
        transaction.sql('UPDATE token_run SET unusable = unusable + ? WHERE id = ?').run(lost, scene.runId)
      }
      if (news > 0 || lost > 0) {
        transaction.audit({
          action: 'tokenisation.answers-applied',
          subjectKind: 'tokenRun',
          subjectId: scene.runId,
          detail: { people: news, unusable: lost },
        })
        transaction.touch('tokenisation')
      }
      sum.news += news
      return index - from
    })
    if (done === 0) break
    from += done
  }
  return sum
}

/** Outcomes after which a better answer still counts: nothing of the person was changed by them. */
const mayImprove = ({ state, class: outcome }: Item): boolean =>
  state === 'sent' ||
  state === 'chosen' ||
  state === 'unanswered' ||
  (state === 'refused' && (outcome === 'later' || outcome === 'format' || outcome === 'unreadable'))

function applyOne(
  transaction: Transaction,
  scene: ApplyScene,
  answer: Answer,
  at: number,
): 'news' | 'known' | 'nobody' {
  const item = findItem(transaction, answer.ref)
  if (item === undefined || item.runId !== scene.runId || item.connectorId !== scene.connector.id) return 'nobody'
  // Nothing was sent of somebody who was only chosen.
  if (item.vidHash === null) return 'nobody'
  if (!mayImprove(item)) return 'known'
  const outcome = judge(transaction, scene, item, answer, at)
  if (outcome.state !== 'tokenised' && item.state !== 'sent' && item.state !== 'unanswered') return 'known'
  // As before sending, what stands against somebody today says nothing about the record: later consent is enough.
  if (outcome.state === 'skipped') settleInRun(transaction, item, outcome, item.basis, at)
  else settleItem(transaction, item, outcome, item.basis, at)
  return 'news'
}

/** What an answer comes to; a token is stored, and the numbers that it stands for removed, on the way. */
function judge(transaction: Transaction, scene: ApplyScene, item: Item, answer: Answer, at: number): Outcome {
  const { connector, key, minute } = scene
  const later = (): number => at + pauseAfter(item.tries) * minute
  const registrant = transaction.find('registrant', item.registrantId)
  const numbers = identityNumbersOf(transaction, item.registrantId).filter(({ removed }) => !removed)
  const vids = numbers.filter(({ type }) => type === connector.vidType)
  const sent = vids.find(({ value }) => isSame(vidHash(key, value), item.vidHash))
  const mismatch = (code: string): Outcome => refused('mismatch', code, {}, null)
  if (registrant === undefined || registrant.removed) return mismatch('removed-meanwhile')
  if (sent === undefined) return mismatch('changed-meanwhile')
  // Withdrawn while the seeder was at work: nothing that it found out is kept.
  if (!hasConsent(transaction, registrant.id)) {
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
  storeToken(transaction, connector, item, { token, vids, at })
  return { state: 'tokenised', class: '', code: '', params: {}, nextTry: null }
}

const refused = (
  outcome: Outcome['class'],
  code: string,
  params: Outcome['params'],
  nextTry: number | null,
): Outcome => ({ state: 'refused', class: outcome, code, params, nextTry })

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

function storeToken(
  transaction: Transaction,
  { tokenType, vidType }: Connector,
  { registrantId, runId }: Item,
  { token, vids, at }: { token: string; vids: readonly IdentityNumber[]; at: number },
): void {
  transaction.put('identityNumber', {
    id: identityNumberId(registrantId, tokenType),
    removed: false,
    registrantId,
    type: tokenType,
    value: token,
    status: 'valid',
    expiresOn: null,
    importId: '',
  })
  removeVids(transaction, vids)
  const duplicates = noteDuplicates(transaction, { registrantId, tokenType, token, at })
  transaction.audit({
    action: 'tokenisation.token-stored',
    subjectKind: 'registrant',
    subjectId: registrantId,
    detail: { type: tokenType, removed: vidType, numbers: vids.length, run: runId, duplicates },
  })
}
