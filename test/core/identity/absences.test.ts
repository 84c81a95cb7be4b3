import { afterEach, beforeEach, expect, test } from 'vitest'
import { ADMIN_PIN, hire, type OpenOffice, officerNamed } from '../open-office.ts'
import { DAY, LEILA, openStandInOffice, SAMIR } from './stand-in-office.ts'

/* An officer arranges their own absence; an administrator's word makes a delegation of it. */

const ABEBA = '840267'

let office: OpenOffice
let admin: string
let samir: string
let leila: string
beforeEach(async () => {
  ;({ office, admin, samir, leila } = await openStandInOffice())
})
afterEach(() => office.close())

interface Listed {
  readonly id: string
  readonly from: string
  readonly to: string
}

const arrange = (more: object = {}, window = 'leila'): Promise<string> => {
  const now = Date.now()
  const wish = { to: samir, role: 'approver', begins: now - 1_000, ends: now + DAY, pin: LEILA, ...more }
  return office.codeOf('officers.arrangeAbsence', wish, window)
}
const listed = (window = 'window'): Promise<Listed[]> => office.get('officers.absences', undefined, window)
async function answer(accepted: boolean, more: object = {}, window = 'window'): Promise<string> {
  const [open] = await listed(window)
  const { changedAt } = await officerNamed(office, 'samir')
  const word = { id: open?.id ?? 'none', basedOn: changedAt, accepted, pin: ADMIN_PIN, ...more }
  return office.codeOf('officers.answerAbsence', word, window)
}
const rolesOfSamir = async (): Promise<readonly string[]> =>
  (await office.get<{ roles: string[] }>('session.current', undefined, 'samir')).roles

test('it waits for an administrator, and becomes a delegation by their word: both stand behind the one who stands in', async () => {
  expect(await arrange()).toBe('fine')
  expect(await rolesOfSamir()).toEqual(['clerk'])
  expect(await office.get('home.summary')).toMatchObject({ waiting: [{ kind: 'absence', name: 'Officer leila' }] })
  expect(await answer(true)).toBe('fine')
  expect(await rolesOfSamir()).toEqual(['clerk', 'approver'])
  expect(await officerNamed(office, 'samir')).toMatchObject({
    trusted: true,
    sponsors: [admin, leila],
    delegations: [{ from: leila, role: 'approver', by: admin }],
  })
  expect(await listed()).toEqual([])
  const { store } = office.core.getOffice()
  const said = store.sql("SELECT officer_id, action FROM audit WHERE action LIKE 'officer.absence%' ORDER BY position")
  expect(said.all()).toMatchObject([
    { officer_id: leila, action: 'officer.absence-arranged' },
    { officer_id: admin, action: 'officer.absence-accepted' },
  ])
})

test('only for a role of their own, with their PIN, under the rules of every delegation', async () => {
  expect(await arrange({ pin: '111222' })).toBe('identity.wrong-pin')
  expect(await arrange({ role: 'clerk' })).toBe('identity.delegation-not-theirs')
  expect(await arrange({ role: 'administrator' })).toBe('api.input-invalid')
  expect(await arrange({ to: leila })).toBe('identity.delegation-to-self')
  expect(await arrange({ ends: Date.now() - 1 })).toBe('identity.delegation-time')
  expect(await arrange({ ends: Date.now() + 100 * DAY })).toBe('identity.delegation-time')
  // A role that is held for somebody else is not handed on.
  await arrange()
  await answer(true)
  const abeba = await hire(office, 'abeba', ['auditor'], ABEBA)
  expect(await arrange({ to: abeba, pin: SAMIR }, 'samir')).toBe('identity.delegation-not-theirs')
  // Who makes and checks can have only the checking done by somebody else.
  await hire(office, 'both', ['clerk', 'approver'], ABEBA)
  expect(await arrange({ to: abeba, role: 'clerk', pin: ABEBA }, 'both')).toBe('identity.delegation-both-sides')
})

test('it can be taken back by who arranged it and refused by an administrator, and gives nobody anything then', async () => {
  await arrange()
  const [open] = await listed('leila')
  expect(await listed('samir')).toEqual([])
  expect(await office.codeOf('officers.withdrawAbsence', { id: open?.id }, 'samir')).toBe('store.not-found')
  expect(await office.codeOf('officers.withdrawAbsence', { id: open?.id }, 'leila')).toBe('fine')
  expect(await answer(true)).toBe('store.not-found')
  await arrange()
  expect(await answer(false, { pin: '111222' })).toBe('identity.wrong-pin')
  expect(await answer(false)).toBe('fine')
  expect(await listed('leila')).toEqual([])
  expect(await rolesOfSamir()).toEqual(['clerk'])
})

test('an administrator who will be away themself needs another one', async () => {
  await hire(office, 'hana', ['administrator', 'approver'], ABEBA)
  expect(await arrange({ pin: ABEBA }, 'hana')).toBe('fine')
  expect(await answer(true, { pin: ABEBA }, 'hana')).toBe('identity.own-record')
  expect(await answer(true)).toBe('fine')
})

test('whoever writes one into the store without the officer’s signature is refused', async () => {
  await arrange()
  const { store } = office.core.getOffice()
  const wishes = JSON.parse(store.findMark('absence-wishes') ?? '[]') as object[]
  store.housekeeping((_, mark) =>
    mark('absence-wishes', JSON.stringify(wishes.map((wish) => ({ ...wish, ends: Date.now() + 30 * DAY })))),
  )
  expect(await answer(true)).toBe('identity.absence-not-theirs')
  expect(await rolesOfSamir()).toEqual(['clerk'])
})
