import { afterEach, describe, expect, it } from 'vitest'
import { exportFolder } from '../../../../electron/core/central/sneakernet/export-folder.ts'
import { registrantId } from '../../../../shared/model/ids.ts'
import { individual, PIN, put } from '../../district.ts'
import { contentOf } from '../central-district.ts'
import { FilesOffice } from './files-district.ts'

const open: FilesOffice[] = []
afterEach(async () => {
  for (const office of open.splice(0)) await office.close()
})

async function offices(...names: readonly string[]): Promise<FilesOffice[]> {
  for (const name of names) open.push(await FilesOffice.open(name))
  for (const office of open) await office.knows(...open.filter((other) => other !== office))
  return [...open]
}

const nameOf = (office: FilesOffice, number: string) => office.store.find('registrant', registrantId(number))?.name

function edit(
  office: FilesOffice,
  number: string,
  change: { name?: string; address?: string; removed?: boolean },
): void {
  const { changedAt, changedBy, ...draft } = office.store.get('registrant', registrantId(number))
  put(office.office, 'registrant', { ...draft, ...change }, 'clerk')
}

describe('two offices that only exchange files', () => {
  it('end with the same records, and the second file is short', async () => {
    const [one, two] = (await offices('one', 'two')) as [FilesOffice, FilesOffice]
    for (let n = 1; n <= 30; n += 1) put(one.office, 'registrant', individual(`A${n}`))
    for (let n = 1; n <= 20; n += 1) put(two.office, 'registrant', individual(`B${n}`))
    const there = await two.read((await one.write(two)).path)
    expect(there).toMatchObject({ adopted: 31, conflicts: 0, quarantined: 0, stopped: null })
    await one.read((await two.write(one)).path)
    expect(contentOf(two)).toEqual(contentOf(one))

    edit(one, 'A1', { name: 'Almaz' })
    const short = await one.write(two)
    expect(short.records).toBeLessThan(25)
    await two.read(short.path)
    expect(nameOf(two, 'A1')).toBe('Almaz')
  })

  it('keep both edits of one record where the fields differ', async () => {
    const [one, two] = (await offices('one', 'two')) as [FilesOffice, FilesOffice]
    put(one.office, 'registrant', individual('A1'))
    await two.read((await one.write(two)).path)
    edit(one, 'A1', { name: 'Almaz' })
    edit(two, 'A1', { address: 'By the river' })
    const [there, back] = [await one.write(two), await two.write(one)]
    expect(await two.read(there.path)).toMatchObject({ merged: 1, conflicts: 0 })
    expect(await one.read(back.path)).toMatchObject({ merged: 1, conflicts: 0 })
    for (const { store } of [one, two]) {
      expect(store.get('registrant', registrantId('A1'))).toMatchObject({ name: 'Almaz', address: 'By the river' })
    }
    expect(contentOf(two)).toEqual(contentOf(one))
  })

  it('tell each other what officers said about payments, once and with its confirmation', async () => {
    const [one, two] = (await offices('one', 'two')) as [FilesOffice, FilesOffice]
    say(one, "INSERT INTO evidence VALUES ('e1', 'p', 'paid', 100, 'S1', '', 'clerk', ?, NULL, NULL)", MOMENT)
    say(one, "INSERT INTO resend_approval VALUES ('b', '2', 1, 'approver-one', ?)", MOMENT)
    const first = await one.write(two)
    await two.read(first.path)
    expect(said(two)).toEqual(said(one))
    expect(two.store.sql('SELECT count(*) FROM central_receipt').pluck().get()).toBe(0)

    say(two, "UPDATE evidence SET confirmed_by = 'approver-two', confirmed_at = ? WHERE id = 'e1'", MOMENT)
    await one.read((await two.write(one)).path)
    expect(said(one)).toMatchObject({ evidence: [{ confirmed_by: 'approver-two' }] })
    // An old file takes the confirmation back nowhere, and adds nothing.
    await two.read((await one.write(two, true)).path)
    await two.read(first.path)
    expect(said(two)).toEqual(said(one))
    const pulled = two.store.sql("SELECT count(*) FROM audit WHERE action = 'central.pulled'").pluck().get()
    expect(pulled).toBe(1)
  })
})

describe('an office that is closed', () => {
  it('writes a file from the command line, which the other one takes', async () => {
    const [one, two] = (await offices('one', 'two')) as [FilesOffice, FilesOffice]
    put(one.office, 'registrant', individual('A1'))
    await one.shut()
    const path = one.newPath()
    const done = await exportFolder({
      dataDirectory: one.directory,
      directory: one.directory,
      passphrase: undefined,
      to: 'two',
      login: 'APPROVER-one',
      pin: PIN,
      path,
      whole: false,
      onProgress: () => undefined,
    })
    expect(done.records).toBeGreaterThan(0)
    expect(await two.read(path)).toMatchObject({ stopped: null, quarantined: 0 })
    expect(nameOf(two, 'A1')).toBeDefined()
    await one.reopen()
    expect(nameOf(one, 'A1')).toBeDefined()
  })
})

const MOMENT = '0mwredsio-0000-a0a0dd7fe6'

const say = ({ store }: FilesOffice, text: string, ...values: unknown[]): void =>
  store.transaction('clerk', (tx) => {
    tx.sql(text).run(...values)
    tx.audit({ action: 'test.said', subjectKind: 'payment', subjectId: 'p' })
  })

const said = ({ store }: FilesOffice) => ({
  evidence: store.sql('SELECT * FROM evidence ORDER BY id').all(),
  leave: store.sql('SELECT * FROM resend_approval ORDER BY batch_id, part, posts').all(),
})
