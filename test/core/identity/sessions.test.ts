import { afterEach, beforeEach, expect, test } from 'vitest'
import { Sessions } from '../../../electron/core/identity/sessions.ts'
import { ADMIN_PIN, newOffice, type OpenOffice } from '../open-office.ts'

let office: OpenOffice
let admin: string
let now = Date.now()
let sessions: Sessions

beforeEach(async () => {
  const made = await newOffice()
  office = made.office
  admin = made.admin
  sessions = new Sessions(office.core.getOffice().store, { now: () => now, usualAutoLock: 15 })
})
afterEach(async () => {
  sessions.close()
  await office.close()
})

test('a window that nobody touches is signed out after the set time, one that is used is not', async () => {
  await sessions.signIn('left alone', admin, ADMIN_PIN)
  await sessions.signIn('in use', admin, ADMIN_PIN)
  now += 14 * 60_000
  sessions.touch('in use')
  sessions.sweep()
  expect(sessions.find('left alone')?.id).toBe(admin)
  now += 60_000
  sessions.sweep()
  expect(sessions.find('left alone')).toBeUndefined()
  expect(sessions.find('in use')?.id).toBe(admin)
})

test('no time is too long where the office said that windows are never locked', async () => {
  await office.get('setup.change', { officeName: 'District office', autoLockMinutes: 0 })
  await sessions.signIn('window', admin, ADMIN_PIN)
  now += 24 * 3_600_000
  sessions.sweep()
  expect(sessions.find('window')?.id).toBe(admin)
})
