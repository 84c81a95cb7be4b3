import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { prepareCycle } from '../../../electron/core/batches/prepare.ts'
import { type Draft, OFFICE, type Transaction } from '../../../electron/core/store/store.ts'
import { enrolmentId, identityNumberId, membershipId } from '../../../shared/model/ids.ts'
import type { IdentityNumber, Membership, MembershipKind } from '../../../shared/model/registrant.ts'
import { erasedForm } from '../../../shared/rules/erasure.ts'
import { DAY, type District, household, individual, managerDraft, openDistrict, phone, put } from '../district.ts'
import { checkIn, openReading } from './reading.ts'

/*
 * Whatever happens between two checks of a batch, the reading thread that remembers the first finds what one that knows
 * nothing finds.
 */

const HOUSEHOLDS = 4
const SPARE = 3
const TYPE = 'national-id'

let district: District
let readings: ReturnType<typeof openReading>
let batchIds: readonly string[]

beforeAll(async () => {
  district = await openDistrict({
    manager: { batchTags: [{ id: 'all', name: 'All', filter: '[]', maximumBatchSize: 2 }] },
  })
  furnish()
  const prepared = await prepareCycle(district.office, { cycleId: district.cycleId, day: DAY, officerId: 'clerk' })
  batchIds = prepared.batchIds
  readings = openReading(district)
})
afterAll(async () => {
  readings.close()
  await district.close()
})

const numberOf = (registrantId: string, value: string): Draft<'identityNumber'> => ({
  id: identityNumberId(registrantId, TYPE),
  removed: false,
  registrantId,
  type: TYPE,
  value,
  status: 'valid',
  expiresOn: null,
  importId: '',
})

const spare = (n: number): Draft<'registrant'> =>
  individual(`S${n}`, { phoneNumbers: phone(500 + n), bankAccounts: [account(500 + n)] })

const account = (n: number): Draft<'registrant'>['bankAccounts'][number] => ({
  id: `account-${n}`,
  accountNumber: String(100_000 + n),
  iban: '',
  bic: 'CBETETAA',
  bankName: '',
  preferred: true,
  disabled: false,
})

const memberOf = (groupId: string, individualId: string, kinds: readonly MembershipKind[]): Draft<'membership'> => ({
  id: membershipId(groupId, individualId, '2025-01-01'),
  removed: false,
  groupId,
  individualId,
  kinds: [...kinds],
  startDate: '2025-01-01',
  endedDate: null,
  importId: '',
})

/** Somebody of whom nothing has come yet. */
let stranger = 100

/** Everything as it was in the beginning; what came since is out of it. */
function furnish(): void {
  stranger += 1
  district.office.store.transaction(OFFICE, (tx) => {
    for (const { changedAt, changedBy, ...membership } of all<Membership>('membership')) {
      tx.put('membership', { ...membership, removed: true, groupId: 'nobody' })
    }
    for (const { changedAt, changedBy, ...number } of all<IdentityNumber>('identity_number')) {
      tx.put('identityNumber', { ...number, removed: true, registrantId: 'nobody' })
    }
    tx.put('paymentManager', { ...managerNow(), payeeIdType: 'phone', payeePrefix: 'phone:' })
    tx.put('programme', { ...programmeNow(), alternateRecipientAllowed: true })
    tx.put('cycle', { ...cycleNow(), ceiling: null })
    for (let n = 1; n <= HOUSEHOLDS; n += 1) {
      const { group, head, membership, enrolment, entitlement } = household(district, n)
      // The first head has no identity number yet; the last one has no account of any kind, but somebody in their stead.
      const isLast = n === HOUSEHOLDS
      tx.put('registrant', group)
      tx.put('registrant', { ...head, ...(isLast ? { phoneNumbers: [] } : { bankAccounts: [account(n)] }) })
      tx.put('membership', membership)
      if (isLast) tx.put('membership', memberOf(group.id, spare(SPARE).id, ['alternate_recipient']))
      if (n === 2) tx.put('membership', memberOf(group.id, spare(stranger).id, ['principal_recipient']))
      if (n > 1 && !isLast) tx.put('identityNumber', numberOf(head.id, `ID${n}`))
      tx.put('enrolment', enrolment)
      tx.put('enrolment', { ...enrolment, id: enrolmentId('other', group.id), programmeId: 'other' })
      tx.put('entitlement', entitlement)
    }
    for (let n = 1; n <= SPARE; n += 1) {
      tx.put('registrant', spare(n))
      tx.put('identityNumber', numberOf(spare(n).id, `SP${n}`))
    }
    tx.audit({ action: 'test.furnished', subjectKind: 'registry', subjectId: 'all' })
  })
}

