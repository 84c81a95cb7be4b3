import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { collections } from '../../../electron/core/store/collections.ts'
import { type Draft, Store, type Transaction } from '../../../electron/core/store/store.ts'
import { PaymentState } from '../../../shared/model/payment.ts'
import { codeOf } from '../code-of.ts'
import { paymentDraft } from '../payment-draft.ts'

/* Payments are changed field by field, one or many at a time, and never over what somebody else wrote meanwhile. */

let directory: string
let store: Store
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'field-office-store-'))
  store = new Store({ file: join(directory, 'office.db'), key: { bytes: new Uint8Array(32).fill(7) } })
})
afterEach(() => {
  store.close()
  rmSync(directory, { recursive: true, force: true })
})

const payment = paymentDraft({ id: 'one' })
const write = <T>(work: (tx: Transaction) => T): T =>
  store.transaction('officer-1', (tx) => {
    tx.audit({ action: 'test.wrote', subjectKind: 'payment', subjectId: 'one' })
    return work(tx)
  })

test('leaves the same record and the same facts as writing it whole', () => {
  const states = fc.record(
    {
      state: fc.constantFrom(...PaymentState.options),
      batchId: fc.constantFrom('', 'b', 'other'),
      payeeAddress: fc.constantFrom('', 'PHONE:+251911000001', 'iban:\u00e9t@BANK'),
      held: fc.boolean(),
      amountPaid: fc.option(fc.nat(1_000)),
      reasonCode: fc.string({ maxLength: 80 }),
      reasonParams: fc.dictionary(fc.constantFrom('a', 'b'), fc.nat()),
    },
    { requiredKeys: [] },
  )
  const facts = (id: string) =>
    store.sql(`SELECT ${Object.keys(collections.payment.columns)} FROM payment WHERE id = ?`).get(id)
  let count = 0
  fc.assert(
    fc.property(fc.array(states, { minLength: 1, maxLength: 4 }), (steps) => {
      count += 1
      const [changed, whole] = [`changed ${count}`, `whole ${count}`]
      const start = { ...payment, attempt: count }
      write((tx) => {
        tx.put('payment', { ...start, id: changed })
        tx.put('payment', { ...start, id: whole, entitlementId: 'other' })
      })
      for (const step of steps) {
        write((tx) => {
          tx.change('payment', tx.get('payment', changed), step)
          tx.put('payment', { ...tx.get('payment', whole), ...step })
        })
      }
      const expected = { ...store.get('payment', whole), id: changed, entitlementId: payment.entitlementId }
      expect(store.get('payment', changed)).toEqual(expected)
      expect(facts(changed)).toEqual({ ...(facts(whole) as object), entitlement_id: payment.entitlementId })
    }),
    { numRuns: 60 },
  )
})

test('of many records leaves what changing each of them would', () => {
  const changes: fc.Arbitrary<Partial<Draft<'payment'>>> = fc.record(
    {
      state: fc.constantFrom(...PaymentState.options),
      stateAt: fc.constant('000000000-0001-a'),
      payeeAddress: fc.constantFrom('', 'PHONE:+251911000001', 'iban:\u00e9t@BANK'),
      held: fc.boolean(),
      amountPaid: fc.option(fc.nat(1_000)),
      reasonCode: fc.string({ maxLength: 80 }),
      reasonText: fc.string({ maxLength: 80, unit: 'binary' }),
      reasonParams: fc.dictionary(fc.constantFrom('a', 'b'), fc.nat()),
      erasedAt: fc.constant('000000000-0002-a'),
    },
    { requiredKeys: [] },
  )
  const rows = (kind: string): unknown[] =>
    store
      .sql(`SELECT ${Object.keys(collections.payment.columns)}, replace(body, '${kind} ', '') AS body
        FROM payment WHERE id LIKE '${kind} %' ORDER BY rowid`)
      .all()
      .map((row) => ({ ...(row as object), entitlement_id: '' }))
  let count = 0
  fc.assert(
    fc.property(fc.array(changes, { minLength: 2, maxLength: 4 }), changes, (befores, change) => {
      count += 1
      const names = befores.map((_, index) => `${count}.${index}`)
      // Not written together, so not of one moment.
      for (const [index, before] of befores.entries()) {
        write((tx) => {
          for (const kind of ['each', 'all']) {
            const id = `${kind} ${names[index]}`
            tx.put('payment', { ...payment, ...before, id, entitlementId: id })
          }
        })
      }
      write((tx) => {
        for (const name of names) tx.change('payment', tx.get('payment', `each ${name}`), change)
        tx.changeAll(
          'payment',
          names.map((name) => tx.get('payment', `all ${name}`)),
          change,
        )
      })
      expect(rows('all')).toEqual(rows('each'))
    }),
    { numRuns: 60 },
  )
})

test('of many records is refused whole when one is stored otherwise by now, or the change does not fit', () => {
  const old = ['one', 'two'].map((id) => write((tx) => tx.put('payment', { ...payment, id, entitlementId: id })))
  const unfit = () => write((tx) => tx.changeAll('payment', old, { amountPaid: -1 }))
  expect(codeOf(unfit)).toBe('store.invalid-record')
  const two = write((tx) => tx.change('payment', store.get('payment', 'two'), { state: 'queued' }))
  const late = () => write((tx) => tx.changeAll('payment', old, { state: 'cancelled' }))
  expect(codeOf(late)).toBe('store.changed-meanwhile')
  expect(['one', 'two'].map((id) => store.get('payment', id))).toEqual([old[0], two])
})

test('is refused when the record is stored otherwise by now', () => {
  const old = write((tx) => tx.put('payment', payment))
  write((tx) => tx.change('payment', old, { state: 'queued' }))
  const late = () => write((tx) => tx.change('payment', old, { state: 'cancelled' }))
  expect(codeOf(late)).toBe('store.changed-meanwhile')
  expect(store.get('payment', 'one').state).toBe('queued')
})

test('is refused when a field does not fit the schema', () => {
  const old = write((tx) => tx.put('payment', payment))
  const changes = [{ amountPaid: -1 }, { state: 'lost' }, { batchId: 'x'.repeat(65) }, { unheardOf: 1 }]
  for (const change of changes as Partial<Draft<'payment'>>[]) {
    expect(codeOf(() => write((tx) => tx.change('payment', old, change)))).toBe('store.invalid-record')
  }
  expect(store.get('payment', 'one')).toEqual(old)
})
