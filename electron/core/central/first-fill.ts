import type { Store, Transaction } from '../store/store.ts'

/** Records that the first fill has brought so far; `done` once it is over. */
const FILL = 'central-fill'
const DONE = 'done'

/** While the district's records come to the office for the first time. */
export class FirstFill {
  readonly #store: Store
  /** Changes behind the last page that was read; null until the server told. */
  #pending: number | null = null

  constructor(store: Store) {
    this.#store = store
  }

  get isOver(): boolean {
    return this.#store.findMark(FILL) === DONE
  }

  /** A page was applied. */
  note({ rows, pending }: { readonly rows: number; readonly pending: number }): void {
    this.#pending = pending
    if (this.isOver) return
    const next = pending === 0 ? DONE : String(this.#done + rows)
    this.#store.housekeeping((_, mark) => mark(FILL, next), 'later')
  }

  /** Records so far, and how many there will be; null where nothing is filled or nobody knows yet. */
  progress(): { readonly done: number; readonly of: number } | null {
    const [pending, done] = [this.#pending, this.#done]
    if (this.#store.findMark(FILL) === undefined || this.isOver || pending === null || done + pending === 0) return null
    return { done, of: done + pending }
  }

  get #done(): number {
    return Number(this.#store.findMark(FILL) ?? 0)
  }
}

/** Whether what comes was in the district before this office was. */
export function isFilling(tx: Pick<Transaction, 'findMark'>): boolean {
  const fill = tx.findMark(FILL)
  return fill !== undefined && fill !== DONE
}

/** The office has nothing of its district yet. */
export const beginFill = (mark: (key: string, value: string) => void): void => mark(FILL, '0')