const all = <T>(table: string): T[] =>
  (district.office.store.sql(`SELECT body FROM ${table}`).pluck().all() as string[]).map(
    (body) => JSON.parse(body) as T,
  )

const managerNow = () =>
  district.office.store.find('paymentManager', district.managerId) ?? managerDraft(district.managerId)
const programmeNow = () => district.office.store.get('programme', district.programmeId)
const cycleNow = () => district.office.store.get('cycle', district.cycleId)

type Written = { [K in 'registrant' | 'membership' | 'identityNumber' | 'enrolment' | 'entitlement']: [K, Draft<K>] }[
  | 'registrant'
  | 'membership'
  | 'identityNumber'
  | 'enrolment'
  | 'entitlement']

interface Happening {
  readonly what: keyof typeof happenings
  /** A household, another one, and somebody who is in none at first. */
  readonly h: number
  readonly o: number
  readonly s: number
  /** By an officer here, or by a record of another office with marks of its own, which may be older. */
  readonly by: 'officer' | 'office'
  readonly variant: number
}

const now = (n: number) => {
  const { store } = district.office
  const made = household(district, n)
  return {
    group: store.get('registrant', made.group.id),
    head: store.get('registrant', made.head.id),
    membership: store.get('membership', made.membership.id),
    enrolment: store.get('enrolment', made.enrolment.id),
    entitlement: store.get('entitlement', made.entitlement.id),
    number: store.find('identityNumber', identityNumberId(made.head.id, TYPE)) ?? numberOf(made.head.id, `ID${n}`),
  }
}
const pick = <T>(variant: number, of: readonly T[]): T => of[variant % of.length] as T
const ERASED_AT = '0mabcdefg-0000-other'

