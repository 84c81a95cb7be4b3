import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Draft } from '../../../../electron/core/store/store.ts'
import { addOfficer, phone, put } from '../../district.ts'
import type { TestOffice } from './offices.ts'
import { ADDRESS, BATCH, decide, openPayments, type PaymentsScene, submit } from './payments-scene.ts'

let scene: PaymentsScene
let one: TestOffice
let other: TestOffice

beforeEach(async () => {
  scene = await openPayments()
  ;({ one, other } = scene)
})
afterEach(() => scene.district.close())

const stateOf = ({ store }: TestOffice) => store.get('batch', BATCH).state
const conflictsOf = ({ store }: TestOffice) =>
  store.sql('SELECT kind, standing, decided_by AS decidedBy FROM central_conflict').all()
const asideOf = ({ store }: TestOffice) =>
  store.sql('SELECT document_id AS id, arriving, code FROM central_quarantine').all()

function change<K extends 'payment' | 'registrant' | 'batch'>(
  office: TestOffice,
  kind: K,
  id: string,
  fields: Partial<Draft<K>>,
  officerId = 'clerk',
): void {
  const { changedAt, changedBy, ...draft } = office.store.get(kind, id)
  put(office, kind, { ...draft, ...fields } as unknown as Draft<K>, officerId)
}

describe('a batch', () => {
  test('stands at every office as its records say', async () => {
    const submission = submit(one)
    await scene.district.meet()
    expect(stateOf(other)).toBe('submitted')
    await decide(other, submission, 'approve')
    await scene.district.meet()
    expect(scene.district.everywhere('batch', BATCH)).toMatchObject([
      { state: 'approved', count: 1, sum: 125_000, submissionNumber: 1 },
      { state: 'approved', count: 1, sum: 125_000, submissionNumber: 1 },
    ])
  })

  test('has the same count everywhere, whichever came first: what took a payment out of it, or what opened it again', async () => {
    const submission = submit(one)
    await scene.district.meet()
    // Another batch has the payment by now, and here the batch is opened again after that was known.
    change(one, 'payment', scene.paymentId, { batchId: 'another' })
    await decide(one, submission, 'return')
    await scene.district.meet()
    expect(scene.district.everywhere('batch', BATCH)).toMatchObject([
      { state: 'returned', count: 0, sum: 0 },
      { state: 'returned', count: 0, sum: 0 },
    ])
  })

  test('that two offices submitted is the later one’s, and a word on the earlier one does not count', async () => {
    const earlier = submit(one, 500)
    await decide(one, earlier, 'approve')
    scene.district.later()
    const later = submit(other, 400)
    await scene.district.meet()
    for (const office of [one, other]) {
      expect(office.store.get('batch', BATCH)).toMatchObject({
        state: 'submitted',
        submissionNumber: 1,
        attention: 'batch.approval-overtaken',
      })
    }
    await decide(one, later, 'approve')
    await scene.district.meet()
    for (const office of [one, other]) {
      expect(office.store.get('batch', BATCH)).toMatchObject({ state: 'approved', attention: '' })
    }
  })

  test('that one office approved and another returned is returned, and officers are told', async () => {
    const submission = submit(one)
    await addOfficer(other, 'approver-2', ['approver'])
    await scene.district.meet()
    await decide(one, submission, 'approve')
    await decide(other, submission, 'return', 'approver-2')
    await scene.district.meet()
    expect([stateOf(one), stateOf(other)]).toEqual(['returned', 'returned'])
    expect([...conflictsOf(one), ...conflictsOf(other)]).toEqual([
      { kind: 'decision', standing: 'later', decidedBy: 'rule' },
    ])
  })

  test('that is held here and changed there stays held', async () => {
    change(one, 'batch', BATCH, { held: true, heldReason: 'Wait' })
    change(other, 'batch', BATCH, { makers: ['clerk', 'clerk-2'] })
    await scene.district.meet()
    for (const batch of scene.district.everywhere('batch', BATCH)) {
      expect(batch).toMatchObject({ held: true, heldReason: 'Wait', makers: ['clerk', 'clerk-2'] })
    }
  })
})

