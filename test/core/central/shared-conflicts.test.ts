import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { acknowledgeConflict, settleConflict } from '../../../electron/core/central/merge/settle-conflict.ts'
import { eraseRegistrant } from '../../../electron/core/keeping/erase-registrant.ts'
import type { Office } from '../../../electron/core/office.ts'
import type { Draft } from '../../../electron/core/store/store.ts'
import type { ConflictPage, ConflictRow } from '../../../shared/contract/central.ts'
import { enrolmentId, registrantId } from '../../../shared/model/ids.ts'
import type { RecordKind, RecordOf } from '../../../shared/model/records.ts'
import { individual, phone, put } from '../district.ts'
import { CentralDistrict, contentOf, type MemberOffice, sync } from './central-district.ts'
import { FilesOffice } from './sneakernet/files-district.ts'

/* A conflict belongs to the district, whichever office found it. */

const PERSON = registrantId('P1')

type WithReader = Pick<Office, 'store' | 'reader'>

const list = async ({ reader }: WithReader, settled: boolean): Promise<ConflictRow[]> =>
  (await reader.run('central.conflicts', { offset: 0, limit: 50, settled })).rows
const open = (office: WithReader) => list(office, false)
const over = (office: WithReader) => list(office, true)
const pageOf = async ({ reader }: WithReader, id: string): Promise<ConflictPage> =>
  (await reader.run('central.conflict', { id })) as ConflictPage

async function onlyOpen(office: WithReader): Promise<ConflictRow> {
  const [row, ...more] = await open(office)
  if (row === undefined || more.length > 0) throw new Error(`${more.length + (row ? 1 : 0)} conflicts are open`)
  return row
}

function edit<K extends RecordKind>(
  office: Pick<Office, 'store'>,
  kind: K,
  id: string,
  change: Partial<RecordOf<K>>,
  by: string,
): void {
  const { changedAt, changedBy, ...draft } = office.store.get(kind, id)
  put(office, kind, { ...draft, ...change } as unknown as Draft<K>, by)
}

const areaOf = ({ store }: Pick<Office, 'store'>): string => store.get('registrant', PERSON).area
const settledBy = ({ store }: Pick<Office, 'store'>): unknown[] =>
  store
    .sql("SELECT officer_id FROM audit WHERE action = 'central.conflict-settled' AND subject_id = ?")
    .pluck()
    .all(PERSON)

