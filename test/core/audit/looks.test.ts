import { afterAll, beforeAll, expect, test } from 'vitest'
import { ADMIN_PIN, hire, type OpenOffice, officerNamed } from '../open-office.ts'
import { CLERK, clerkOffice, enter, record } from '../registry/clerk-office.ts'

let office: OpenOffice
let clerk: string
let registrantId: string
let other: string

interface Looks {
  readonly looks: readonly { readonly kind: string; readonly contactId: string; readonly officerId: string }[]
  readonly total: number
  readonly lists: readonly { readonly rows: number; readonly officerId: string }[]
}
const asClerk = <T>(path: string, input: object): Promise<T> => office.get<T>(path, input, CLERK)
const looks = (wanted: object = {}, window = 'auditor'): Promise<Looks> =>
  office.get<Looks>('audit.looks', { registrantId, limit: 50, ...wanted }, window)

async function person(name: string, accountNumber: string): Promise<{ id: string; account: string; phone: string }> {
  const { id } = await enter(office, 'individual', { name })
  for (const contact of [
    { kind: 'account', accountNumber, iban: '', bic: '', bankName: '' },
    { kind: 'phone', number: '+251911234567' },
  ]) {
    await asClerk('registry.setContact', { registrantId: id, contact, prefer: true })
  }
  const { view } = await record(office, id)
  return { id, account: view.accountHints[0]?.id ?? '', phone: view.phoneHints[0]?.id ?? '' }
}

let account: string
beforeAll(async () => {
  office = await clerkOffice()
  clerk = (await officerNamed(office, CLERK)).id
  await hire(office, 'auditor', ['auditor'], '716029')
  const almaz = await person('Almaz Desta', '1000200030')
  const bekele = await person('Bekele Desta', '4000500060')
  registrantId = almaz.id
  account = almaz.account
  other = bekele.id
  const reveal = (id: string, kind: string, contact: string, more: object = {}): Promise<unknown> =>
    asClerk('registry.reveal', { registrantId: id, kind, id: contact, ...more })
  await reveal(almaz.id, 'account', almaz.account, { screen: 'contacts' })
  await reveal(almaz.id, 'phone', almaz.phone, { screen: 'contacts' })
  await reveal(bekele.id, 'account', bekele.account)
  await office.get('registry.reveal', { registrantId: almaz.id, kind: 'account', id: almaz.account })
})
afterAll(() => office.close())

test('one registrant: who looked at what, when and where, newest first', async () => {
  const { looks: all, total, lists } = await looks()
  expect(total).toBe(3)
  expect(all).toMatchObject([
    { kind: 'account', contactId: account, screen: '' },
    { kind: 'phone', officerId: clerk, screen: 'contacts' },
    { kind: 'account', contactId: account, officerId: clerk, screen: 'contacts' },
  ])
  expect(lists).toEqual([])
})

test('one account, also by the filter of the trail', async () => {
  const { looks: found, total } = await looks({ contactId: account })
  expect(found.map(({ contactId }) => contactId)).toEqual([account, account])
  expect(total).toBe(2)
  const filter = { limit: 10, action: 'registrant.revealed', subjectKind: 'registrant', subjectId: registrantId }
  expect(await office.get('audit.page', { ...filter, contactId: account })).toMatchObject({ total: 2 })
  expect(await looks({ registrantId: other })).toMatchObject({ total: 1 })
})

test('lists that held full values of everybody are named', async () => {
  const list = { search: '', order: { column: 'name', direction: 'asc' }, format: 'csv' }
  for (const contacts of [true, false]) await asClerk('registry.exportBegin', { ...list, contacts })
  expect((await looks()).lists).toMatchObject([{ rows: 2, officerId: clerk }])
})

test('is for those who read the trail, and holds no value', async () => {
  expect(await office.codeOf('audit.looks', { registrantId, limit: 5 }, CLERK)).toBe('api.not-your-role')
  const { store } = office.core.getOffice()
  const details = store.sql('SELECT group_concat(detail) FROM audit').pluck().get() as string
  for (const value of ['1000200030', '911234567', ADMIN_PIN]) expect(details).not.toContain(value)
})
