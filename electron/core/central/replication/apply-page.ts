import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Fault } from '../../../../shared/contract/result.ts'
import { addContactKeys } from '../../registry/contact-keys.ts'
import { collections } from '../../store/collections.ts'
import type { AdoptableRecord } from '../../store/prepared-record.ts'
import { OFFICE, type Store, type Transaction } from '../../store/store.ts'
import { rankOf, type TravellingKind } from '../documents.ts'
import { applyIncoming, type Incoming } from '../merge/apply.ts'
import { holdChangedPayees } from '../merge/changed-payees.ts'
import { restateBatches } from '../merge/restate-batches.ts'
import { noteUnfinished } from '../merge/unfinished.ts'
import type { CheckedDocument, CheckedPage } from './check-page.ts'
import { findReceipt, keepOutgoing, putReceipt, stayPushed } from './receipts.ts'
import { applySideDocuments } from './side-records.ts'
import { keepPieces } from './submission-pieces.ts'

export interface PageParts {
  readonly store: Store
  /** Epoch milliseconds by the server's clock. */
  readonly serverNow: () => number
  /** Records of these batches are other ones by now. Called after they are written. */
  readonly onBatches: (batchIds: readonly string[]) => void
}

/** What came of a page, in records. */
export interface PageOutcome {
  readonly adopted: number
  readonly merged: number
  readonly conflicts: number
  readonly quarantined: number
  /** What asks an administrator before anything that was judged is applied. */
  readonly stopped: Fault | null
}

/**
 * A transaction aims at this many milliseconds. Ids come in no order, so each writes most pages of a dozen indexes, however many
 * records it holds: twice as long is a sixth less work for all of them.
 */
const TARGET = 100
/** Each commit writes the touched pages of every index: with fewer records a slow machine would only become slower. */
const FEWEST = 150
const MOST = 4_000
/** Of a clock that runs further ahead no moment is taken over: milliseconds. */
const LARGEST_SKEW = 5 * 60_000

type Ready = CheckedDocument & { readonly ready: AdoptableRecord<TravellingKind> }

const ERASED_PLACE = Object.keys(collections.registrant.columns).indexOf('erased_at')

/** What says that somebody was erased is judged, since it says something about records that may be here already. */
const isReady = (document: CheckedDocument): document is Ready =>
  document.ready !== null && (document.kind !== 'registrant' || document.ready.facts[ERASED_PLACE] === null)

const asIncoming = ({ kind, id, rev, deleted, conflicts, ready, record }: CheckedDocument): Incoming => ({
  kind,
  id,
  rev,
  deleted,
  conflicts,
  record: ready === null ? record : JSON.parse(ready.body),
})

/**
 * Puts pages of the central server into the store. What is new and plain goes in by the hundred, kind by kind; all else is
 * judged by the merge. A page may be applied again, whole or in part: what was applied is known by its receipt.
 */
export class PageWriter {
  readonly #parts: PageParts
  #atOnce = 300

  constructor(parts: PageParts) {
    this.#parts = parts
  }