describe('what cannot be trusted', () => {
  test('a decision waits for its submission and its officer, and counts once they are here', async () => {
    const submission = submit(one)
    await addOfficer(one, 'approver-2', ['approver'])
    const id = await decide(one, submission, 'approve', 'approver-2')
    scene.district.push(one)
    const page = scene.district.page()
    await scene.district.pull(
      other,
      page.filter(({ kind }) => kind === 'decision'),
    )
    expect(asideOf(other)).toEqual([{ id: `decision:${id}`, arriving: 1, code: 'central.still-arriving' }])
    await scene.district.pull(
      other,
      page.filter(({ kind }) => kind !== 'decision'),
    )
    expect(asideOf(other)).toEqual([])
    expect(stateOf(other)).toBe('approved')
  })

  test('a decision that somebody else wrote does not count', async () => {
    const submission = submit(one)
    await decide(one, submission, 'approve')
    scene.district.push(one)
    const [real] = scene.district.page((kind) => kind === 'decision')
    const forged = { ...(real?.record as object), id: 'forged', verdict: 'return', reason: 'Stop' }
    scene.district.put('decision', 'forged', forged)
    await scene.district.meet()
    expect(stateOf(other)).toBe('approved')
    expect(asideOf(other)).toEqual([{ id: 'decision:forged', arriving: 0, code: 'central.decision-invalid' }])
  })

  test('an officer who made themselves an administrator is not believed', async () => {
    const [clerk] = scene.district.page((kind, id) => kind === 'officer' && id === 'clerk')
    scene.district.put('officer', 'clerk', { ...(clerk?.record as object), roles: ['clerk', 'administrator'] })
    await scene.district.pull(other)
    expect(other.store.get('officer', 'clerk').roles).toEqual(['clerk'])
    expect(asideOf(other)).toEqual([{ id: 'officer:clerk', arriving: 0, code: 'central.officer-untrusted' }])
  })

  test('a manager with another address is not used', async () => {
    const [manager] = scene.district.page((kind) => kind === 'paymentManager')
    const turned = { ...(manager?.record as object), paymentEndpointUrl: 'https://elsewhere.example.org/' }
    scene.district.put('paymentManager', 'manager', turned)
    await scene.district.pull(other)
    expect(other.store.get('paymentManager', 'manager').paymentEndpointUrl).toBe('http://127.0.0.1:9/disburse')
    expect(asideOf(other)).toMatchObject([{ code: 'central.manager-untrusted' }])
  })

  test('a submission that was written anew is refused, and so is one whose lines do not fit', async () => {
    const submission = submit(one)
    await scene.district.meet()
    scene.district.put('submission', submission.id, { ...submission, sum: 1 })
    scene.district.put('submission', 'short', { ...submission, id: 'short', sum: 1 })
    await scene.district.pull(other)
    expect(other.store.get('submission', submission.id)).toEqual(submission)
    expect(other.store.find('submission', 'short')).toBeUndefined()
    expect(asideOf(other)).toHaveLength(2)
  })
})

describe('a payment', () => {
  test('that is paid stays paid, whatever the server is told', async () => {
    change(one, 'payment', scene.paymentId, { state: 'paid', amountPaid: 125_000 })
    await scene.district.meet()
    const [paid] = scene.district.page((kind) => kind === 'payment')
    scene.district.put('payment', scene.paymentId, { ...(paid?.record as object), state: 'prepared' })
    await scene.district.meet()
    for (const payment of scene.district.everywhere('payment', scene.paymentId)) {
      expect(payment).toMatchObject({ state: 'paid', amountPaid: 125_000 })
    }
  })

  test('that came under another id than its own is refused', async () => {
    const [payment] = scene.district.page((kind) => kind === 'payment')
    scene.district.put('payment', 'twin', { ...(payment?.record as object), id: 'twin' })
    await scene.district.pull(other)
    expect(other.store.find('payment', 'twin')).toBeUndefined()
    expect(asideOf(other)).toMatchObject([{ id: 'payment:twin', code: 'central.record-invalid' }])
  })
})

describe('an account that changes while its payment is under way', () => {
  test('holds the payment for a second look, and the batch says so', async () => {
    submit(one)
    await scene.district.meet()
    change(other, 'registrant', scene.headId, { phoneNumbers: phone(8) })
    await scene.district.meet()
    for (const { store } of [one, other]) expect(store.get('payment', scene.paymentId).payeeAddress).toBe(ADDRESS)
    expect(one.store.get('payment', scene.paymentId)).toMatchObject({ held: true, reasonCode: 'central.payee-changed' })
    expect(one.store.get('batch', BATCH).attention).toBe('central.payee-changed')
  })

  test('does not hold what is not frozen yet, nor for a change that pays the same account', async () => {
    change(other, 'registrant', scene.headId, { phoneNumbers: phone(8) })
    await scene.district.meet()
    expect(one.store.get('payment', scene.paymentId).held).toBe(false)
    change(one, 'registrant', scene.headId, { phoneNumbers: phone(1) })
    await scene.district.meet()
    submit(one)
    await scene.district.meet()
    const [first] = phone(1)
    if (first === undefined) throw new Error('no phone')
    change(other, 'registrant', scene.headId, {
      phoneNumbers: [first, { ...first, id: 'second', number: '+251911999999', preferred: false }],
    })
    await scene.district.meet()
    expect(one.store.get('payment', scene.paymentId).held).toBe(false)
  })

  test('notes it once where the payment has left, at the office that sends it', async () => {
    const submission = submit(one)
    put(one, 'claim', {
      id: 'claim',
      batchId: BATCH,
      submissionId: submission.id,
      installationId: one.store.installationId,
      epoch: 1,
      generation: 1,
    })
    change(one, 'payment', scene.paymentId, { state: 'sent' })
    await scene.district.meet()
    change(other, 'registrant', scene.headId, { phoneNumbers: phone(8) })
    await scene.district.meet()
    for (const { store } of [one, other]) {
      expect(store.get('payment', scene.paymentId)).toMatchObject({ state: 'sent', held: false })
      expect(store.sql("SELECT body ->> '$.code' FROM observation").pluck().all()).toEqual(['central.payee-changed'])
    }
  })
})
