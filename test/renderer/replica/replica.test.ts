import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { apiSource, type ReplicaSource } from '../../../renderer/replica/source.ts'
import { registrantId } from '../../../shared/model/ids.ts'
import { type District, household, individual, openDistrict, phone, put } from '../../core/district.ts'
import { openWindow, type Window } from '../../core/replica/window.ts'
import { memoryMarks, Page } from './page.ts'

let district: District
let window: Window
const pages: Page[] = []
const windows: Window[] = []

beforeEach(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  await emptyBrowser()
  district = await openDistrict({ households: 4 })
  window = await openWindow(district, 'clerk')
  windows.push(window)
})

afterEach(async () => {
  for (const page of pages.splice(0)) await page.close()
  for (const one of windows.splice(0)) one.close()
  await district.close()
})

async function open(options: ConstructorParameters<typeof Page>[1] = {}, from = window): Promise<Page> {
  const page = new Page(from, options)
  pages.push(page)
  await page.keeper.open()
  return page
}

const person = (n: number) => registrantId(`P${n}`)
const stored = (n: number) => district.office.store.get('registrant', person(n))
const change = (n: number, fields: Parameters<typeof individual>[1]) =>
  put(district.office, 'registrant', individual(`P${n}`, { phoneNumbers: phone(n), ...fields }))

/** Deletes every database, also under the hands of whoever has it open. */
async function emptyBrowser(): Promise<void> {
  for (const { name = '' } of await indexedDB.databases()) {
    await new Promise((resolve) => (indexedDB.deleteDatabase(name).onsuccess = resolve))
  }
}

/** Everything the browser keeps, as text. */
async function atRest(factory = indexedDB): Promise<string> {
  const kept: unknown[] = []
  for (const { name = '' } of await factory.databases()) {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = factory.open(name)
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
    for (const table of database.objectStoreNames) {
      const request = database.transaction(table).objectStore(table).getAll()
      kept.push(await new Promise((resolve) => (request.onsuccess = () => resolve(request.result))))
    }
    database.close()
  }
  return JSON.stringify(kept)
}

/** A slow machine may take its time; what is asked about comes all the same. */
const eventually = (check: () => void | Promise<void>): Promise<void> => vi.waitFor(check, 60_000)

describe('what is in the replica', () => {
  test('whole collections come by themselves, registrants when they are held, and both stay live', async () => {
    const page = await open()
    await page.replica.settled()
    expect(await page.read('programmes', 'programme')).toMatchObject({ name: 'Household cash', currency: 'ETB' })
    expect((await page.replica.collection('officers').find().exec()).length).toBe(4)
    expect(await page.read('registrants', person(1))).toBeUndefined()
    page.replica.hold('registrants', [person(1), 'nobody'])
    await page.replica.settled('registrants')
    expect(await page.read('registrants', person(1))).toMatchObject({ name: 'Person P1', area: 'North' })
    expect(page.replica.isMissing('registrants', 'nobody')).toBe(true)
    change(1, { area: 'West' })
    put(district.office, 'programme', { ...district.office.store.get('programme', 'programme'), name: 'Cash' })
    await eventually(async () => {
      expect(await page.read('registrants', person(1))).toMatchObject({ area: 'West' })
      expect(await page.read('programmes', 'programme')).toMatchObject({ name: 'Cash' })
    })
  })

  test('more records than one page of an answer arrive whole', async () => {
    district.office.store.transaction('clerk', (tx) => {
      for (let n = 100; n < 700; n += 1) tx.put('registrant', individual(`P${n}`))
      tx.audit({ action: 'test.many', subjectKind: 'registrant', subjectId: 'many' })
    })
    const page = await open()
    page.replica.hold(
      'registrants',
      Array.from({ length: 600 }, (_, n) => person(100 + n)),
    )
    await page.replica.settled('registrants')
    expect(await page.replica.collection('registrants').count().exec()).toBe(600)
  })

  test('changes made while the line to the core was down come when it is back', async () => {
    const page = await open()
    page.replica.hold('registrants', [person(1)])
    await page.replica.settled()
    window.cut(true)
    change(1, { area: 'West' })
    put(district.office, 'programme', { ...district.office.store.get('programme', 'programme'), name: 'Cash' })
    window.cut(false)
    await eventually(async () => {
      expect(await page.read('registrants', person(1))).toMatchObject({ area: 'West' })
      expect(await page.read('programmes', 'programme')).toMatchObject({ name: 'Cash' })
    })
  })

  test('an answer that was under way when the line broke does not count as asked over the new line', async () => {
    const real = apiSource(window.api, 'page-between-lines')
    const answer = Promise.withResolvers<void>()
    const opened = vi.fn()
    const isHeld = vi.fn()
    const source: ReplicaSource = {
      ...real,
      pin: async (...asked) => {
        const documents = await real.pin(...asked)
        if (isHeld.mock.calls.length === 0) {
          isHeld()
          await answer.promise
        }
        return documents
      },
      follow: (tell) =>
        real.follow((event) => {
          if (event.opened) opened()
          tell(event)
        }),
    }
    const page = await open({ source })
    page.replica.hold('registrants', [person(1)])
    await eventually(() => expect(isHeld).toHaveBeenCalled())
    const lines = opened.mock.calls.length
    window.cut(true)
    window.cut(false)
    await eventually(() => expect(opened.mock.calls.length).toBeGreaterThan(lines))
    answer.resolve()
    await page.replica.settled()
    change(1, { area: 'West' })
    await eventually(async () => expect(await page.read('registrants', person(1))).toMatchObject({ area: 'West' }))
  })
})