const happenings = {
  phone: ({ h, variant }) => [
    ['registrant', { ...now(h).head, phoneNumbers: pick(variant, [[], phone(90 + variant), phone(h)]) }],
  ],
  preferred: ({ h, variant }) => {
    const both = [...phone(h), { id: 'second', number: '+251922000001', preferred: false, disabled: variant % 3 === 0 }]
    return [
      [
        'registrant',
        { ...now(h).head, phoneNumbers: both.map((one, at) => ({ ...one, preferred: at === variant % 2 })) },
      ],
    ]
  },
  account: ({ h, variant }) => [
    ['registrant', { ...now(h).head, bankAccounts: pick(variant, [[], [account(700 + variant)]]) }],
  ],
  name: ({ h, variant }) => [
    ['registrant', { ...pick(variant, [now(h).head, now(h).group]), name: `Renamed ${variant}` }],
  ],
  deceased: ({ h, variant }) => [
    ['registrant', { ...pick(variant, [now(h).head, now(h).group]), deceasedOn: pick(variant, ['2026-02-01', null]) }],
  ],
  removed: ({ h, variant }) => [
    ['registrant', { ...pick(variant, [now(h).head, now(h).group]), removed: variant % 3 > 0 }],
  ],
  kindOfRegistrant: ({ h, variant }) => [
    [
      'registrant',
      { ...pick(variant, [now(h).head, now(h).group]), kind: pick(variant >> 1, ['individual', 'group']) },
    ],
  ],
  spareChanged: ({ s, variant }) => [
    [
      'registrant',
      { ...spare(s), phoneNumbers: pick(variant, [[], phone(600 + variant)]), removed: variant % 4 === 3 },
    ],
  ],
  ended: ({ h, variant }) => [
    [
      'membership',
      { ...now(h).membership, endedDate: pick(variant, ['2026-01-01', '2026-03-15', '2026-03-20', null]) },
    ],
  ],
  kinds: ({ h, variant }) => [
    [
      'membership',
      {
        ...now(h).membership,
        kinds: pick<MembershipKind[]>(variant, [
          ['spouse'],
          ['head'],
          ['principal_recipient'],
          ['alternate_recipient'],
        ]),
      },
    ],
  ],
  membershipRemoved: ({ h, variant }) => [['membership', { ...now(h).membership, removed: variant % 2 === 0 }]],
  joins: ({ h, s, variant }) => [
    [
      'membership',
      memberOf(
        now(h).group.id,
        spare(s).id,
        pick<MembershipKind[]>(variant, [['alternate_recipient'], ['principal_recipient'], ['head'], ['child']]),
      ),
    ],
  ],
  strangerComes: () => [['registrant', spare(stranger)]],
  movesToAnother: ({ h, o }) => [['membership', { ...now(h).membership, groupId: now(o).group.id }]],
  becomesAnother: ({ h, s }) => [['membership', { ...now(h).membership, individualId: spare(s).id }]],
  number: ({ h, variant }) => [
    [
      'identityNumber',
      pick(variant, [
        numberOf(now(h).head.id, `NEW${variant}`),
        { ...now(h).number, status: 'invalid' as const },
        { ...now(h).number, expiresOn: '2026-03-14' },
        { ...now(h).number, removed: true },
        { ...now(h).number, value: '', tokenisedAt: ERASED_AT },
      ]),
    ],
  ],
  firstNumber: ({ variant }) => [['identityNumber', numberOf(now(1).head.id, `FIRST${variant}`)]],
  numberMoves: ({ h, o, s, variant }) => [
    ['identityNumber', { ...now(h).number, registrantId: pick(variant, [now(o).head.id, spare(s).id]) }],
  ],
  enrolment: ({ h, variant }) => [
    [
      'enrolment',
      pick(variant, [
        { ...now(h).enrolment, state: 'exited' as const, endedOn: '2026-03-01' },
        { ...now(h).enrolment, state: 'paused' as const },
        { ...now(h).enrolment, state: 'enrolled' as const, endedOn: null },
        { ...now(h).enrolment, removed: true },
      ]),
    ],
  ],
  enrolmentMoves: ({ h, o, variant }) => [
    [
      'enrolment',
      pick<Draft<'enrolment'>>(variant, [
        { ...now(h).enrolment, registrantId: now(o).group.id },
        { ...now(h).enrolment, programmeId: 'other' },
        { ...now(h).enrolment, id: enrolmentId('other', now(h).group.id), state: 'paused' },
      ]),
    ],
  ],
  entitlement: ({ h, variant }) => [
    [
      'entitlement',
      pick(variant, [
        { ...now(h).entitlement, state: 'cancelled' as const },
        { ...now(h).entitlement, amount: 1_000 + variant },
        { ...now(h).entitlement, removed: true },
        { ...now(h).entitlement, state: 'approved' as const, removed: false },
      ]),
    ],
  ],
  entitlementMoves: ({ h, o }) => [['entitlement', { ...now(h).entitlement, registrantId: now(o).group.id }]],
  erased: ({ h, variant }) =>
    pick<readonly Written[]>(variant, [
      [['registrant', erasedForm('registrant', now(h).head, ERASED_AT)]],
      [
        ['registrant', erasedForm('registrant', now(h).group, ERASED_AT)],
        ['membership', erasedForm('membership', now(h).membership, ERASED_AT)],
      ],
      [['membership', erasedForm('membership', now(h).membership, ERASED_AT)]],
      [['enrolment', erasedForm('enrolment', now(h).enrolment, ERASED_AT)]],
    ]),
  manager: ({ variant }) => {
    const payeeIdType = pick(variant, ['phone', 'bank_acc_no', 'reg_id'] as const)
    const prefix = pick(variant, ['phone:', 'account:', 'id:', 'wallet:'])
    put(district.office, 'paymentManager', {
      ...managerNow(),
      payeeIdType,
      payeePrefix: prefix,
      payeeSuffix: payeeIdType === 'bank_acc_no' ? '' : '@wallet',
      regIdTypeForPayeeId: TYPE,
    })
    return []
  },
  programme: ({ variant }) => {
    put(district.office, 'programme', { ...programmeNow(), alternateRecipientAllowed: variant % 2 === 0 })
    return []
  },
  cycle: ({ variant }) => {
    put(district.office, 'cycle', { ...cycleNow(), ceiling: pick(variant, [null, 1_000, 300_000]) })
    return []
  },
  furnishedAgain: () => {
    furnish()
    return []
  },
} satisfies Record<string, (of: Happening) => readonly Written[]>

