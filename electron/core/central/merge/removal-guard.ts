import { z } from 'zod'
import { type Fault, fail } from '../../../../shared/contract/result.ts'
import { type RecordKind, records } from '../../../../shared/model/records.ts'
import { collections } from '../../store/collections.ts'
import type { Store } from '../../store/store.ts'
import type { Incoming } from './incoming.ts'
import { isKeptAside } from './quarantine.ts'
import { findRowStanding, generationOf } from './row-standing.ts'

/*
 * A central server that would take many records off the registry is more often a mistake than meant: beyond a small share an
 * administrator is asked before any of it is applied. Counted per kind since the last answer, over however many pages.
 */

const MARK = 'central-removals'
/** More records of a kind than this are asked about. */
const MOST = 50
/** And more than this share of them. One by itself is a day's work, however small the office. */
const SHARE = 0.05
/** An answer holds until the pull has come to its end, and no longer than this: milliseconds. */
const ANSWER_HOLDS = 60 * 60_000

const State = z.object({
  counts: z.record(z.string(), z.number()),
  asked: z.object({ kind: z.string(), count: z.number() }).nullable(),
  answer: z.object({ accept: z.boolean(), officerId: z.string(), at: z.number() }).nullable(),
})
type State = z.infer<typeof State>

const read = (store: Pick<Store, 'findMark'>): State => {
  const kept = store.findMark(MARK)
  return kept === undefined || kept === '' ? { counts: {}, asked: null, answer: null } : State.parse(JSON.parse(kept))
}

/** What may be done about the removals of a page. */
export type RemovalRuling =
  | { readonly kind: 'apply' }
  /** An administrator refused: what is here stays, and is written again as this office's own. */
  | { readonly kind: 'refuse'; readonly officerId: string }
  | { readonly kind: 'ask'; readonly fault: Fault }

/** Counts what a page would remove and rules on it. `now`: epoch milliseconds. */
export function judgeRemovals(store: Store, incoming: readonly Incoming[], now: number): RemovalRuling {
  const removals = new Map<RecordKind, number>()
  for (const one of incoming) if (removes(store, one)) removals.set(one.kind, (removals.get(one.kind) ?? 0) + 1)
  if (removals.size === 0) return { kind: 'apply' }
  const state = read(store)
  const { answer } = state
  if (answer !== null && now - answer.at < ANSWER_HOLDS) {
    return answer.accept ? { kind: 'apply' } : { kind: 'refuse', officerId: answer.officerId }
  }
  const counts = { ...state.counts }
  for (const [kind, count] of removals) {
    counts[kind] = (counts[kind] ?? 0) + count
    if (!isMany(store, kind, counts[kind])) continue
    const asked = { kind, count: counts[kind] }
    write(store, { counts: state.counts, asked, answer: null })
    return { kind: 'ask', fault: { code: 'central.removal-guard', params: asked } }
  }
  write(store, { counts, asked: null, answer: null })
  return { kind: 'apply' }
}

const write = (store: Store, state: State): void => store.housekeeping((_, mark) => mark(MARK, JSON.stringify(state)))

/** Whether applying it would take a record away that stands here. */
function removes(store: Store, incoming: Incoming): boolean {
  const { kind, id, rev, deleted, record } = incoming
  const isRemoved = (record as { removed?: unknown } | null)?.removed === true
  if (!deleted && (records[kind].appendOnly || !isRemoved)) return false
  // Nobody is lost with a number that was given up for a token, and tokens come by the thousand.
  if (!deleted && kind === 'identityNumber' && (record as { tokenisedAt?: unknown }).tokenisedAt !== undefined)
    return false
  const sql: Store['sql'] = (text) => store.sql(text)
  const standing = findRowStanding(sql, kind, id)
  if (standing === undefined) return false
  if (standing.rev !== undefined && rev !== '' && generationOf(rev) <= generationOf(standing.rev)) return false
  if (deleted) return !isKeptAside(sql, incoming)
  return (store.find(kind, id) as { removed?: boolean } | undefined)?.removed === false
}

/** Whether so many removals are asked about, of `all` records of a kind. */
export const isManyRemovals = (count: number, all: number): boolean =>
  count > MOST || (count > 1 && count > all * SHARE)

/** Records of a kind beyond which so many removals are no large share of them. */
export const enoughRecords = (count: number): number => (count > MOST ? 0 : Math.ceil(count / SHARE))

function isMany(store: Store, kind: RecordKind, count: number): boolean {
  const all = store.sql(`SELECT count(*) FROM ${collections[kind].table}`).pluck().get() as number
  return isManyRemovals(count, all)
}

/** What an administrator is asked; undefined while nothing is. */
export function findRemovalQuestion(
  store: Pick<Store, 'findMark'>,
): { readonly kind: string; readonly count: number } | undefined {
  return read(store).asked ?? undefined
}

/**
 * An administrator takes the removals, or refuses them: then what is here stays and goes out as the newer version. What was
 * stopped is read anew by the next pull. `now`: epoch milliseconds by the server's clock.
 *
 * @throws OfficeError `central.conflict-settled` when nothing is asked
 */
export function answerRemovals(store: Store, officerId: string, accept: boolean, now: number): void {
  store.transaction(officerId, (tx) => {
    const { asked } = read(tx)
    if (asked === null) fail('central.conflict-settled')
    tx.mark(MARK, JSON.stringify({ counts: {}, asked: null, answer: { accept, officerId, at: now } } satisfies State))
    tx.audit({
      action: accept ? 'central.removals-taken' : 'central.removals-refused',
      subjectKind: 'office',
      subjectId: 'central',
      detail: asked,
    })
  })
}

/** A pull has read everything there was: an answer to what it would have removed does not hold for the next one. */
export function endRemovals(store: Store): void {
  const state = read(store)
  if (state.answer !== null) write(store, { ...state, answer: null })
}