describe('at rest', () => {
  test('names, days, addresses and hints are sealed, in the documents and in the bookkeeping', async () => {
    change(1, { name: 'Almaz Tessema', address: 'Market road 7', birthdate: '1984-05-06', area: 'Lakeside' })
    const page = await open()
    page.replica.hold('registrants', [person(1)])
    await page.replica.settled()
    expect(await page.read('registrants', person(1))).toMatchObject({ name: 'Almaz Tessema' })
    const kept = await atRest()
    expect(kept).toContain(person(1))
    for (const personal of ['Almaz', 'Tessema', 'Market road', '1984-05-06', 'Lakeside', '••', 'Person P']) {
      expect(kept).not.toContain(personal)
    }
  })

  test('after sign-out nothing is left', async () => {
    const page = await open()
    page.replica.hold('registrants', [person(1)])
    await page.replica.settled()
    await page.close()
    expect(await indexedDB.databases()).toEqual([])
  })

  test('what another session left is removed, not read', async () => {
    const first = await open()
    first.replica.hold('registrants', [person(1)])
    await first.replica.settled()
    // As when the machine is switched off: nothing is cleared, and the lock on the database goes with the page.
    await first.replica.close()
    vi.spyOn(navigator.locks, 'request').mockImplementation((async (
      _: string,
      __: LockOptions,
      use: (lock: Lock) => unknown,
    ) => use({} as Lock)) as never)
    const left = (await indexedDB.databases()).map(({ name }) => name)
    await window.api.session.signOut.run(undefined as never)
    await window.api.session.signIn.run({ officerId: 'clerk', pin: '482915' })
    const second = await open()
    await second.replica.settled()
    const now = (await indexedDB.databases()).map(({ name }) => name)
    expect(now.filter((name) => left.includes(name))).toEqual([])
    expect(await second.read('programmes', 'programme')).toBeDefined()
  })
})

