import { afterEach, beforeEach, expect, test } from 'vitest'
import { ADMIN_PIN, newOffice, type OpenOffice, officerNamed } from '../open-office.ts'

let office: OpenOffice
beforeEach(async () => {
  office = (await newOffice()).office
})
afterEach(() => office.close())

/** SQLite itself says that there is no room, as it does when the disk is full: the file may not grow beyond what it is. */
function fill(): void {
  const { store } = office.core.getOffice()
  const pages = store.sql('PRAGMA page_count').pluck().get() as number
  store.sql(`PRAGMA max_page_count = ${pages}`).get()
}
const makeRoom = (): unknown => office.core.getOffice().store.sql('PRAGMA max_page_count = 1000000').get()

const hireOne = (login: string): Promise<string> =>
  office.codeOf('officers.create', {
    name: `Officer ${login} ${'x'.repeat(150)}`,
    login,
    roles: ['clerk'],
    firstPin: '730164',
    pin: ADMIN_PIN,
  })
const trail = (): number => office.core.getOffice().store.sql('SELECT count(*) FROM audit').pluck().get() as number

test('on a full disk a command says so and changes nothing; with room again the office works on', async () => {
  fill()
  let last = 'fine'
  let before = trail()
  let hired = 0
  for (; last === 'fine' && hired < 60; hired += 1) {
    before = trail()
    last = await hireOne(`clerk${hired}`)
  }
  expect(last).toBe('store.disk-full')
  const refused = `clerk${hired - 1}`
  expect(trail()).toBe(before)
  const logins = (await office.get<{ login: string }[]>('officers.list')).map(({ login }) => login)
  expect(logins).not.toContain(refused)
  expect(logins).toHaveLength(hired)
  makeRoom()
  expect(await hireOne(refused)).toBe('fine')
  expect(await officerNamed(office, refused)).toMatchObject({ state: 'active' })
  expect(await office.get('upkeep.run')).toMatchObject({ store: { state: 'fine' }, audit: { state: 'fine' } })
}, 120_000)
