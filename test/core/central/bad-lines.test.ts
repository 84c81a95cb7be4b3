import { afterEach, beforeEach, expect, it } from 'vitest'
import { startSlowLine } from '../../../electron/peers/couchdb/slow-line.ts'
import { registrantId } from '../../../shared/model/ids.ts'
import { type District, individual, openDistrict, phone, put } from '../district.ts'
import { CentralDistrict, contentOf, sync } from './central-district.ts'

let central: CentralDistrict
let first: District

beforeEach(async () => {
  central = await CentralDistrict.open('town', 'hills')
  first = await openDistrict({ households: 2 })
})

afterEach(async () => {
  await first.close()
  await central.close()
})

const PEOPLE = 2_500

function addPeople({ office: { store } }: District): void {
  store.transaction('clerk', (tx) => {
    for (let n = 0; n < PEOPLE; n += 1) tx.put('registrant', individual(`M${n}`, { phoneNumbers: phone(n) }))
    tx.audit({ action: 'test.people', subjectKind: 'office', subjectId: 'test' })
  })
}

it('a line of 64 kbit/s with 800 ms round trips and losses brings everything', { timeout: 120_000 }, async () => {
  const line = await startSlowLine(central.peer.origin, { bitsPerSecond: 64_000, roundTrip: 800, loss: 0.02 })
  try {
    await central.join(first.office, 'town', { url: line.origin })
    await sync(first.office)
    const { office: second } = await central.office('hills')
    await central.join(second, 'hills', { url: line.origin })
    await sync(second)
    await sync(first.office)
    expect(contentOf(second)).toEqual(contentOf(first.office))
  } finally {
    await line.close()
  }
})

it('a line that is cut again and again brings everything in the end, each record once', {
  timeout: 120_000,
}, async () => {
  addPeople(first)
  const line = await startSlowLine(central.peer.origin, {})
  let cutting = true
  const cut = async (): Promise<void> => {
    for (let time = 0; cutting; time += 1) {
      await new Promise((resolve) => setTimeout(resolve, 40 + (time % 7) * 60))
      line.cut()
    }
  }
  try {
    await central.join(first.office, 'town', { url: line.origin })
    const { office: second } = await central.office('hills')
    await central.join(second, 'hills', { url: line.origin })
    const cuts = cut()
    for (let contact = 0; contact < 12; contact += 1) {
      await first.office.central.syncNow()
      await second.central.syncNow()
    }
    cutting = false
    await cuts
    // A connection that was kept may have been cut last: the contact after it is a new one.
    await first.office.central.syncNow()
    await second.central.syncNow()
    await sync(first.office)
    await sync(second)
    await sync(first.office)
    expect(contentOf(second)).toEqual(contentOf(first.office))
    expect(await sync(second)).toMatchObject({ pulled: 0, pushed: 0, refused: 0, conflicts: 0 })
  } finally {
    await line.close()
  }
})

it('the first fill shows how far it is, can be used, and goes on after it was ended', {
  timeout: 120_000,
}, async () => {
  addPeople(first)
  await central.join(first.office, 'town')
  await sync(first.office)
  const { office: second, directory, close } = await central.member('hills')
  const ended = new AbortController()
  const seen: { done: number; of: number; here: number }[] = []
  second.central.onStatus(({ firstFill }) => {
    if (firstFill === null) return
    const here = second.store.sql('SELECT count(*) FROM registrant').pluck().get() as number
    seen.push({ ...firstFill, here })
    if (firstFill.done > 500) ended.abort()
  })
  const answer = await second.central.syncNow(ended.signal)
  expect(answer.ok).toBe(false)
  const last = seen.at(-1)
  expect(last?.of).toBeGreaterThan(PEOPLE)
  expect(last?.done).toBeLessThan(PEOPLE)
  expect(last?.here).toBeGreaterThan(0)
  await close()

  const { office: again } = await central.office('hills', { directory })
  const rest = await sync(again)
  expect(rest.pulled).toBeGreaterThan(0)
  expect(rest.pulled).toBeLessThan(PEOPLE)
  await sync(first.office)
  expect(contentOf(again)).toEqual(contentOf(first.office))
  expect(again.central.status()).toMatchObject({ firstFill: null, phase: 'idle', fault: null })
})

it('what is written here is there soon, and the other office hears of it', { timeout: 60_000 }, async () => {
  await central.join(first.office, 'town', { live: true })
  const { office: second } = await central.office('hills')
  await central.join(second, 'hills', { live: true })
  const until = async (what: () => boolean): Promise<void> => {
    while (!what()) await new Promise((resolve) => setTimeout(resolve, 50))
  }
  await until(() => second.store.find('registrant', registrantId('P2')) !== undefined)
  put(first.office, 'registrant', individual('N1'))
  await until(() => second.store.find('registrant', registrantId('N1')) !== undefined)
  await until(() => first.office.central.status().outgoing?.people === 0)
  const status = first.office.central.status()
  expect(status).toMatchObject({ configured: true, fault: null, oldestUnsentAt: null })
  expect(status.lastContact).toBeGreaterThan(0)
})

it('an office that is offline knows what waits, and that is no fault of anybody', async () => {
  await central.join(first.office, 'town')
  await sync(first.office)
  await central.peer.stop()
  put(first.office, 'registrant', individual('N1'))
  const answer = await first.office.central.syncNow()
  expect(answer.ok).toBe(false)
  while (first.office.central.status().outgoing?.people !== 1) await new Promise((resolve) => setTimeout(resolve, 50))
  expect(first.office.central.status().oldestUnsentAt).toBeGreaterThan(0)
  await central.peer.start()
  expect((await sync(first.office)).pushed).toBe(1)
})