describe('drafts', () => {
  test('an edit is seen here at once, then stands in the office store', async () => {
    const page = await open()
    page.replica.hold('registrants', [person(1)])
    await page.replica.settled()
    window.cut(true)
    await page.replica.edit('registrants', person(1), { area: ' West ' })
    expect(await page.read('registrants', person(1))).toMatchObject({ area: ' West ' })
    expect(page.draft('registrants', person(1))?.state).toBe('here')
    expect(stored(1).area).toBe('North')
    window.cut(false)
    await eventually(() => expect(page.draft('registrants', person(1))?.state).toBe('stored'))
    expect(stored(1)).toMatchObject({ area: 'West', phoneNumbers: phone(1), changedBy: 'clerk' })
    await eventually(async () => expect(await page.read('registrants', person(1))).toMatchObject({ area: 'West' }))
    expect(page.refusals).toEqual([])
  })

  test('edits of different fields on both sides are both kept', async () => {
    const page = await open()
    page.replica.hold('registrants', [person(1)])
    await page.replica.settled()
    window.cut(true)
    await page.replica.edit('registrants', person(1), { area: 'West' })
    change(1, { address: 'Market road' })
    window.cut(false)
    await eventually(() => expect(stored(1)).toMatchObject({ area: 'West', address: 'Market road' }))
    await eventually(async () =>
      expect(await page.read('registrants', person(1))).toMatchObject({ area: 'West', address: 'Market road' }),
    )
    expect(page.refusals).toEqual([])
  })

  test('an edit that is taken back before it left is done: nothing waits for an answer that nobody gives', async () => {
    change(1, { area: 'East' })
    const page = await open()
    page.replica.hold('registrants', [person(1)])
    await page.replica.settled()
    await Promise.all([
      page.replica.edit('registrants', person(1), { area: 'West' }),
      page.replica.edit('registrants', person(1), { area: 'East' }),
    ])
    await eventually(() => expect(page.draft('registrants', person(1))).toMatchObject({ state: 'stored', changes: {} }))
    expect(stored(1).area).toBe('East')
  })

  test('the same field on both sides is refused with both versions, and the replica goes back to the store', async () => {
    const page = await open()
    page.replica.hold('registrants', [person(1)])
    await page.replica.settled()
    window.cut(true)
    await page.replica.edit('registrants', person(1), { area: 'West' })
    change(1, { area: 'East' })
    window.cut(false)
    await page.until(() => page.refusals.length > 0)
    expect(page.refusals).toMatchObject([
      { fault: { code: 'store.changed-meanwhile' }, mine: { area: 'West' }, theirs: { area: 'East' } },
    ])
    await eventually(async () => expect(await page.read('registrants', person(1))).toMatchObject({ area: 'East' }))
    expect(stored(1).area).toBe('East')
    expect(page.draft('registrants', person(1))).toMatchObject({ state: 'refused', changes: {} })
  })

  test('an edit of a version that is gone is refused before it is written, and never overwrites the other one', async () => {
    const page = await open()
    page.replica.hold('registrants', [person(1)])
    await page.replica.settled()
    const seen = await page.read('registrants', person(1))
    change(1, { area: 'East', address: 'Market road' })
    await eventually(async () => expect(await page.read('registrants', person(1))).toMatchObject({ area: 'East' }))
    await page.replica.edit('registrants', person(1), { area: 'West' }, seen)
    expect(page.refusals).toMatchObject([
      { fault: { code: 'store.changed-meanwhile' }, mine: { area: 'West' }, theirs: { area: 'East' } },
    ])
    expect(await page.read('registrants', person(1))).toMatchObject({ area: 'East' })
    // Fields that nobody else touched, and the officer's own last edit, are not in the way.
    window.cut(true)
    await page.replica.edit('registrants', person(1), { birthdate: '1990-01-01' }, seen)
    await page.replica.edit('registrants', person(1), { birthdate: '1991-01-01' }, seen)
    window.cut(false)
    await eventually(() => expect(stored(1)).toMatchObject({ area: 'East', birthdate: '1991-01-01' }))
    expect(page.refusals).toHaveLength(1)
  })

  test('an edit that the office does not allow is undone here and said', async () => {
    const page = await open()
    page.replica.hold('registrants', [person(1)])
    await page.replica.settled()
    await page.replica.edit('registrants', person(1), { birthdate: '2999-01-01' })
    await page.until(() => page.refusals.length > 0)
    expect(page.refusals).toMatchObject([
      { fault: { code: 'registry.day-in-future' }, problems: [{ field: 'birthdate' }] },
    ])
    await eventually(async () => expect(await page.read('registrants', person(1))).toMatchObject({ birthdate: null }))
  })

  test('whatever else is written into the replica is undone from the store', async () => {
    const page = await open()
    const { enrolment } = household(district, 1)
    page.replica.hold('enrolments', [enrolment.id])
    await page.replica.settled()
    const document = await page.replica.collection('enrolments').findOne(enrolment.id).exec()
    await document?.incrementalPatch({ registrantId: person(2) })
    await eventually(async () =>
      expect(await page.read('enrolments', enrolment.id)).toMatchObject({ registrantId: enrolment.registrantId }),
    )
    await (await page.replica.collection('enrolments').findOne(enrolment.id).exec())?.remove()
    await eventually(async () => expect(await page.read('enrolments', enrolment.id)).toBeDefined())
    expect(page.refusals.map(({ fault }) => fault.code)).toEqual(['replica.by-command', 'replica.by-command'])
    expect(district.office.store.get('enrolment', enrolment.id)).toMatchObject(enrolment)
  })
})

