import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { latestAttempts, standingBeside, standingBesideBatch } from '../../../electron/core/batches/standing.ts'
import { openDatabase } from '../../../electron/core/store/database.ts'
import type { ReadContext } from '../../../electron/core/store/read-query.ts'
import { type Draft, OFFICE, Store } from '../../../electron/core/store/store.ts'
import { PaymentState } from '../../../shared/model/payment.ts'
import { addressKey } from '../../../shared/rules/financial-address.ts'
import { checkPayments, type PreparedPayment } from '../../../shared/rules/preflight.ts'

const key = { bytes: new Uint8Array(32).fill(5) }
let directory: string
let store: Store
let context: ReadContext

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'standing-'))
  store = new Store({ file: join(directory, 'office.db'), key })
  const database = openDatabase(store.file, key, 'read')
  context = { database, sql: (text) => database.prepare(text) }
})
afterAll(() => {
  context.database.close()
  store.close()
  rmSync(directory, { recursive: true, force: true })
})

/** Few of each, and some that differ only in their spelling, so that they meet often. */
const addresses = ['', 'phone:+251911', 'PHONE:+251911', 'iban:e\u0301t@bank', 'iban:\u00e9T@BANK', 'account:9@bank']
const payees = ['', 'Almaz', 'Bekele', 'Chaltu']

const row = fc.record({
  entitlement: fc.nat(5),
  attempts: fc.array(
    fc.record({
      state: fc.constantFrom(...PaymentState.options),
      batch: fc.constantFrom('', 'this', 'other', 'third'),
      payee: fc.constantFrom(...payees),
      address: fc.constantFrom(...addresses),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  cycle: fc.constantFrom('this', 'this', 'this', 'other'),
})
const rows = fc.uniqueArray(row, { maxLength: 8, selector: ({ entitlement, cycle }) => `${cycle} ${entitlement}` })
const examined = fc.uniqueArray(
  fc.record({
    entitlement: fc.nat(7),
    payee: fc.constantFrom(...payees.slice(1)),
    address: fc.constantFrom(...addresses.slice(1)),
    resolved: fc.boolean(),
  }),
  { maxLength: 5, selector: ({ entitlement }) => entitlement },
)

let runs = 0

test('beside a batch, the payments that share something with it tell as much as the whole cycle', () => {
  fc.assert(
    fc.property(rows, examined, (cycle, batch) => {
      runs += 1
      const name = (of: string | number): string => `${of}-${runs}`
      store.transaction(OFFICE, (tx) => {
        for (const { entitlement, attempts, cycle: of } of cycle) {
          for (const [index, { state, batch: inBatch, payee, address }] of attempts.entries()) {
            const id = `${of}-${entitlement}-${index}-${runs}`
            tx.put('payment', {
              id,
              entitlementId: name(of === 'this' ? entitlement : `other ${entitlement}`),
              attempt: index + 1,
              cycleId: name(of),
              programmeId: 'programme',
              registrantId: name(`r${entitlement}`),
              registrantName: 'R',
              payeeId: payee,
              payeeName: payee,
              payeeAddress: address,
              batchId: inBatch === '' ? '' : name(inBatch),
              managerId: 'manager',
              amount: 100,
              currency: 'ETB',
              state,
              reasonCode: '',
              reasonText: '',
              reasonParams: {},
              amountPaid: null,
              theirReference: '',
              held: false,
              stateAt: tx.moment,
            } satisfies Draft<'payment'>)
          }
        }
        tx.audit({ action: 'test.wrote', subjectKind: 'cycle', subjectId: name('this') })
      })
      const payments = batch.map(
        ({ entitlement, payee, address, resolved }): PreparedPayment => ({
          paymentId: name(`p${entitlement}`),
          entitlement: { id: name(entitlement), state: 'approved', amount: 100, currency: 'ETB' },
          registrant: { id: name(`r${entitlement}`), removed: false, deceasedOn: null },
          enrolment: { state: 'enrolled', removed: false },
          payee: resolved
            ? { ok: true, value: { registrantId: payee, name: payee, role: 'self', address } }
            : { ok: false, error: { code: 'payee.no-head', params: {} }, fix: { kind: 'registrant', id: 'r' } },
        }),
      )
      const found = (standing: ReturnType<typeof standingBeside>) =>
        checkPayments(payments, {
          programme: { id: 'programme', state: 'active', currency: 'ETB', fund: null },
          cycle: { id: name('this'), state: 'approved', ceiling: null },
          manager: {
            id: 'manager',
            state: 'active',
            kind: 'g2p-connect',
            amountsFormat: 'two-decimals',
            payerAddress: '',
          },
          standing,
          fundUsed: 0,
          ceilingUsed: 0,
          earlierAmounts: [],
        })
      const answered = payments.flatMap(({ payee }) => (payee.ok ? [payee.value] : []))
      const narrow = standingBesideBatch(
        context,
        { cycleId: name('this'), batchId: name('this') },
        {
          entitlementIds: payments.map(({ entitlement }) => entitlement.id),
          payeeIds: answered.map(({ registrantId }) => registrantId),
          addressKeys: answered.map(({ address }) => addressKey(address)),
        },
      )
      const whole = standingBeside(latestAttempts(context, name('this')), ({ batchId }) => batchId === name('this'))
      expect(found(narrow)).toEqual(found(whole))
      const every = new Set(whole.map(({ entitlementId }) => entitlementId))
      expect(narrow.every(({ entitlementId }) => every.has(entitlementId))).toBe(true)
    }),
    { numRuns: 250 },
  )
})
