import { afterEach, describe, expect, test, vi } from 'vitest'
import { planBatches } from '../../../electron/core/batches/plan.ts'
import { prepareCycle } from '../../../electron/core/batches/prepare.ts'
import { submitBatch } from '../../../electron/core/batches/submit.ts'
import { keepAnswers } from '../../../electron/core/mapper/answers.ts'
import { openReader } from '../../../electron/core/store/reader.ts'
import { OFFICE } from '../../../electron/core/store/store.ts'
import { identityNumberId } from '../../../shared/model/ids.ts'
import {
  DAY,
  type District,
  type DistrictOptions,
  household,
  individual,
  openDistrict,
  phone,
  put,
} from '../district.ts'
import { mapperSettings } from '../mapper/mapped-district.ts'
import { checkIn, drain, openReading, type Reading } from './reading.ts'

let district: District
let readings: ReturnType<typeof openReading>
let batchId: string
const afterwards: (() => unknown)[] = []

afterEach(async () => {
  vi.useRealTimers()
  for (const work of afterwards.splice(0).reverse()) await work()
})

/** A district of households whose payments are prepared. */
async function open(households: number, options: DistrictOptions = {}): Promise<void> {
  const opened = await openDistrict({ households, ...options })
  const reading = openReading(opened)
  afterwards.push(opened.close, reading.close)
  district = opened
  readings = reading
}
async function prepare(): Promise<void> {
  const { office, cycleId } = district
  const { batchIds } = await prepareCycle(office, { cycleId, day: DAY, officerId: 'clerk' })
  batchId = batchIds[0] as string
}
const check = (reading: Reading, day = DAY) => checkIn(reading, district, batchId, day)
const plan = ({ context }: Reading, between?: () => void) =>
  drain(planBatches(context, { cycleId: district.cycleId, day: DAY }), between)
const changePhone = (n: number): void =>
  put(district.office, 'registrant', { ...household(district, n).head, phoneNumbers: phone(900 + n) })
/** Of a household two are read: the group, and its head. */
const EACH = 2

describe('what the reading thread remembers of those it examined', () => {
  test('after preparing nobody is read again, and after a change only whom it may touch', async () => {
    await open(5)
    const reading = readings.anew()
    plan(reading)
    await prepare()
    reading.takeRegistrantsRead()
    const first = check(reading)
    expect(reading.takeRegistrantsRead()).toBe(0)
    expect(first).toEqual(check(readings.anew()))

    changePhone(3)
    const second = check(reading)
    expect(reading.takeRegistrantsRead()).toBe(EACH)
    expect(second).toEqual(check(readings.anew()))
    expect(second).not.toEqual(first)
  })

  test('what changed while the plan was worked out is examined again', async () => {
    await open(4)
    const reading = readings.anew()
    let slices = 0
    plan(reading, () => {
      slices += 1
      changePhone(slices)
    })
    expect(slices).toBeGreaterThan(1)
    await prepare()
    expect(check(reading)).toEqual(check(readings.anew()))
  })

  test('is forgotten after half an hour in which nobody asked, and under another day', async () => {
    await open(3)
    await prepare()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const reading = readings.anew()
    const found = check(reading)
    for (const minutes of [20, 20]) {
      reading.takeRegistrantsRead()
      vi.advanceTimersByTime(minutes * 60_000)
      expect(check(reading)).toEqual(found)
      expect(reading.takeRegistrantsRead()).toBe(0)
    }
    vi.advanceTimersByTime(31 * 60_000)
    expect(check(reading)).toEqual(found)
    expect(reading.takeRegistrantsRead()).toBe(3 * EACH)
    check(reading, '2026-03-16')
    expect(reading.takeRegistrantsRead()).toBe(3 * EACH)
  })

  test('does not count after thousands of changes, be they of whomever', async () => {
    await open(2)
    await prepare()
    const reading = readings.anew()
    check(reading)
    district.office.store.transaction(OFFICE, (tx) => {
      for (let n = 0; n < 5_000; n += 1) tx.put('registrant', individual(`X${n}`))
      tx.audit({ action: 'test.many', subjectKind: 'registry', subjectId: 'all' })
    })
    changePhone(1)
    reading.takeRegistrantsRead()
    expect(check(reading)).toEqual(check(readings.anew()))
    expect(reading.takeRegistrantsRead()).toBe(2 * EACH)
  })

  test('is nothing where a mapper names the accounts, since its answers have no sequence', async () => {
    const mapper = mapperSettings('http://127.0.0.1:9/resolve')
    await open(1, { manager: { payeeIdType: 'mapper', payeePrefix: '', payeeSuffix: '', mapper } })
    const { store } = district.office
    const { head } = household(district, 1)
    put(district.office, 'identityNumber', {
      id: identityNumberId(head.id, mapper.idType),
      removed: false,
      registrantId: head.id,
      type: mapper.idType,
      value: '1234567890',
      status: 'valid',
      expiresOn: null,
      importId: '',
    })
    const basis = store.get('identityNumber', identityNumberId(head.id, mapper.idType)).changedAt
    const answer = (address: string): void =>
      store.transaction(OFFICE, (tx) => {
        const mapped = { kind: 'linked', address, provider: '' } as const
        const one = { registrantId: head.id, basis, reference: 'r', mapped }
        keepAnswers(tx, { managerId: district.managerId, mapper }, [one], Date.parse(DAY))
      })
    answer('account:1@bank')
    await prepare()
    const reading = readings.anew()
    expect(check(reading).payments).toMatchObject([{ payeeAddress: 'account:1@bank' }])
    answer('account:2@bank')
    expect(check(reading).payments).toMatchObject([{ payeeAddress: 'account:2@bank' }])
  })

  test('makes no difference to what is frozen: an office that began anew in between freezes the same', async () => {
    const frozen = []
    for (const isAnew of [false, true]) {
      await open(4)
      await prepare()
      changePhone(2)
      const { store, reader } = district.office
      const other = openReader(store.file, new Uint8Array(32).fill(5))
      afterwards.push(() => other.close())
      const { submission } = await submitBatch(
        { store, reader: isAnew ? other : reader },
        { batchId, day: DAY, officerId: 'clerk', now: Date.UTC(2026, 2, 15) },
      )
      frozen.push({ lines: submission.lines, makers: submission.makers, sum: submission.sum })
    }
    expect(frozen[0]).toEqual(frozen[1])
    expect(frozen[0]?.lines.some(({ payeeAddress }) => payeeAddress.includes(phone(902)[0]?.number ?? '?'))).toBe(true)
  })
})
