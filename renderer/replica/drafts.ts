import { create } from 'zustand'
import type { PushAnswer, PushRow, Refusal } from '../../shared/contract/replica.ts'
import type { ReplicaName } from '../../shared/model/replica.ts'
import { compareThreeWay, sameValue } from '../../shared/rules/three-way.ts'

type Fields = Readonly<Record<string, unknown>>

/** An edit that the store did not take, with both versions of what was edited. */
export interface Refused extends Refusal {
  readonly mine: Fields
  readonly theirs: Fields
}

/** What became of the edits of one document: saved here, in the office store, or refused. */
export interface Draft {
  readonly state: 'here' | 'stored' | 'refused'
  readonly collection: ReplicaName
  readonly id: string
  /** Edited and not yet answered, with what the fields were before. */
  readonly changes: Fields
  readonly base: Fields
  readonly refused?: Refused
}

interface Edit {
  readonly collection: ReplicaName
  readonly id: string
  readonly changes: Fields
  /** The document as the officer saw it; undefined where the edit goes over whatever is there. */
  readonly seen: Fields | undefined
  readonly current: Fields
}

interface DraftsState {
  readonly drafts: Readonly<Record<string, Draft>>
}

export const draftKey = (collection: string, id: string): string => `${collection}/${id}`

/** Every draft of this session, for forms and for the list of what was refused. */
export const useDrafts = create<DraftsState>()(() => ({ drafts: {} }))

/** The officer has seen the refusal. */
export function dismissRefusal(key: string): void {
  useDrafts.setState(({ drafts }) => {
    const known = drafts[key]
    if (known === undefined) return { drafts }
    const { refused, ...rest } = known
    const state = Object.keys(rest.changes).length > 0 ? 'here' : 'stored'
    return { drafts: { ...drafts, [key]: { ...rest, state } } }
  })
}

/** Nobody waits for the store's word any more, and nobody asks about what it refused: the officer lets all of it go. */
export const giveUpEdits = (): void => useDrafts.setState({ drafts: {} })

/**
 * Waits for the store's word on the edits of a document.
 *
 * @param signal whoever asks is gone: what is refused stays in the list of refused edits
 * @returns what it refused, if it did; it counts as seen
 * @throws the signal's reason
 */
export function answerToDraft(collection: ReplicaName, id: string, signal: AbortSignal): Promise<Refused | undefined> {
  const key = draftKey(collection, id)
  const { promise, resolve } = Promise.withResolvers<Refused | undefined>()
  const look = ({ drafts }: DraftsState): boolean => {
    const known = drafts[key]
    if (known?.state === 'here') return false
    resolve(known?.refused)
    return true
  }
  if (!look(useDrafts.getState())) {
    const stop = useDrafts.subscribe((state) => {
      if (look(state)) stop()
    })
  }
  return promise.then((refused) => {
    signal.throwIfAborted()
    dismissRefusal(key)
    return refused
  })
}

/** Takes note of local edits and of the store's answers to them. */
export class Drafts {
  readonly #onRefusal: (refused: Refused) => void
  readonly #onCount: (unpushed: number) => void
  /** The number of each document's last edit. */
  readonly #lastEdits = new Map<string, number>()

  /**
   * @param onRefusal tells the officer
   * @param onCount gets the number of documents with edits that the store has not answered, whenever it changes
   */
  constructor(onRefusal: (refused: Refused) => void, onCount: (unpushed: number) => void) {
    this.#onRefusal = onRefusal
    this.#onCount = onCount
  }

  find(collection: ReplicaName, id: string): Draft | undefined {
    return useDrafts.getState().drafts[draftKey(collection, id)]
  }

  /** Documents with edits that the store has not answered. */
  open(): Draft[] {
    return Object.values(useDrafts.getState().drafts).filter(({ changes }) => Object.keys(changes).length > 0)
  }

  /** A document is about to be edited. @returns the number of the edit among those of this document */
  nextEdit(collection: ReplicaName, id: string): number {
    const edit = (this.#lastEdits.get(draftKey(collection, id)) ?? 0) + 1
    this.#lastEdits.set(draftKey(collection, id), edit)
    return edit
  }

  /** The document was not edited since. */
  isLastEdit(collection: ReplicaName, id: string, edit: number): boolean {
    return this.#lastEdits.get(draftKey(collection, id)) === edit
  }

  /**
   * An edit is about to be written here, over the document as it stands.
   *
   * @returns what is to be written: nothing where all of it stands there already, and nothing where another value came since
   *   the officer saw the document, which refuses the edit as the store would
   */
  begin({ collection, id, changes, seen, current }: Edit): Fields {
    const known = this.find(collection, id)
    if (seen !== undefined) {
      const base = Object.fromEntries(Object.keys(changes).map((field) => [field, seen[field]]))
      // What the officer wrote here a moment ago is their own, even if the screen does not show it yet.
      const others = Object.fromEntries(
        Object.entries(current).filter(([field, value]) => !sameValue(known?.changes[field], value)),
      )
      if (!this.#fits(collection, id, { base, changes }, { ...seen, ...others })) return {}
    }
    const news = Object.fromEntries(
      Object.entries(changes).filter(([field, value]) => !sameValue(current[field], value)),
    )
    if (Object.keys(news).length === 0) return {}
    const base = Object.fromEntries(Object.keys(news).map((field) => [field, current[field]]))
    this.#set({
      state: 'here',
      collection,
      id,
      changes: { ...known?.changes, ...news },
      base: { ...base, ...known?.base },
    })
    return news
  }