describe('a conflict in a district with a central server', () => {
  let central: CentralDistrict
  let offices: Office[]
  let members: MemberOffice[]

  beforeEach(async () => {
    central = await CentralDistrict.open('town', 'hills', 'valley', 'river')
    members = [await central.member('town'), await central.member('hills'), await central.member('valley')]
    offices = members.map(({ office }) => office)
  })
  afterEach(() => central.close())

  const meet = async (some: readonly Office[] = offices): Promise<void> => {
    for (const office of [...some, ...some, ...some]) await sync(office)
  }

  /** Town and hills write another area while they are apart; hills comes later and finds it. */
  async function disagree(): Promise<[Office, Office, Office]> {
    const [town, hills, valley] = offices as [Office, Office, Office]
    put(town, 'registrant', individual('P1', { phoneNumbers: phone(1) }), 'clerk-town')
    await meet()
    edit(town, 'registrant', PERSON, { area: 'West' }, 'clerk-town')
    edit(hills, 'registrant', PERSON, { area: 'East' }, 'clerk-hills')
    await sync(town)
    await sync(hills)
    return [town, hills, valley]
  }

  it('stands open before every office with the same versions, and whoever decides decides for all', async () => {
    const [town, hills, valley] = await disagree()
    const found = await onlyOpen(hills)
    await members[1]?.close()
    // The office that found it is off from now on.
    for (const office of [town, valley]) {
      await sync(office)
      expect(await onlyOpen(office)).toMatchObject({ ...found, foundAt: expect.any(Number) })
    }
    const { fields } = await pageOf(town, found.id)
    expect(fields).toMatchObject([{ name: 'area', earlier: 'West', later: 'East' }])
    expect(areaOf(town)).toBe('East')

    settleConflict(town.store, 'clerk-3', found.id, 'earlier')
    await meet([town, valley])
    for (const office of [town, valley]) {
      expect(await open(office)).toEqual([])
      expect(areaOf(office)).toBe('West')
      expect(await pageOf(office, found.id)).toMatchObject({
        settled: { at: expect.any(Number) },
        decisions: [{ chosen: { area: 'earlier' } }],
      })
      expect(() => settleConflict(office.store, 'clerk-4', found.id, 'later')).toThrow('central.conflict-settled')
    }
    expect(settledBy(town)).toEqual(['clerk-3'])
    expect(contentOf(valley)).toEqual(contentOf(town))
    for (const office of [town, valley]) expect(await sync(office)).toMatchObject({ pulled: 0, pushed: 0 })
  })

  it('that two offices decide differently while they are apart stands open again, with both decisions', async () => {
    const [town, hills, valley] = await disagree()
    await meet()
    const { id } = await onlyOpen(town)
    settleConflict(town.store, 'clerk-3', id, 'earlier')
    settleConflict(hills.store, 'clerk-4', id, 'later')
    for (const office of [town, hills]) expect(await open(office)).toEqual([])
    await meet()
    for (const office of offices) {
      expect(await onlyOpen(office)).toMatchObject({ id, settled: null })
      const { decisions } = await pageOf(office, id)
      expect(decisions.map(({ chosen }) => chosen.area)).toEqual(['later', 'earlier'])
    }
    expect([settledBy(town), settledBy(hills)]).toEqual([['clerk-3'], ['clerk-4']])

    settleConflict(valley.store, 'clerk-5', id, 'later')
    await meet()
    for (const office of offices) {
      expect(await open(office)).toEqual([])
      expect(areaOf(office)).toBe('East')
      expect((await pageOf(office, id)).decisions).toHaveLength(3)
    }
  })

  it('that two offices decide alike while they are apart is over', async () => {
    const [town, hills] = await disagree()
    await meet()
    const { id } = await onlyOpen(town)
    for (const { store } of [town, hills]) settleConflict(store, 'clerk-3', id, 'earlier')
    await meet()
    for (const office of offices) {
      expect(await open(office)).toEqual([])
      expect(areaOf(office)).toBe('West')
    }
  })

  it('that a rule decided is shown in each office until somebody there has seen it', async () => {
    const [town, hills, valley] = offices as [Office, Office, Office]
    const id = enrolmentId('programme', PERSON)
    put(town, 'registrant', individual('P1'), 'clerk-town')
    put(town, 'enrolment', {
      id,
      removed: false,
      programmeId: 'programme',
      registrantId: PERSON,
      state: 'enrolled',
      reason: '',
      enrolledOn: '2026-01-01',
      endedOn: null,
      importId: '',
    })
    await meet()
    edit(town, 'enrolment', id, { state: 'paused', reason: 'moved' }, 'clerk-town')
    edit(hills, 'enrolment', id, { state: 'exited', endedOn: '2026-02-01', reason: 'died' }, 'clerk-hills')
    await meet()
    const { id: conflict } = await onlyOpen(hills)
    acknowledgeConflict(hills.store, 'clerk-hills', conflict)
    await meet()
    expect(await open(hills)).toEqual([])
    // The officer whose word did not stand has not seen it.
    for (const office of [town, valley]) expect(await onlyOpen(office)).toMatchObject({ decidedBy: 'rule' })

    // To an office that was not there then it is history.
    const { office: river } = await central.member('river')
    await sync(river)
    expect(await open(river)).toEqual([])
    expect(await over(river)).toMatchObject([{ id: conflict }])
  })

  it('keeps nothing of a person who is erased, in no office and not at the server', async () => {
    const [town, , valley] = await disagree()
    // So many that an erasure is no large share of them, about which an administrator would be asked.
    for (let n = 100; n < 130; n += 1) put(town, 'registrant', individual(`P${n}`), 'clerk-town')
    await meet()
    const { id } = await onlyOpen(town)
    settleConflict(town.store, 'clerk-3', id, 'earlier')
    await meet()
    const document = () => JSON.stringify(central.records.find(`conflict:${id}`))
    expect(document()).toContain('West')
    valley.store.transaction('administrator', (tx) => eraseRegistrant(tx, PERSON, 'request'))
    await meet()
    await meet()
    for (const office of offices) {
      expect([...(await open(office)), ...(await over(office))]).toEqual([])
      const rows = office.store.sql('SELECT base, earlier, later FROM central_conflict').all()
      expect(rows).toEqual([{ base: null, earlier: null, later: null }])
    }
    expect(document()).not.toMatch(/West|East|Person/)
    for (const office of offices) expect(await sync(office)).toMatchObject({ pulled: 0, pushed: 0, quarantined: 0 })
  })

  it('that is none, or asks for what no officer decides, is kept aside', async () => {
    const [town] = await disagree()
    await meet()
    const { id } = await onlyOpen(town)
    const { _id, _rev, ...genuine } = central.records.find(`conflict:${id}`) as Record<string, unknown>
    const forge = (name: string, change: object): void => {
      central.records.put(`conflict:${name}`, { ...genuine, ...change, id: name })
    }
    forge('forged', { later: { ...(genuine.later as object), area: 'Mine' } })
    forge('officer', { kind: 'officer', fields: ['roles'] })
    await sync(town)
    expect(await open(town)).toHaveLength(1)
    const kept = town.store.sql('SELECT document_id FROM central_quarantine ORDER BY document_id').pluck().all()
    expect(kept).toEqual(['conflict:forged', 'conflict:officer'])
  })
})

describe('a conflict in a district whose offices exchange files', () => {
  const files: FilesOffice[] = []
  afterEach(async () => {
    for (const office of files.splice(0)) await office.close()
  })

  it('is one wherever it was found, and decided once', async () => {
    files.push(await FilesOffice.open('one'), await FilesOffice.open('two'))
    const [one, two] = files as [FilesOffice, FilesOffice]
    await one.knows(two)
    await two.knows(one)
    put(one.office, 'registrant', individual('P1'), 'clerk')
    await two.read((await one.write(two)).path)
    edit(one, 'registrant', PERSON, { area: 'West' }, 'clerk')
    edit(two, 'registrant', PERSON, { area: 'East' }, 'clerk')
    const [there, back] = [await one.write(two), await two.write(one)]
    await two.read(there.path)
    await one.read(back.path)
    const found = await onlyOpen(one.office)
    expect((await onlyOpen(two.office)).id).toBe(found.id)

    settleConflict(two.store, 'clerk', found.id, 'earlier')
    const decided = await two.write(one)
    for (const path of [decided.path, back.path, decided.path]) await one.read(path)
    expect(await open(one.office)).toEqual([])
    expect(await over(one.office)).toHaveLength(1)
    expect(areaOf(one)).toBe('West')
    expect(contentOf(one)).toEqual(contentOf(two))
  })
})
