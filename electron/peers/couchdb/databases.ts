import { createHash } from 'node:crypto'

/** A document as it lies there: JSON with `_id` and `_rev`. */
export type StoredDocument = Readonly<Record<string, unknown>> & { readonly _id: string; readonly _rev: string }

export type Draft = Readonly<Record<string, unknown>> & {
  readonly _id?: string
  readonly _rev?: string
  readonly _deleted?: boolean
}

export interface ChangeRow {
  readonly seq: number
  readonly id: string
  readonly rev: string
  readonly deleted: boolean
}

interface Held {
  readonly seq: number
  readonly document: StoredDocument
  readonly deleted: boolean
}

/** One database: the winning revision of each document and the order of changes. Knows no conflicts (`new_edits=true` only). */
export class PeerDatabase {
  readonly #held = new Map<string, Held>()
  #sequence = 0

  get sequence(): number {
    return this.#sequence
  }

  get count(): number {
    return [...this.#held.values()].filter(({ deleted }) => !deleted).length
  }

  find(id: string): StoredDocument | undefined {
    const held = this.#held.get(id)
    return held === undefined || held.deleted ? undefined : held.document
  }

  /** @returns the new revision, or undefined when another one stands there */
  put(id: string, { _rev, _deleted, _id, ...body }: Draft): string | undefined {
    const held = this.#held.get(id)
    const standing = held === undefined || held.deleted ? undefined : held.document._rev
    // A deleted document may be made again, with or without naming its grave.
    const fits = _rev === standing || (held?.deleted === true && _rev === held.document._rev)
    if (!fits) return undefined
    const generation = Number(held?.document._rev.split('-')[0] ?? 0) + 1
    const digest = createHash('md5')
      .update(JSON.stringify([held?.document._rev, _deleted === true, body]))
      .digest('hex')
    const rev = `${generation}-${digest}`
    this.#sequence += 1
    const content = _deleted === true ? {} : body
    this.#held.set(id, {
      seq: this.#sequence,
      document: { ...content, _id: id, _rev: rev },
      deleted: _deleted === true,
    })
    return rev
  }

  /** Documents that are there, by id. */
  all(): StoredDocument[] {
    return [...this.#held.values()]
      .filter(({ deleted }) => !deleted)
      .map(({ document }) => document)
      .sort((one, other) => (one._id < other._id ? -1 : 1))
  }

  /** The newest change of each document after a sequence, oldest first. */
  changes(since: number): ChangeRow[] {
    return [...this.#held.values()]
      .filter(({ seq }) => seq > since)
      .sort((one, other) => one.seq - other.seq)
      .map(({ seq, document, deleted }) => ({ seq, id: document._id, rev: document._rev, deleted }))
  }
}