  /**
   * Rows as the officer meant them: what the store took of an earlier edit is where the next one began, even where the
   * replication did not note it because the officer wrote again before the answer came.
   */
  rebase(collection: ReplicaName, rows: readonly PushRow[]): PushRow[] {
    return rows.map((row) => {
      const base = this.find(collection, String(row.newDocumentState.id))?.base
      return base === undefined ? row : { ...row, assumedMasterState: { ...row.assumedMasterState, ...base } }
    })
  }

  /**
   * Replica and store agree on a document, and nothing was edited since. What stands there is stored, also where it was in
   * no push: what was edited and edited back before it left, and what somebody else wrote just so, is answered by nobody.
   *
   * @returns edits that do not stand there, nobody answered and still fit: they have to be written again
   */
  agreed(collection: ReplicaName, id: string, current: Fields): Fields | undefined {
    this.#taken(collection, id, current)
    const draft = this.find(collection, id)
    return draft === undefined || Object.keys(draft.changes).length === 0 ? undefined : this.stillFits(draft, current)
  }

  /** What the store said to a push. */
  answered(collection: ReplicaName, rows: readonly PushRow[], { masters, refusals }: PushAnswer): void {
    for (const { newDocumentState } of rows) {
      const id = String(newDocumentState.id)
      const refusal = refusals.find((one) => one.id === id)
      if (refusal === undefined) this.#taken(collection, id, newDocumentState)
      else this.refuse(collection, refusal, newDocumentState, masters.find((master) => master.id === id) ?? {})
    }
  }

  /** An edit is not taken; what was written and what the store has are both kept for the officer. */
  refuse(collection: ReplicaName, refusal: Refusal, written: Fields, current: Fields): void {
    const { id, fields } = refusal
    const known = this.find(collection, id)
    const only = (from: Fields): Fields => Object.fromEntries(fields.map((field) => [field, from[field]]))
    const refused: Refused = { ...refusal, mine: { ...known?.refused?.mine, ...only(written) }, theirs: only(current) }
    const without = (from: Fields = {}): Fields =>
      Object.fromEntries(Object.entries(from).filter(([field]) => !fields.includes(field)))
    const changes = without(known?.changes)
    this.#set({ state: 'refused', collection, id, changes, base: without(known?.base), refused })
    this.#onRefusal(refused)
  }

  /** The open edits, where they still fit a document that came anew; otherwise they are refused as changed meanwhile. */
  stillFits({ collection, id, base, changes }: Draft, current: Fields): Fields | undefined {
    return this.#fits(collection, id, { base, changes }, current) ? changes : undefined
  }

  forget(): void {
    useDrafts.setState({ drafts: {} })
    this.#onCount(0)
  }

  #fits(
    collection: ReplicaName,
    id: string,
    { base, changes }: { readonly base: Fields; readonly changes: Fields },
    current: Fields,
  ): boolean {
    const { conflicts } = compareThreeWay(base, changes, current)
    if (conflicts.length === 0) return true
    const fault = { code: 'store.changed-meanwhile', params: { field: conflicts.join(', ') } } as const
    this.refuse(collection, { collection, id, fault, fields: Object.keys(changes), problems: [] }, changes, current)
    return false
  }

  #taken(collection: ReplicaName, id: string, pushed: Fields): void {
    const known = this.find(collection, id)
    if (known === undefined) return
    const open = Object.keys(known.changes).filter((field) => !sameValue(known.changes[field], pushed[field]))
    const only = (from: Fields): Fields => Object.fromEntries(open.map((field) => [field, from[field]]))
    // A refusal that nobody has seen stays: it was about another edit.
    const state = open.length > 0 ? 'here' : known.refused === undefined ? 'stored' : 'refused'
    this.#set({ ...known, state, changes: only(known.changes), base: only({ ...known.base, ...pushed }) })
  }

  #set(draft: Draft): void {
    const before = this.open().length
    useDrafts.setState(({ drafts }) => ({ drafts: { ...drafts, [draftKey(draft.collection, draft.id)]: draft } }))
    const now = this.open().length
    if (now !== before) this.#onCount(now)
  }
}
