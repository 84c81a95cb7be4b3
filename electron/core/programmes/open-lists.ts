import { z } from 'zod'
import type { Store } from '../store/store.ts'
import type { Runs } from './runs.ts'

/*
 * A list is taken in slice by slice, and its process may be killed in between. So each list that is under way stands in the
 * store's marks; what stands there at the next start was cut off and is taken back whole.
 */

const OPEN = 'list-open:'
const CUT_OFF = 'list-cut-off:'

const OpenList = z.object({ officerId: z.string(), subjectId: z.string() })
/** Who takes a list in, and the programme or cycle it is for. */
export type OpenList = z.infer<typeof OpenList>

export const noteOpenList = (store: Store, importId: string, list: OpenList): void =>
  store.housekeeping((_, mark) => mark(OPEN + importId, JSON.stringify(list)))

const forget = (store: Store, key: string): void =>
  store.housekeeping((sql) => void sql('DELETE FROM meta WHERE key = ?').run(key))

/** It came to its end: taken in whole, or taken back. */
export const forgetOpenList = (store: Store, importId: string): void => forget(store, OPEN + importId)

/** Whether the latest list for a programme or cycle was cut off, and nobody has taken note of it. */
export const wasCutOff = (store: Store, subjectId: string): boolean => store.findMark(CUT_OFF + subjectId) !== undefined

export const forgetCutOff = (store: Store, subjectId: string): void => forget(store, CUT_OFF + subjectId)

/**
 * Takes back what lists left that were cut off. Their programmes and cycles count as busy until that is done.
 *
 * @param takeBack removes what an import made
 */
export function takeBackCutOffLists(
  store: Store,
  runs: Runs,
  takeBack: (officerId: string, importId: string) => Promise<unknown>,
): Promise<unknown> {
  const rows = store.sql('SELECT key, value FROM meta WHERE key >= ? AND key < ?').all(OPEN, `${OPEN}~`) as {
    key: string
    value: string
  }[]
  const lists = rows.map(({ key, value }) => ({ key, ...OpenList.parse(JSON.parse(value)) }))
  return Promise.all(
    [...Map.groupBy(lists, ({ subjectId }) => subjectId)].map(([subjectId, open]) =>
      runs.run(subjectId, 'undoing', undefined, async () => {
        for (const { key, officerId } of open) {
          await takeBack(officerId, key.slice(OPEN.length))
          store.housekeeping((sql, mark) => {
            mark(CUT_OFF + subjectId, key.slice(OPEN.length))
            sql('DELETE FROM meta WHERE key = ?').run(key)
          })
        }
      }),
    ),
  )
}
