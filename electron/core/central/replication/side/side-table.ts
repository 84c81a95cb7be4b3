import type { RecordKind } from '../../../../../shared/model/records.ts'
import type { Store, Transaction } from '../../../store/store.ts'

/** One that the server does not have as it stands here. */
export interface Unsent {
  readonly id: string
  /** How many steps it has gone; its receipt holds the same number. */
  readonly step: number
  /** Of the document at the server; null where there is none yet. */
  readonly rev: string | null
  readonly fields: object
  /** Who said it last; the office itself where nobody did. */
  readonly officerId: string
}

/** A record. */
export interface About {
  readonly kind: RecordKind
  readonly id: string
}

/** How one kind of what officers said beside the records lies in its table and travels. */
export interface SideTable {
  /** @param except ids that were offered already in this contact */
  readonly unsent: (sql: Store['sql'], most: number, except: readonly string[]) => Unsent[]
  /** The record that it is about; undefined where it is not here any more. */
  readonly about: (sql: Store['sql'], id: string) => About | undefined
  /** In the order of their ids, behind one of them. */
  readonly after: (sql: Store['sql'], after: string, most: number) => { readonly id: string; readonly fields: object }[]
  readonly find: (sql: Store['sql'], id: string) => object | undefined
  /**
   * How what was said stands to what is known of it.
   *
   * @returns `write` where it goes further, `refused` where something else was said
   */
  readonly decide: (known: object, came: object) => 'known' | 'write' | 'refused'
  /** @returns how many steps of it the server has; undefined when it does not fit, or says something else than is known */
  readonly take: (tx: Transaction, id: string, fields: Readonly<Record<string, unknown>>) => number | undefined
}
