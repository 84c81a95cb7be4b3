import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Batch } from '../../../../shared/model/batch.ts'
import type { Payment, PaymentState } from '../../../../shared/model/payment.ts'
import type { Cycle, Enrolment, Entitlement } from '../../../../shared/model/programme.ts'
import type { RecordOf } from '../../../../shared/model/records.ts'
import type { Registrant } from '../../../../shared/model/registrant.ts'
import { type MergedKind, mergeRecord } from '../../../../shared/rules/central-merge/merge-record.ts'
import { sameValue } from '../../../../shared/rules/three-way.ts'
import { moment, payment, settledStates, waitingStates } from './payment-versions.ts'

const common = { id: 'r', changedAt: moment(1), changedBy: 'clerk', removed: false }
const contact = (id: string, number: string) => ({ id, number, preferred: false, disabled: false })

const registrant: Registrant = {
  ...common,
  kind: 'individual',
  registryNumber: 'P1',
  name: 'Amina',
  givenName: 'Amina',
  familyName: '',
  additionalName: '',
  groupKind: '',
  gender: 'female',
  birthdate: null,
  deceasedOn: null,
  address: '',
  area: 'North',
  modeOfPayment: 'digital',
  tags: ['old'],
  phoneNumbers: [{ ...contact('p0', '+251911000000'), preferred: true }],
  emails: [],
  bankAccounts: [],
  registrationDate: '2025-01-01',
  importId: '',
}
const enrolment: Enrolment = {
  ...common,
  programmeId: 'p',
  registrantId: 'r',
  state: 'enrolled',
  reason: '',
  enrolledOn: '2025-01-01',
  endedOn: null,
  importId: '',
}
const cycle: Cycle = {
  ...common,
  programmeId: 'p',
  sequence: 1,
  name: 'March',
  startDate: '2026-03-01',
  endDate: '2026-03-31',
  state: 'to_approve',
  ceiling: null,
  makers: ['clerk'],
  generationUnfinished: false,
}
const entitlement: Entitlement = {
  ...common,
  cycleId: 'c',
  programmeId: 'p',
  registrantId: 'r',
  code: 'cash',
  amount: 1_000,
  currency: 'ETB',
  state: 'pending_validation',
  reason: '',
  importId: '',
}
const batch: Batch = {
  id: 'r',
  changedAt: moment(1),
  changedBy: 'clerk',
  name: 'March 1',
  cycleId: 'c',
  programmeId: 'p',
  managerId: 'm',
  tagName: '',
  currency: 'ETB',
  count: 1,
  sum: 1_000,
  makers: ['clerk'],
  state: 'open',
  held: false,
  heldReason: '',
  cancelledReason: '',
  submissionNumber: 0,
  stateAt: moment(1),
  attention: '',
}

