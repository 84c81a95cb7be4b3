import { createRxDatabase } from 'rxdb/plugins/core'
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie'
import { inventHouseholds, toRecords } from '../../../electron/training/people/people.ts'
import type { Registrant } from '../../../shared/model/registrant.ts'

/** What the browser measured, each in milliseconds. */
export interface DexieFigures {
  /** Registrants that were on hand; fewer than asked where filling took too long. */
  readonly documents: number
  readonly page: number[]
  readonly search: number[]
  readonly count: number[]
  readonly filter: number[]
}

declare global {
  interface Window {
    searchDexie: (registrants: number) => Promise<DexieFigures>
  }
}

/** Filling ends when all are in, or after this time once half of them are: milliseconds. */
const LONGEST_FILL = 150_000
const AT_ONCE = 500

interface Row {
  readonly id: string
  readonly kind: string
  readonly sortName: string
  readonly body: Omit<Registrant, 'changedAt' | 'changedBy'>
}

const text = (maxLength: number) => ({ type: 'string', maxLength }) as const

window.searchDexie = async (registrants) => {
  const database = await createRxDatabase({
    name: 'bench-registrants',
    storage: getRxStorageDexie(),
    multiInstance: false,
  })
  const { rows } = await database.addCollections({
    rows: {
      schema: {
        version: 0,
        primaryKey: 'id',
        type: 'object',
        properties: { id: text(64), kind: text(20), sortName: text(200), body: { type: 'object' } },
        required: ['id', 'kind', 'sortName', 'body'],
        indexes: [['sortName', 'id'], ['kind']],
      },
    },
  })
  if (rows === undefined) throw new Error('no collection')
  const begun = performance.now()
  let documents = 0
  let next: Row[] = []
  for (const household of inventHouseholds({ count: registrants, seed: 5, from: 100_001 })) {
    for (const body of toRecords(household, '2026-01-05').registrants) {
      next.push({ id: body.id, kind: body.kind, sortName: body.name.toLowerCase(), body })
    }
    if (next.length < AT_ONCE) continue
    await rows.bulkInsert(next)
    documents += next.length
    next = []
    const late = performance.now() - begun > LONGEST_FILL
    if (documents >= registrants || (late && documents >= registrants / 2)) break
  }

  const figures: DexieFigures = { documents, page: [], search: [], count: [], filter: [] }
  const timed = async (times: number[], ask: () => Promise<unknown>): Promise<void> => {
    const before = performance.now()
    await ask()
    times.push(performance.now() - before)
  }
  // Pages by key, the quick way; by number of rows it would walk all of them.
  for (const from of ['a', 'b', 'd', 'g', 'k', 'm', 'n', 's', 'መ', 'م']) {
    await timed(figures.page, () =>
      rows
        .find({ selector: { sortName: { $gte: from } }, sort: [{ sortName: 'asc' }, { id: 'asc' }], limit: 100 })
        .exec(),
    )
  }
  for (const start of ['a', 'ab', 'abe', 'm', 'mu', 'muk', 'አበ', 'مح', 'qui']) {
    await timed(figures.search, () =>
      rows
        .find({
          selector: { sortName: { $gte: start, $lt: `${start}\uffff` } },
          sort: [{ sortName: 'asc' }, { id: 'asc' }],
          limit: 100,
        })
        .exec(),
    )
  }
  for (const kind of ['individual', 'group']) {
    await timed(figures.count, () => rows.count({ selector: { kind: { $eq: kind } } }).exec())
  }
  await timed(figures.filter, () =>
    rows.find({ selector: { sortName: { $regex: 'bekele' } }, sort: [{ sortName: 'asc' }, { id: 'asc' }] }).exec(),
  )
  await database.close()
  return figures
}
