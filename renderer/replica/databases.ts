/*
 * The databases of the replica in the browser. Each is named after the key that seals it, the page's place among the pages
 * of its session, and how often it was made anew. A page holds a lock on its place as long as it lives, so a database that
 * nobody holds is left over: its key is gone, or its page.
 */

const PREFIX = 'office-replica'
const NAME = /office-replica_([0-9a-f-]+)_(\d+)_(\d+)(?=--|$)/
const MARK = 'field-office.replica.unpushed'
const PLACES = 20
const DELETING_TIME = 3_000

/** What a page needs of its browser; what is absent is done without. */
export interface Browser {
  readonly indexedDB: IDBFactory | undefined
  readonly locks: LockManager | undefined
  readonly marks: Storage | undefined
}

interface Found {
  /** Of the browser's own database; one collection each. */
  readonly full: string
  readonly name: string
  readonly key: string
  readonly place: number
  readonly generation: number
}

export const databaseName = (key: string, place: number, generation: number): string =>
  `${PREFIX}_${key}_${place}_${generation}`

/** The databases of every replica in this browser. @throws what the browser throws when it cannot say */
export async function findDatabases({ indexedDB }: Browser): Promise<Found[]> {
  const all = (await indexedDB?.databases()) ?? []
  return all.flatMap(({ name: full = '' }) => {
    const match = NAME.exec(full)
    if (match === null) return []
    const [name, key = '', place, generation] = match
    return [{ full, name, key, place: Number(place), generation: Number(generation) }]
  })
}

/** Takes the first free place of this session and keeps it until released. */
export async function takePlace({ locks }: Browser, key: string): Promise<{ place: number; release: () => void }> {
  if (locks === undefined) return { place: 0, release: () => undefined }
  for (let place = 0; place < PLACES; place += 1) {
    const release = await tryLock(locks, lockName(key, place))
    if (release !== undefined) return { place, release }
  }
  throw new Error('too many pages are open')
}

const lockName = (key: string, place: number): string => `${PREFIX}_${key}_${place}`

/** @returns how to release the lock; undefined when somebody else has it */
function tryLock(locks: LockManager, name: string): Promise<(() => void) | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<(() => void) | undefined>()
  locks
    .request(name, { ifAvailable: true }, (lock) => {
      if (lock === null) return resolve(undefined)
      return new Promise<void>((release) => resolve(release))
    })
    .catch(reject)
  return promise
}

/**
 * Removes what no living page holds, except this page's own place.
 *
 * @returns how many documents with unpushed edits went with it
 */
export async function removeLeftovers(browser: Browser, key: string, place: number): Promise<number> {
  const places = new Map<string, Found[]>()
  for (const found of await findDatabases(browser)) {
    if (found.key === key && found.place === place) continue
    const owner = lockName(found.key, found.place)
    places.set(owner, [...(places.get(owner) ?? []), found])
  }
  let lost = 0
  for (const [owner, databases] of places) {
    const release = browser.locks === undefined ? () => undefined : await tryLock(browser.locks, owner)
    if (release === undefined) continue
    for (const name of new Set(databases.map((database) => database.name))) lost += unpushedOf(browser, name)
    await removeDatabases(browser, databases)
    release()
  }
  return lost
}

/** @returns whether all of them are gone; one that something else keeps open is not */
export async function removeDatabases(
  browser: Browser,
  databases: readonly Pick<Found, 'full' | 'name'>[],
): Promise<boolean> {
  const outcomes = await Promise.all(databases.map(({ full }) => removeDatabase(browser, full)))
  for (const { name } of databases) markUnpushed(browser, name, 0)
  return outcomes.every(Boolean)
}

function removeDatabase({ indexedDB }: Browser, full: string): Promise<boolean> {
  if (indexedDB === undefined) return Promise.resolve(true)
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const request = indexedDB.deleteDatabase(full)
  request.onsuccess = () => resolve(true)
  request.onerror = () => resolve(false)
  setTimeout(() => resolve(false), DELETING_TIME)
  return promise
}

/** Notes outside of the database how many of its documents have edits that the store has not answered. */
export function markUnpushed({ marks }: Browser, name: string, count: number): void {
  const { [name]: _, ...others } = readMarks(marks)
  writeMarks(marks, count === 0 ? others : { ...others, [name]: count })
}

export const unpushedOf = ({ marks }: Browser, name: string): number => readMarks(marks)[name] ?? 0

/** Marks of databases that are not there any more: somebody emptied the browser. @returns their sum */
export function takeMarksWithout({ marks }: Browser, names: ReadonlySet<string>): number {
  const entries = Object.entries(readMarks(marks))
  const gone = entries.filter(([name]) => !names.has(name))
  if (gone.length > 0) writeMarks(marks, Object.fromEntries(entries.filter(([name]) => names.has(name))))
  return gone.reduce((sum, [, count]) => sum + count, 0)
}

function readMarks(marks: Storage | undefined): Record<string, number> {
  try {
    return JSON.parse(marks?.getItem(MARK) ?? '{}') as Record<string, number>
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof DOMException) return {}
    throw error
  }
}

function writeMarks(marks: Storage | undefined, value: Record<string, number>): void {
  try {
    if (Object.keys(value).length === 0) marks?.removeItem(MARK)
    else marks?.setItem(MARK, JSON.stringify(value))
  } catch (error) {
    // A full or closed storage: the mark only helps to tell of a loss that is rare without it.
    if (!(error instanceof DOMException)) throw error
  }
}
