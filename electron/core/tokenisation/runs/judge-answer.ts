import { type KeyObject, timingSafeEqual } from 'node:crypto'
import type { IdentityNumber } from '../../../../shared/model/registrant.ts'
import type { Connector } from '../../../../shared/model/tokenisation.ts'
import {
  classOfRefusal,
  isTriedAgain,
  namedFact,
  pauseAfter,
} from '../../../../shared/rules/tokenisation/answer-class.ts'
import { standingNumbersOf } from '../../registry/identity-commands.ts'
import { consentHolds } from '../consents.ts'
import type { Answer } from '../mts/answers.ts'
import { vidHash } from '../person.ts'
import { type Item, itemsOf, type Outcome } from './run-items.ts'
import type { Sql } from './run-store.ts'

/** Longest token: that of an identity number. */
const LONGEST_TOKEN = 128

/** What an answer comes to: a token and the numbers that are removed for it, or why there is none. */
export type Judged =
  | (Outcome & { readonly state: 'refused' | 'skipped' })
  | { readonly state: 'tokenised'; readonly token: string; readonly vids: readonly IdentityNumber[] }

/** What stands in the store about people who were answered for. */
export interface Standing {
  /** By reference. */
  readonly items: ReadonlyMap<string, Item>
  /** By registrant, whether a consent holds; nobody is in it who was removed. */
  readonly consents: ReadonlyMap<string, boolean>
  /** By registrant, those that were not removed. */
  readonly numbers: ReadonlyMap<string, readonly IdentityNumber[]>
}

/** What stands about the people of these references; a few statements for all of them. */
export function standingOf(from: Sql, refs: readonly string[]): Standing {
  const items = itemsOf(from, refs)
  const ids = [...items.values()].map(({ registrantId }) => registrantId)
  const people = from
    .sql(
      `SELECT r.id, ${consentHolds('r.id')} AS consents FROM json_each(?) p CROSS JOIN registrant r
       ON r.id = p.value AND r.removed = 0`,
    )
    .all(JSON.stringify(ids)) as { readonly id: string; readonly consents: number }[]
  const consents = new Map(people.map((one) => [one.id, one.consents === 1]))
  return { items, consents, numbers: standingNumbersOf(from, ids) }
}

/** Outcomes after which a better answer still counts: nothing of the person was changed by them. */
export const mayImprove = ({ state, class: outcome }: Item): boolean =>
  state === 'sent' ||
  state === 'chosen' ||
  state === 'unanswered' ||
  (state === 'refused' && (outcome === 'later' || outcome === 'format' || outcome === 'unreadable'))

/** What the judgement needs of a run's scene; `minute` as this office counts them, milliseconds. */
export interface JudgeScene {
  readonly connector: Connector
  /** For the hashes of VIDs. */
  readonly key: KeyObject
  readonly minute: number
}

/** What an answer comes to; nothing is written. @param at epoch milliseconds */
export function judge(standing: Standing, scene: JudgeScene, item: Item, answer: Answer, at: number): Judged {
  const { connector, key, minute } = scene
  const later = (): number => at + pauseAfter(item.tries) * minute
  const consents = standing.consents.get(item.registrantId)
  const numbers = standing.numbers.get(item.registrantId) ?? []
  const vids = numbers.filter(({ type }) => type === connector.vidType)
  const sent = vids.find(({ value }) => isSame(vidHash(key, value), item.vidHash))
  const mismatch = (code: string): Judged => refused('mismatch', code, {}, null)
  if (consents === undefined) return mismatch('removed-meanwhile')
  if (sent === undefined) return mismatch('changed-meanwhile')
  // Withdrawn while the seeder was at work: nothing that it found out is kept.
  if (!consents) {
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
  return { state: 'tokenised', token, vids }
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
