import { afterEach, beforeEach, expect, test } from 'vitest'
import { newId } from '../../../shared/model/ids.ts'
import { ADMIN_PIN, hire, newOffice, type OpenOffice, officerNamed, PASSPHRASE } from '../open-office.ts'

/* What is to be done about a laptop that is gone, and how far that is. */

let office: OpenOffice
beforeEach(async () => {
  ;({ office } = await newOffice())
  await hire(office, 'samir', ['clerk'], '605918')
})
afterEach(() => office.close())

interface Step {
  readonly step: string
  readonly kind: string
  readonly name: string
  readonly done: boolean
  readonly byHand: boolean
}
interface Laptop {
  readonly id: string
  readonly name: string
  readonly steps: readonly Step[]
}

const laptops = async (): Promise<readonly Laptop[]> => (await office.get<{ laptops: Laptop[] }>('lost.list')).laptops
const stepsOf = async (id: string): Promise<readonly Step[]> =>
  (await laptops()).find((one) => one.id === id)?.steps ?? []
const report = (id: string, more: object = {}, window = 'window'): Promise<string> =>
  office.codeOf('lost.report', { id, name: 'Hills', reason: 'stolen from the car', pin: ADMIN_PIN, ...more }, window)
const isDone = async (id: string, named: string): Promise<boolean | undefined> =>
  (await stepsOf(id)).find(({ step, name }) => step === named || name === named)?.done

test('the former laptop of this office: keys that are replaced show, the rest is ticked', async () => {
  expect(await report('own')).toBe('fine')
  const steps = await stepsOf('own')
  expect(steps.map(({ kind }) => kind)).toEqual(['confirm', 'look-up', 'data-key', 'officer', 'officer', 'police'])
  // Nothing is in doubt and nothing open here.
  expect(steps.filter(({ done }) => done).map(({ kind }) => kind)).toEqual(['confirm', 'look-up'])

  const samir = await officerNamed(office, 'samir')
  const edit = { id: samir.id, basedOn: samir.changedAt, firstPin: '730164', pin: ADMIN_PIN }
  await office.get('officers.resetPin', edit)
  expect(await isDone('own', 'Officer samir')).toBe(true)
  expect(await isDone('own', 'Almaz Bekele')).toBe(false)

  const own = (await stepsOf('own')).find(({ name }) => name === 'Almaz Bekele')?.step
  for (const done of [true, false, true]) {
    expect(await office.codeOf('lost.tick', { id: 'own', step: own, done })).toBe('fine')
    expect(await isDone('own', 'Almaz Bekele')).toBe(done)
  }
  // What the records show is no matter of ticks.
  await office.get('lost.tick', { id: 'own', step: 'data-key', done: true })
  expect(await isDone('own', 'data-key')).toBe(false)
  const { text } = await office.get<{ text: string }>('keys.prepareReplacement', { pin: ADMIN_PIN })
  await office.get('keys.replace', { pin: ADMIN_PIN, recoveryKey: text, passphrase: PASSPHRASE })
  const { officers } = await office.get<{ officers: { id: string; login: string }[] }>('setup.status')
  const admin = officers.find(({ login }) => login === 'almaz')?.id
  await office.get('session.signIn', { officerId: admin, pin: ADMIN_PIN })
  expect(await isDone('own', 'data-key')).toBe(true)
})

test('another office’s laptop: the report stands where the central server is not there, and can be finished later', async () => {
  const id = newId()
  expect(await report(id)).not.toBe('fine')
  expect(await laptops()).toMatchObject([{ id, name: 'Hills' }])
  expect((await stepsOf(id)).map(({ kind, done }) => [kind, done])).toEqual([
    ['revoke', false],
    ['claims', true],
    ['officer', false],
    ['officer', false],
    ['police', false],
  ])
  await office.get('lost.tick', { id, step: 'revoke', done: true })
  expect(await isDone(id, 'revoke')).toBe(false)
  expect(await report(id)).not.toBe('fine')
  expect(await laptops()).toHaveLength(1)
})

test('only an administrator reports, with the PIN; everybody sees how far it is; nothing is ticked about a laptop that is not lost', async () => {
  expect(await report('own', { pin: '605918' }, 'samir')).toBe('api.not-your-role')
  expect(await report('own', { pin: '111222' })).toBe('identity.wrong-pin')
  expect(await report('own', { reason: '' })).toBe('api.input-invalid')
  expect(await office.codeOf('lost.tick', { id: 'own', step: 'police', done: true })).toBe('moving.not-lost')
  await report('own')
  expect(await office.get('lost.list', undefined, 'samir')).toMatchObject({ central: false, laptops: [{ id: 'own' }] })
  const { rows } = await office.get<{ rows: { action: string }[] }>('audit.page', { limit: 20 })
  expect(rows.map(({ action }) => action)).toContain('office.laptop-lost')
})