describe('a database that fails', () => {
  test('is made anew when the browser loses it, with the edit that was under way', async () => {
    const page = await open()
    page.replica.hold('registrants', [person(1)])
    await page.replica.settled()
    window.cut(true)
    await page.replica.edit('registrants', person(1), { area: 'West' })
    await emptyBrowser()
    const before = page.replicas
    // Whatever touches the lost database next finds out.
    void page.read('registrants', person(1)).catch(() => undefined)
    void page.read('programmes', 'other').catch(() => undefined)
    await page.rebuilt(before)
    window.cut(false)
    await eventually(() => expect(stored(1).area).toBe('West'))
    expect(page.lost).toEqual([])
    await page.replica.settled()
    expect(await page.read('programmes', 'programme')).toBeDefined()
  })

  test('is made anew when what is kept cannot be opened, and tells of edits that are gone with it', async () => {
    const marks = memoryMarks()
    const first = await open({ marks })
    first.replica.hold('registrants', [person(1)])
    await first.replica.settled()
    window.cut(true)
    await first.replica.edit('registrants', person(1), { area: 'West' })
    // The browser is emptied while the page is closed; the small note of unpushed edits is all that is left.
    await first.replica.close()
    await emptyBrowser()
    window.cut(false)
    const second = await open({ marks })
    expect(second.lost).toEqual([1])
    await second.replica.settled()
    expect(await second.read('programmes', 'programme')).toBeDefined()
  })

  test('a full disk leads to a replica in memory that works', async () => {
    const page = await open()
    await page.replica.settled()
    const quota = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    for (const method of ['put', 'add'] as const) {
      vi.spyOn(IDBObjectStore.prototype, method).mockImplementation(quota)
    }
    change(2, { area: 'South' })
    page.replica.hold('registrants', [person(2)])
    await eventually(async () => {
      page.replica.hold('registrants', [person(2)])
      expect(await page.read('registrants', person(2))).toMatchObject({ area: 'South' })
    })
  })

  test('no database at all: the replica lives in memory', async () => {
    const page = await open({ indexedDB: undefined as never })
    page.replica.hold('registrants', [person(1)])
    await page.replica.settled()
    expect(await page.read('registrants', person(1))).toMatchObject({ name: 'Person P1' })
  })

  test('errors are told by code and name only', async () => {
    const real = apiSource(window.api, 'page-0002')
    const source: ReplicaSource = {
      ...real,
      pull: () => Promise.reject(new Error('Person P1 with all that is known of them')),
    }
    await open({ source })
    await eventually(() => expect(console.warn).toHaveBeenCalledWith('replica', expect.anything(), 'RC_PULL', 'Error'))
    expect(JSON.stringify(vi.mocked(console.warn).mock.calls)).not.toContain('Person P1')
  })
})