const some = <T extends object>(fields: { [F in keyof T]?: fc.Arbitrary<T[F]> }): fc.Arbitrary<Partial<T>> =>
  fc.record(fields as { [F in keyof T]: fc.Arbitrary<T[F]> }, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>

const phones = fc
  .subarray([0, 1, 2, 3])
  .chain((ids) =>
    fc.tuple(
      fc.constant(ids),
      fc.array(fc.constantFrom('+251911000000', '+251911000001'), { minLength: 4, maxLength: 4 }),
      fc.constantFrom(-1, ...ids),
    ),
  )
  .map(([ids, numbers, preferred]) =>
    ids.map((id) => ({ ...contact(`p${id}`, numbers[id] as string), preferred: id === preferred })),
  )

/** A record of each kind, and what an office may make of it. */
const edits = {
  registrant: [
    registrant,
    some<Registrant>({
      removed: fc.boolean(),
      address: fc.constantFrom('', 'Hill 3', 'Hill 4'),
      area: fc.constantFrom('North', 'South'),
      tags: fc.subarray(['old', 'new', 'urgent']),
      phoneNumbers: phones,
    }),
  ],
  enrolment: [
    enrolment,
    some<Enrolment>({
      removed: fc.boolean(),
      state: fc.constantFrom('enrolled', 'paused', 'exited'),
      reason: fc.constantFrom('', 'moved'),
    }),
  ],
  cycle: [
    cycle,
    some<Cycle>({
      state: fc.constantFrom('draft', 'to_approve', 'approved', 'distributed', 'cancelled', 'ended'),
      name: fc.constantFrom('March', 'April'),
      makers: fc.subarray(['clerk', 'one', 'two'], { minLength: 1 }),
    }),
  ],
  entitlement: [
    entitlement,
    some<Entitlement>({
      state: fc.constantFrom('draft', 'pending_validation', 'approved', 'rejected1', 'cancelled', 'expired'),
      amount: fc.constantFrom(1_000, 2_000),
      removed: fc.boolean(),
    }),
  ],
  payment: [
    payment,
    some<Payment>({
      state: fc.constantFrom<PaymentState>(...waitingStates, ...settledStates),
      reasonCode: fc.constantFrom('', 'rjct.payee_fa.invalid'),
      amountPaid: fc.constantFrom(null, 1_000),
      held: fc.boolean(),
      payeeAddress: fc.constantFrom('phone:+251911000000@wallet', 'phone:+251911000001@wallet'),
      batchId: fc.constantFrom('b', 'b2'),
    }),
  ],
  batch: [
    batch,
    some<Batch>({
      makers: fc.subarray(['clerk', 'one', 'two']),
      held: fc.boolean(),
      heldReason: fc.constantFrom('', 'wait'),
      cancelledReason: fc.constantFrom('', 'mistake', 'again'),
      submissionNumber: fc.nat(3),
    }),
  ],
} as const satisfies Partial<Record<MergedKind, readonly [object, fc.Arbitrary<object>]>>

type TestedKind = keyof typeof edits
const kinds = Object.keys(edits) as TestedKind[]

/** A kind with its base, known to both or not, and what some offices made of it, each at its own moment. */
const scene = (offices: number) =>
  fc.constantFrom(...kinds).chain((kind) => {
    const [record, edit] = edits[kind] as unknown as [RecordOf<TestedKind>, fc.Arbitrary<object>]
    return fc
      .tuple(
        fc.boolean(),
        fc.array(edit, { minLength: offices, maxLength: offices }),
        fc.shuffledSubarray([2, 3, 4, 5], { minLength: offices, maxLength: offices }),
      )
      .map(([known, made, at]) => ({
        kind,
        base: known ? record : undefined,
        sides: made.map((change, n) => ({
          ...record,
          ...change,
          changedAt: moment(at[n] as number),
          changedBy: `officer-${n}`,
        })) as RecordOf<TestedKind>[],
      }))
  })

const content = ({ changedAt, changedBy, ...fields }: { changedAt: string; changedBy: string }): object => fields

type Sides = readonly [RecordOf<TestedKind>, RecordOf<TestedKind>]

describe('two offices that changed one record', () => {
  test('end with the same one, whichever of them merges', () => {
    fc.assert(
      fc.property(scene(2), ({ kind, base, sides }) => {
        const [mine, theirs] = sides as unknown as Sides
        const here = mergeRecord(kind, base, mine, theirs)
        const there = mergeRecord(kind, base, theirs, mine)
        expect(there.record).toEqual(here.record)
        expect(there.conflictFields).toEqual(here.conflictFields)
        expect(there.ruledFields).toEqual(here.ruledFields)
      }),
      { numRuns: 2_000 },
    )
  })

  test('have nothing more to merge afterwards', () => {
    fc.assert(
      fc.property(scene(2), ({ kind, base, sides }) => {
        const [mine, theirs] = sides as unknown as Sides
        const { record } = mergeRecord(kind, base, mine, theirs)
        expect(mergeRecord(kind, base, record, record).kind).toBe('same')
        // What stands goes out over theirs, which both had last from then on.
        const again = mergeRecord(kind, theirs, record, theirs)
        expect(content(again.record)).toEqual(content(record))
        expect(again.conflictFields).toEqual([])
      }),
      { numRuns: 2_000 },
    )
  })

  test('lose nothing that only one of them changed, but what is shown to an officer', () => {
    const fields = ['address', 'area', 'removed', 'tags', 'phoneNumbers'] as const
    fc.assert(
      fc.property(edits.registrant[1], edits.registrant[1], (one, two) => {
        const mine: Registrant = { ...registrant, ...one, changedAt: moment(2) }
        const theirs: Registrant = { ...registrant, ...two, changedAt: moment(3) }
        const { record, conflictFields } = mergeRecord('registrant', registrant, mine, theirs)
        for (const field of fields) {
          if (conflictFields.includes(field)) continue
          if (sameValue(theirs[field], registrant[field])) expect(record[field]).toEqual(mine[field])
          else if (sameValue(mine[field], registrant[field])) expect(record[field]).toEqual(theirs[field])
        }
        for (const side of [mine, theirs]) {
          const added = side.phoneNumbers.filter(({ id }) => id !== 'p0').map(({ id }) => id)
          if (conflictFields.includes('phoneNumbers')) continue
          expect(record.phoneNumbers.map(({ id }) => id)).toEqual(expect.arrayContaining(added))
        }
      }),
      { numRuns: 2_000 },
    )
  })

  test('keep every maker of both', () => {
    fc.assert(
      fc.property(scene(2), ({ kind, base, sides }) => {
        if (kind !== 'batch' && kind !== 'cycle') return
        const [mine, theirs] = sides as unknown as readonly [Batch, Batch]
        const { record } = mergeRecord('batch', base as Batch | undefined, mine, theirs)
        expect(record.makers).toEqual(expect.arrayContaining([...mine.makers, ...theirs.makers]))
      }),
    )
  })

  test('never have two numbers that are preferred', () => {
    fc.assert(
      fc.property(edits.registrant[1], edits.registrant[1], (one, two) => {
        const mine = { ...registrant, ...one, changedAt: moment(2) }
        const theirs = { ...registrant, ...two, changedAt: moment(3) }
        const { record } = mergeRecord('registrant', registrant, mine, theirs)
        expect(record.phoneNumbers.filter(({ preferred }) => preferred).length).toBeLessThan(2)
      }),
    )
  })
})

/** What the central server holds when offices arrive one after the other, each with what it made of the same base. */
function arrive<K extends TestedKind>(kind: K, base: RecordOf<K> | undefined, sides: readonly RecordOf<K>[]) {
  const conflicts = new Set<string>()
  const record = sides.reduce((there, mine) => {
    const merged = mergeRecord(kind, base, mine, there)
    for (const field of merged.conflictFields) conflicts.add(field)
    return merged.record
  })
  return { record, conflicts }
}

const ORDERS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const

describe('three offices, in any order of arrival', () => {
  const allOrders = <K extends TestedKind>(kind: K, base: RecordOf<K> | undefined, sides: readonly RecordOf<K>[]) =>
    ORDERS.map((order) =>
      arrive(
        kind,
        base,
        order.map((n) => sides[n] as RecordOf<K>),
      ),
    )
  const versions = <T extends object>(record: T, changes: readonly Partial<T>[]): T[] =>
    changes.map((change, n) => ({ ...record, ...change, changedAt: moment(n + 2), changedBy: `officer-${n}` }))

  test('agree on a registrant of whom each changed other fields', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 5 }), fc.string({ maxLength: 5 }), phones, (address, area, phoneNumbers) => {
        const sides = versions(registrant, [{ address }, { area }, { phoneNumbers }])
        const all = allOrders('registrant', registrant, sides)
        for (const { record } of all)
          expect(content(record)).toEqual({ ...content(registrant), address, area, phoneNumbers })
      }),
    )
  })

  test('agree on the latest of three values, and nobody’s dispute is lost', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ maxLength: 5 }), { minLength: 3, maxLength: 3 }), (addresses) => {
        const base = { ...registrant, address: 'before anybody changed it' }
        const all = allOrders(
          'registrant',
          base,
          versions(
            base,
            addresses.map((address) => ({ address })),
          ),
        )
        for (const { record, conflicts } of all) {
          expect(record.address).toBe(addresses[2])
          expect([...conflicts]).toEqual(['address'])
        }
      }),
    )
  })

  test('dispute the same fields, whatever each of them changed', () => {
    fc.assert(
      fc.property(
        fc.array(some<Registrant>({ address: fc.constantFrom('1', '2'), area: fc.constantFrom('1', '2') }), {
          minLength: 3,
          maxLength: 3,
        }),
        (changes) => {
          const all = allOrders('registrant', registrant, versions(registrant, changes))
          for (const { conflicts } of all) expect([...conflicts].sort()).toEqual([...(all[0]?.conflicts ?? [])].sort())
        },
      ),
    )
  })

  test.each([
    ['enrolment', ['enrolled', 'paused', 'exited']],
    ['cycle', ['draft', 'to_approve', 'approved', 'distributed', 'cancelled', 'ended']],
    ['entitlement', ['draft', 'pending_validation', 'approved', 'rejected1', 'cancelled', 'expired']],
  ] as const)('agree on the state of one %s', (kind, values) => {
    const [record] = edits[kind] as unknown as [RecordOf<'enrolment' | 'cycle' | 'entitlement'>]
    fc.assert(
      fc.property(fc.array(fc.constantFrom<string>(...values), { minLength: 3, maxLength: 3 }), (chosen) => {
        const changes = chosen.map((state) => ({ state }) as Partial<typeof record>)
        const all = allOrders(kind, record, versions(record, changes))
        for (const one of all) expect(content(one.record)).toEqual(content(all[0]?.record ?? record))
      }),
    )
  })

  test('agree on a payment that each of them took somewhere else', () => {
    const progress = some<Payment>({
      state: fc.constantFrom<PaymentState>(...waitingStates, ...settledStates),
      amountPaid: fc.constantFrom(null, 1_000),
      held: fc.boolean(),
    })
    fc.assert(
      fc.property(
        fc.constantFrom(undefined, payment),
        fc.array(progress, { minLength: 3, maxLength: 3 }),
        (base, changes) => {
          const all = allOrders('payment', base, versions(payment, changes))
          for (const { record } of all) {
            expect(record.state).toBe(all[0]?.record.state)
            expect(record.held).toBe(all[0]?.record.held)
            expect([record.amount, record.entitlementId, record.attempt]).toEqual([1_000, 'e', 1])
          }
        },
      ),
      { numRuns: 2_000 },
    )
  })

  test('agree on a batch', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(undefined, batch),
        fc.array(edits.batch[1], { minLength: 3, maxLength: 3 }),
        (base, changes) => {
          const all = allOrders('batch', base, versions(batch, changes))
          const facts = ({ makers, held, submissionNumber, cancelledReason }: Batch) => ({
            makers: [...makers].sort(),
            held,
            submissionNumber,
            cancelled: cancelledReason !== '',
          })
          for (const { record } of all) expect(facts(record)).toEqual(facts(all[0]?.record as Batch))
        },
      ),
      { numRuns: 1_000 },
    )
  })
})

test('a sum that was changed while somebody approved another one is not granted', () => {
  const approved: Entitlement = { ...entitlement, state: 'approved', changedAt: moment(2) }
  const raised: Entitlement = { ...entitlement, amount: 9_000, changedAt: moment(3) }
  const { record, conflictFields } = mergeRecord('entitlement', entitlement, approved, raised)
  expect(record).toMatchObject({ state: 'approved', amount: 1_000 })
  expect(conflictFields).toEqual(['amount'])
})
