import { monitorEventLoopDelay } from 'node:perf_hooks'
import { compileFilter } from '../../electron/core/registry/registrant-filter.ts'
import { wordsOf } from '../../electron/core/registry/registrant-search.ts'
import { openDatabase } from '../../electron/core/store/database.ts'
import { openReader, type Reader } from '../../electron/core/store/reader.ts'
import { against, type BenchLine, percentile } from './bench-line.ts'
import { furnishedOffice } from './furnished-office.ts'
import { searchInBrowser } from './registrants/search-in-browser.ts'

const REGISTRANTS = 200_000
const INSTANT = 16
const FILTERED = 500
const PAGE = 100
/** As typed: one, two and three letters, in the scripts of the invented people, and a registry number. */
const typed = ['a', 'ab', 'abe', 'm', 'mu', 'muk', 'ሀ', 'አበ', 'አበበ', 'ا', 'مح', 'محم', 'qu', 'qui', 'P-1', 'P-1000']
/** Every field that a filter may ask about has a column; phones, accounts and the like are no fields of filters at all. */
const filters = [
  "[('name', 'ilike', 'bekele')]",
  "['|', ('family_name', 'ilike', 'mar'), ('given_name', 'ilike', 'an')]",
  "[('name', 'not ilike', 'a')]",
  "[('name', '=ilike', 'a%')]",
  "[('is_group', '=', True)]",
  "['&', ('gender', '=', 'female'), ('birthdate', '<', '1960-01-01')]",
  "[('address', 'ilike', '77')]",
  "['|', ('tags', 'in', ['flood']), ('area', 'not ilike', 'n')]",
]

type Times = number[]

async function timed<T>(times: Times, work: () => T | Promise<T>): Promise<T> {
  const before = performance.now()
  const value = await work()
  times.push(performance.now() - before)
  return value
}

/** Lists of 200,000 registrants as the core asks them of the reading thread, beside bare SQL and RxDB on Dexie. */
export async function run(): Promise<readonly BenchLine[]> {
  const office = await furnishedOffice(REGISTRANTS)
  const reader = await openReader(office.storeFile, office.key)
  const database = openDatabase(office.storeFile, { bytes: office.key }, 'read')
  const { individuals, groups } = await reader.run('registry.counts', undefined as never)
  const total = individuals + groups
  if (total < REGISTRANTS) throw new Error(`only ${total} registrants`)

  const times = { page: [] as Times, search: [] as Times, count: [] as Times }
  const bare = { page: [] as Times, search: [] as Times, count: [] as Times }
  const orders = ['name', 'area', 'registryNumber'] as const
  const columns = {
    name: 'sort_name, birthdate, rowid',
    area: 'area, sort_name, rowid',
    registryNumber: 'registry_number, rowid',
  } as const
  for (let turn = 0; turn < 60; turn += 1) {
    const column = orders[turn % orders.length] ?? 'name'
    const offset = Math.floor(((turn * 37) % 60) * (total / 60))
    const order = { column, direction: turn % 2 === 0 ? 'asc' : 'desc' } as const
    await timed(times.page, () => reader.run('registry.page', { offset, limit: PAGE, order }))
    const by = columns[column].split(', ').map((name) => `${name} ${order.direction}`)
    await timed(bare.page, () =>
      database
        .prepare(`SELECT body FROM registrant WHERE removed = 0 ORDER BY ${by.join(', ')} LIMIT ? OFFSET ?`)
        .all(PAGE, offset),
    )
  }
  for (let turn = 0; turn < 4; turn += 1) {
    for (const text of typed) {
      await timed(times.search, () =>
        reader.run('registry.page', {
          offset: 0,
          limit: PAGE,
          order: { column: 'name', direction: 'asc' },
          search: text,
        }),
      )
      await timed(bare.search, () =>
        database
          .prepare(
            `SELECT body FROM registrant WHERE rowid IN
               (SELECT rowid FROM registrant_search WHERE registrant_search MATCH ? LIMIT ?)`,
          )
          .all(
            wordsOf(text)
              .map((word) => `"${word}"*`)
              .join(' AND '),
            PAGE,
          ),
      )
    }
    for (const kind of ['individual', 'group'] as const) {
      await timed(times.count, () => reader.run('registry.count', { kind }))
      await timed(bare.count, () =>
        database.prepare('SELECT count(*) FROM registrant WHERE removed = 0 AND kind = ?').get(kind),
      )
    }
  }
  const filtered = await filterAll(reader, office.storeFile, office.key)
  await reader.close()
  database.close()

  const p95 = (samples: Times): number => percentile(samples, 0.95)
  const rivals = await searchInBrowser(REGISTRANTS)
  const dexie = `RxDB on Dexie, ${rivals.documents} documents`
  return (['page', 'search', 'count'] as const)
    .flatMap((what) => [
      against(`registrants-${what}-p95`, p95(times[what]), 'ms', { what: 'limit', value: INSTANT }),
      against(`registrants-${what}-p95`, p95(times[what]), 'ms', { what: 'bare SQL', value: p95(bare[what]) }),
      against(`registrants-${what}-p95`, p95(times[what]), 'ms', { what: dexie, value: p95(rivals[what]) }),
    ])
    .concat([
      against('registrants-filter-slowest', Math.max(...filtered.times), 'ms', { what: 'limit', value: FILTERED }),
      against('registrants-filter-slowest', Math.max(...filtered.times), 'ms', {
        what: 'bare SQL',
        value: Math.max(...filtered.bare),
      }),
      against('registrants-filter-slowest', Math.max(...filtered.times), 'ms', {
        what: dexie,
        value: Math.max(...rivals.filter),
      }),
      against('registrants-filter-core-block', filtered.block, 'ms', { what: 'limit', value: INSTANT }),
    ])
}

/** Each filter counted, twice, on the reading thread; meanwhile the asking thread is watched. */
async function filterAll(reader: Reader, file: string, key: Uint8Array) {
  const database = openDatabase(file, { bytes: key }, 'read')
  const times: Times = []
  const bare: Times = []
  const delay = monitorEventLoopDelay({ resolution: 5 })
  let block = 0
  for (const filter of [...filters, ...filters]) {
    delay.reset()
    delay.enable()
    const count = await timed(times, () => reader.run('registry.count', { filter }))
    delay.disable()
    block = Math.max(block, delay.max / 1e6)
    const { sql, params } = compileFilter(filter)
    const same = await timed(bare, () =>
      database
        .prepare(`SELECT count(*) FROM registrant AS r WHERE r.removed = 0 AND (${sql})`)
        .pluck()
        .get(...params),
    )
    if (same !== count) throw new Error(`${filter}: ${count}, by bare SQL ${same}`)
    process.stderr.write(`  ${filter}: ${count} in ${Math.round(times.at(-1) ?? 0)} ms\n`)
  }
  database.close()
  // The first time of each is the file's, not the filter's.
  return { times: times.slice(filters.length), bare: bare.slice(filters.length), block }
}