function happen(one: Happening): void {
  const records = (happenings[one.what] as (of: Happening) => readonly Written[])(one)
  if (records.length === 0) return
  const officerId = one.by === 'office' ? OFFICE : pick(one.variant, ['clerk', 'approver'])
  district.office.store.transaction(officerId, (tx) => {
    for (const [kind, draft] of records) write(tx, kind, draft, one)
    tx.audit({ action: 'test.happened', subjectKind: 'registry', subjectId: one.what })
  })
}

function write<K extends Written[0]>(tx: Transaction, kind: K, draft: Draft<K>, { by, variant }: Happening): void {
  if (by === 'officer') tx.put(kind, draft)
  else {
    const changedAt = pick(variant, ['0mabcdefg-0000-other', 'zzzzzzzzz-0000-other'])
    const makers = kind === 'registrant' || kind === 'entitlement' ? { makers: [`theirs-${variant}`] } : {}
    tx.adopt(kind, { ...draft, ...makers, changedAt, changedBy: 'somebody' } as never)
  }
}

const happening: fc.Arbitrary<Happening> = fc.record({
  what: fc.constantFrom(...(Object.keys(happenings) as (keyof typeof happenings)[])),
  h: fc.integer({ min: 1, max: HOUSEHOLDS }),
  o: fc.integer({ min: 1, max: HOUSEHOLDS }),
  s: fc.integer({ min: 1, max: SPARE }),
  by: fc.constantFrom('officer', 'office'),
  variant: fc.nat(11),
})
/** A check, before which some things happen, and some between its slices. */
const round = fc.record({
  before: fc.array(happening, { maxLength: 2 }),
  within: fc.array(happening, { maxLength: 1 }),
  day: fc.oneof({ weight: 5, arbitrary: fc.constant(DAY) }, { weight: 1, arbitrary: fc.constant('2026-03-25') }),
})

test('a check that remembers finds what one finds that examines everybody, whatever happened in between', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<Draft<'paymentManager'>['payeeIdType'][]>('phone', 'bank_acc_no', 'reg_id'),
      fc.array(round, { minLength: 2, maxLength: 6 }),
      (payeeIdType, rounds) => {
        furnish()
        happen({
          what: 'manager',
          variant: ['phone', 'bank_acc_no', 'reg_id'].indexOf(payeeIdType),
          h: 1,
          o: 1,
          s: 1,
          by: 'officer',
        })
        const remembering = readings.anew()
        for (const batchId of batchIds) checkIn(remembering, district, batchId)
        for (const { before, within, day } of rounds) {
          for (const one of before) happen(one)
          for (const batchId of batchIds) {
            expect(checkIn(remembering, district, batchId, day)).toEqual(
              checkIn(readings.anew(), district, batchId, day),
            )
          }
          const [overtaken] = batchIds as [string]
          let left = within
          checkIn(remembering, district, overtaken, day, () => {
            for (const one of left) happen(one)
            left = []
          })
        }
      },
    ),
    { numRuns: 150 },
  )
}, 120_000)
