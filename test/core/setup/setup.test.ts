import { afterEach, beforeEach, expect, test } from 'vitest'
import { hire, newOffice, type OpenOffice, PASSPHRASE } from '../open-office.ts'

let office: OpenOffice

beforeEach(async () => {
  office = (await newOffice()).office
})
afterEach(() => office.close())

test('an open real office is not closed by somebody who is not its administrator', async () => {
  await hire(office, 'samir', ['clerk'], '605918')
  const another = {
    officeName: 'Another',
    passphrase: PASSPHRASE,
    officer: { name: 'Thief', login: 'thief', pin: '605918' },
  }
  for (const window of ['nobody', 'samir']) {
    expect(await office.codeOf('setup.startTraining', undefined, window)).toBe('setup.office-open')
    expect(await office.codeOf('setup.create', another, window)).toBe('setup.office-open')
    expect(await office.codeOf('setup.createProvisioned', { passphrase: PASSPHRASE }, window)).toBe('setup.office-open')
    expect(await office.codeOf('setup.leaveTraining', undefined, window)).toBe('fine')
  }
  expect(await office.get('setup.status')).toMatchObject({ state: 'open', training: false })
  expect(await office.codeOf('setup.create', another)).toBe('vault.already-there')
  expect(await office.get('setup.startTraining')).toMatchObject({ state: 'open', training: true })
  expect(await office.get('setup.leaveTraining')).toMatchObject({ state: 'locked', training: false })
})

test('locking signs everybody out and asks for the passphrase', async () => {
  await hire(office, 'samir', ['clerk'], '605918')
  const stream = office.follow('changes.stream')
  expect(await office.codeOf('setup.lock', undefined, 'nobody')).toBe('api.signed-out')
  expect(await office.get('setup.lock', undefined, 'samir')).toMatchObject({ state: 'locked' })
  expect(await stream.ended).toBe('api.signed-out')
  expect(await office.codeOf('officers.list')).toBe('store.locked')
  expect(await office.codeOf('setup.unlock', { passphrase: 'something else entirely' })).toBe('vault.wrong-passphrase')
  expect(await office.get('setup.unlock', { passphrase: PASSPHRASE })).toMatchObject({ state: 'open' })
  expect(await office.codeOf('officers.list')).toBe('api.signed-out')
})

test('two windows that unlock at the same moment open one office', async () => {
  await office.get('setup.lock')
  const [one, other] = await Promise.all([
    office.ask('setup.unlock', { passphrase: PASSPHRASE }, 'one'),
    office.ask('setup.unlock', { passphrase: PASSPHRASE }, 'other'),
  ])
  expect([one.ok, other.ok]).toEqual([true, true])
})

test('an office made by hand remembers whether it is the only one that pays', async () => {
  expect(await office.get('setup.office')).toMatchObject({ soleOffice: true, provisioned: false, autoLockMinutes: 30 })
})

test('only an administrator changes the name and the lock', async () => {
  await hire(office, 'samir', ['clerk'], '605918')
  const change = { officeName: 'Northern district', autoLockMinutes: 5 }
  expect(await office.codeOf('setup.change', change, 'samir')).toBe('api.not-your-role')
  expect(await office.codeOf('setup.change', change)).toBe('fine')
  expect(await office.get('setup.office', undefined, 'samir')).toMatchObject(change)
})

test('the office checks its file and its trail, and says what it found', async () => {
  const status = await office.get('upkeep.run')
  expect(status).toMatchObject({ store: { state: 'fine', fault: null }, audit: { state: 'fine', fault: null } })
  const { store } = office.core.getOffice()
  store.housekeeping((sql) => {
    sql('DROP TRIGGER audit_no_update').run()
    sql("UPDATE audit SET officer_id = 'somebody else' WHERE position = 2").run()
  })
  expect(await office.get('upkeep.run')).toMatchObject({
    audit: { state: 'found', fault: { code: 'upkeep.audit-broken', params: { position: 2, context: 'altered' } } },
  })
  expect(await office.get('upkeep.status')).toMatchObject({ audit: { state: 'found' }, store: { state: 'fine' } })
})