  async write(
    page: Pick<CheckedPage, 'documents' | 'pieces' | 'said' | 'unknown'>,
    signal?: AbortSignal,
  ): Promise<PageOutcome> {
    const { store, serverNow, onBatches } = this.#parts
    const batches = new Set<string>()
    const people = new Set<string>()
    const judged: CheckedDocument[] = []
    // Of what is ready the table itself tells whether it is new: asking for each receipt before cost a tenth of the rest.
    // Nobody else writes receipts meanwhile but the push, which waits for the pull.
    const ready = page.documents.filter(isReady)
    const others = page.documents.filter((document) => !isReady(document) && !this.#isKnown(document))
    const finished = ready.length + others.length === 0 ? undefined : noteUnfinished(store)
    let adopted = 0
    for (const group of groups(ready)) {
      for (let at = 0; at < group.length; ) {
        signal?.throwIfAborted()
        const slice = group.slice(at, at + this.#atOnce)
        at += slice.length
        const inserted = this.#insert(slice)
        adopted += inserted.count
        const known = new Set(inserted.left.filter((document) => this.#isKnown(document)))
        judged.push(...inserted.left.filter((document) => !known.has(document)))
        for (const document of slice) {
          if (known.has(document)) continue
          noteBatch(batches, document.kind, document.ready)
          notePerson(people, document.kind, document.ready)
        }
        await nextTurn()
      }
    }
    judged.push(...others)
    this.#keepUnknown(page.unknown)
    adopted += applySideDocuments(store, page.said, serverNow())
    const submissions = keepPieces(store, judged, page.pieces)
    const fresh = submissions.judged.filter((document) => !this.#isKnown(document)).map(asIncoming)
    signal?.throwIfAborted()
    const applied = await this.#judge([...fresh, ...submissions.complete])
    if (applied.stopped === null) submissions.clear()
    await restateBatches(store, batches, serverNow())
    if (batches.size > 0) onBatches([...batches])
    await holdChangedPayees({ store, now: serverNow, onBatches }, people)
    // Last: what is not worked out when the office ends here would never be.
    finished?.()
    this.#receiveMoments(page.documents)
    return { ...applied, adopted: adopted + applied.adopted }
  }

  /** One transaction; gives what has to be judged since something stands in its place. */
  #insert(slice: readonly Ready[]): { readonly count: number; readonly left: readonly Ready[] } {
    const { store, serverNow } = this.#parts
    const [began, used] = [performance.now(), process.threadCpuUsage()]
    const at = serverNow()
    const left: Ready[] = []
    const kind = slice[0]?.kind ?? 'registrant'
    store.transaction(OFFICE, (tx) => {
      for (const document of slice) {
        if (tx.insertAdopted(kind, document.ready)) this.#received(tx, document, at)
        else left.push(document)
      }
      // The same page once more is no deed.
      if (left.length === slice.length) return
      stayPushed(tx)
      tx.audit({
        action: 'central.pulled',
        subjectKind: 'office',
        subjectId: 'central',
        detail: { kind, count: slice.length - left.length },
      })
    })
    const { user, system } = process.threadCpuUsage(used)
    // Where others have the processor, smaller transactions would only make more of them.
    const took = Math.max(1, (user + system) / 1_000, (performance.now() - began) / 2)
    this.#atOnce = Math.round(Math.max(FEWEST, Math.min(MOST, slice.length * 2, (slice.length * TARGET) / took)))
    return { count: slice.length - left.length, left }
  }

  #received(tx: Transaction, { kind, id, rev, keys }: Ready, at: number): void {
    putReceipt(tx.sql, kind, id, { seq: tx.sequence, rev, at })
    addContactKeys(tx, id, keys)
  }

  /** This very revision was applied, or is the office's own. */
  #isKnown({ kind, id, rev, conflicts }: CheckedDocument): boolean {
    return conflicts.length === 0 && findReceipt((text) => this.#parts.store.sql(text), kind, id)?.rev === rev
  }

  /** In one go: whether too much would be removed is judged over the whole page. */
  async #judge(incoming: readonly Incoming[]): Promise<PageOutcome> {
    const { store, serverNow, onBatches } = this.#parts
    if (incoming.length === 0) return { adopted: 0, merged: 0, conflicts: 0, quarantined: 0, stopped: null }
    const applied = await applyIncoming({ store, now: serverNow, onBatches }, incoming)
    keepOutgoing(store, incoming)
    return applied
  }

  #keepUnknown(unknown: CheckedPage['unknown']): void {
    if (unknown.length === 0) return
    const { store, serverNow } = this.#parts
    store.housekeeping((sql) => {
      const keep = sql('INSERT OR REPLACE INTO central_quarantine VALUES (?, ?, ?, 0, ?, ?, ?)')
      for (const { documentId, rev, body } of unknown) {
        const params = JSON.stringify({ kind: documentId.split(':')[0] })
        keep.run(documentId, rev, body, 'central.record-invalid', params, serverNow())
      }
    })
  }

  /** A laptop whose clock is years ahead must not take the others' clocks with it. */
  #receiveMoments(documents: readonly CheckedDocument[]): void {
    const limit = momentText(this.#parts.serverNow() + LARGEST_SKEW)
    let newest = ''
    for (const { ready, record } of documents) {
      const moment = ready?.changedAt ?? (record as { changedAt?: unknown } | null)?.changedAt
      if (typeof moment === 'string' && MOMENT.test(moment) && moment < limit && moment > newest) newest = moment
    }
    if (newest !== '') this.#parts.store.receiveMoment(newest)
  }
}

const MOMENT = /^[0-9a-z]{9}-[0-9a-z]{4}-[0-9a-z]{1,12}$/

/** The wall-clock part of a moment, which sorts before every moment of that millisecond. */
const momentText = (milliseconds: number): string => Math.floor(milliseconds).toString(36).padStart(9, '0')

const NAME_PLACE = Object.keys(collections.registrant.columns).indexOf('sort_name')

/** Registrants by name, as most of their indexes are sorted; all others by id. Commits touch fewer pages then. */
const orderOf = ({ kind, id, ready }: Ready): string => (kind === 'registrant' ? String(ready.facts[NAME_PLACE]) : id)

/** By kind in the order of applying. */
function groups(documents: readonly Ready[]): Ready[][] {
  const byKind = new Map<TravellingKind, Ready[]>()
  for (const document of documents) {
    const known = byKind.get(document.kind)
    if (known === undefined) byKind.set(document.kind, [document])
    else known.push(document)
  }
  return [...byKind.entries()]
    .sort(([one], [other]) => rankOf(one) - rankOf(other))
    .map(([, group]) => group.sort((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1)))
}

const BATCH_PLACE = {
  payment: Object.keys(collections.payment.columns).indexOf('batch_id'),
  delivery: Object.keys(collections.delivery.columns).indexOf('batch_id'),
}

function noteBatch(batches: Set<string>, kind: TravellingKind | undefined, { facts }: Ready['ready']): void {
  if (kind !== 'payment' && kind !== 'delivery') return
  const id = facts[BATCH_PLACE[kind]]
  if (typeof id === 'string' && id !== '') batches.add(id)
}

const PERSON_PLACE = {
  membership: Object.keys(collections.membership.columns).indexOf('group_id'),
  identityNumber: Object.keys(collections.identityNumber.columns).indexOf('registrant_id'),
}

/** Whose payee or account may be another one by what is new. */
function notePerson(people: Set<string>, kind: TravellingKind | undefined, { facts }: Ready['ready']): void {
  if (kind !== 'membership' && kind !== 'identityNumber') return
  const id = facts[PERSON_PLACE[kind]]
  if (typeof id === 'string') people.add(id)
}
