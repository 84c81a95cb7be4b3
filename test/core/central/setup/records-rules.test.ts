import { parse } from 'acorn'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { databases, readDesign } from '../../../../electron/core/central/setup/design.ts'
import { Payment, PaymentState } from '../../../../shared/model/payment.ts'
import { type RecordKind, records } from '../../../../shared/model/records.ts'
import { paymentMoves } from '../../../../shared/rules/payment-life.ts'
import { ADMIN, type Document, NOBODY, RECEIVER, rulesOf, STRANGER } from './rules.ts'

const write = rulesOf('records')

const MOMENT = '0m3k5x9ab-0000-town'
const stamped = { changedAt: MOMENT, changedBy: 'samir' }

const payment = (over: Partial<Payment> = {}): Document => {
  const record = Payment.parse({
    id: 'p1',
    ...stamped,
    entitlementId: 'e1',
    attempt: 1,
    cycleId: 'c1',
    programmeId: 'g1',
    registrantId: 'r1',
    registrantName: 'Amina',
    payeeId: 'r1',
    payeeName: 'Amina',
    payeeAddress: 'account:1@bank',
    batchId: 'b1',
    managerId: 'm1',
    amount: 12_000,
    currency: 'ETB',
    state: 'prepared',
    reasonCode: '',
    reasonText: '',
    reasonParams: {},
    amountPaid: null,
    theirReference: '',
    held: false,
    stateAt: MOMENT,
    ...over,
  })
  return { _id: `payment:${record.id}`, ...record }
}

const batch = (over: Record<string, unknown> = {}): Document => ({
  _id: 'batch:b1',
  id: 'b1',
  ...stamped,
  makers: ['samir'],
  cancelledReason: '',
  submissionNumber: 1,
  ...over,
})

const evidence = (over: Record<string, unknown> = {}): Document => ({
  _id: 'evidence:v1',
  id: 'v1',
  paymentId: 'p1',
  finding: 'paid',
  amount: 12_000,
  reference: 'statement 7',
  recordedBy: 'samir',
  confirmedBy: null,
  confirmedAt: null,
  ...over,
})

const travelling = (Object.keys(records) as RecordKind[]).filter((kind) => kind !== 'claim')
const appendOnly = [...travelling.filter((kind) => records[kind].appendOnly), 'resendApproval', 'conflictSettlement']
const idOf = (kind: string): string => (kind === 'resendApproval' ? 'b1:1.2:3' : 'x1')
const any = (kind: string, over: Record<string, unknown> = {}): Document => {
  const body = kind === 'payment' ? payment({ id: 'x1' }) : kind === 'batch' ? batch({ id: 'x1' }) : {}
  return { ...body, id: idOf(kind), ...stamped, ...over, _id: `${kind}:${idOf(kind)}` }
}

describe('the language', () => {
  it.each(databases)('of the rules of %s is what the oldest engine of CouchDB 3 reads', (database) => {
    expect(() => parse(`(${readDesign().validate[database]})`, { ecmaVersion: 5 })).not.toThrow()
  })
})

describe('who', () => {
  it('writes is an office of this district or an administrator of the server', () => {
    expect(write(payment())).toBeNull()
    expect(write(payment(), null, ADMIN)).toBeNull()
    for (const other of [STRANGER, NOBODY, RECEIVER]) expect(write(payment(), null, other)).toMatch(/^role/)
  })

  it('nobody writes where nothing says who may', () => {
    for (const security of [null, {}, { members: {} }]) expect(rulesOf('records', security)(payment())).toMatch(/^role/)
  })

  it('deletes is an administrator of the server only', () => {
    expect(write({ _id: 'payment:p1', _deleted: true }, payment())).toMatch(/^deletion/)
    expect(write({ _id: 'payment:p1', _deleted: true }, payment(), ADMIN)).toBeNull()
  })

  it('changes these rules is an administrator of the server only', () => {
    expect(write({ _id: '_design/rules' })).toMatch(/^role/)
    expect(write({ _id: '_design/rules' }, null, ADMIN)).toBeNull()
  })
})

describe('what is no record', () => {
  it.each([...travelling, 'resendApproval', 'conflict', 'conflictSettlement'])('%s is one', (kind) => {
    expect(write(any(kind))).toBeNull()
  })

  it.each(['claim:x1', 'secret:x1', 'job:x1', 'x1', ':x1', 'toString:x1', '__proto__:x1'])('%s is none', (_id) => {
    expect(write({ _id, id: 'x1', ...stamped })).toMatch(/^kind/)
  })

  it('is named after another record', () => {
    expect(write(any('registrant', { id: 'other' }))).toMatch(/^id/)
    expect(write({ ...any('resendApproval'), _id: 'resendApproval:b1' })).toMatch(/^id/)
  })

  it('has no moment of a change', () => {
    for (const changedAt of [undefined, '', 7, '2031-01-01', `${MOMENT}-more`]) {
      expect(write(any('registrant', { changedAt }))).toMatch(/^moment/)
    }
    expect(write(any('registrant', { changedBy: '' }))).toMatch(/^moment/)
  })

  it('is too large, or has something attached', () => {
    expect(write(any('registrant', { address: 'a'.repeat(300_000) }))).toMatch(/^size/)
    expect(write(any('transmission', { body: 'a'.repeat(2_000_000) }))).toBeNull()
    expect(write(any('transmission', { body: 'a'.repeat(8_000_000) }))).toMatch(/^size/)
    expect(write(any('registrant', { _attachments: {} }))).toMatch(/^attachments/)
  })

  it('the lines of a submission travel by themselves, 1,000 at most', () => {
    const lines = (n: number, part = '1') => ({
      _id: `submission:s1:lines:${part}`,
      lines: Array.from({ length: n }, () => ({})),
    })
    expect(write(lines(1))).toBeNull()
    expect(write(lines(1000, '12'))).toBeNull()
    expect(write(lines(0))).toMatch(/^submission-lines/)
    expect(write(lines(1001))).toMatch(/^submission-lines/)
    expect(write(lines(1), lines(1))).toMatch(/^append-only/)
    expect(write(lines(1, 'x'))).toMatch(/^id/)
  })
})

it.each(['registrant', 'identityNumber', 'entitlement'])('who made a %s stays its maker', (kind) => {
  expect(write(any(kind, { makers: ['samir', 'leila'] }), any(kind, { makers: ['leila'] }))).toBeNull()
  expect(write(any(kind, { makers: ['samir'] }), any(kind))).toBeNull()
  expect(write(any(kind, { makers: ['samir'] }), any(kind, { makers: ['leila'] }))).toMatch(/^makers/)
  expect(write(any(kind), any(kind, { makers: ['leila'] }))).toMatch(/^makers/)
  expect(write(any(kind, { makers: 'leila' }))).toMatch(/^makers/)
})

it.each(['officer', 'paymentManager', 'connector'])(
  'a %s that was signed earlier comes in the place of none',
  (kind) => {
    const signed = (edition: number) => any(kind, { edition })
    expect(write(signed(2), signed(1))).toBeNull()
    expect(write(signed(2), signed(2))).toBeNull()
    expect(write(signed(1), any(kind))).toBeNull()
    for (const who of [undefined, ADMIN]) {
      expect(write(signed(1), signed(2), who)).toMatch(/^edition/)
      expect(write(any(kind), signed(1), who)).toMatch(/^edition/)
    }
    for (const edition of [0, 1.5, '2', null]) expect(write(any(kind, { edition }))).toMatch(/^edition/)
  },
)

describe('append-only records', () => {
  test('cannot be changed by any mutation, by nobody', () => {
    const values = fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue(), { maxKeys: 4 })
    fc.assert(
      fc.property(
        fc.constantFrom(...appendOnly),
        values,
        values,
        fc.constantFrom(undefined, ADMIN),
        (kind, a, b, who) => {
          const [was, now] = [
            any(kind, { ...a, ...stamped, id: idOf(kind) }),
            any(kind, { ...b, ...stamped, id: idOf(kind) }),
          ]
          expect(write(now, was, who)).toMatch(/^append-only/)
        },
      ),
    )
  })

  it('a transmission without bytes gives way to the original, and to nothing else', () => {
    const original = any('transmission', {
      body: '{}',
      headers: { a: '1' },
      validUntil: null,
      messageDigest: 'a',
      count: 1,
    })
    const standIn = any('transmission', { body: '', headers: {}, validUntil: 0, messageDigest: 'a', count: 1 })
    expect(write(original, standIn)).toBeNull()
    expect(write(standIn, original)).toMatch(/^append-only/)
    expect(write(standIn, standIn)).toMatch(/^append-only/)
    expect(write({ ...original, body: '{"b":1}' }, original)).toMatch(/^append-only/)
    expect(write({ ...original, messageDigest: 'b' }, standIn)).toMatch(/^append-only/)
    expect(write({ ...original, count: 2 }, standIn)).toMatch(/^append-only/)
  })

  it('a deleted one can be written again', () => {
    expect(write(any('decision'), { _id: 'decision:x1', _deleted: true })).toBeNull()
  })
})

/** Everything that can be reached in any number of steps. */
function reachable(from: PaymentState): Set<PaymentState> {
  const found = new Set<PaymentState>([from])
  for (const state of found) {
    for (const next of Object.values(paymentMoves[state]) as (PaymentState | null)[]) if (next !== null) found.add(next)
  }
  return found
}

describe('payments', () => {
  const states = PaymentState.options
  const AFTER_SENDING: PaymentState[] = ['sent', 'acknowledged', 'unknown', 'paid', 'rejected', 'reversed', 'review']

  it('move as the table of the office allows, in as many steps as an office took offline', () => {
    const server = (from: PaymentState) =>
      states.filter((to) => write(payment({ state: to }), payment({ state: from })) === null)
    for (const from of states) {
      // An office that cancelled a payment may not know that another had sent it.
      const allowed = from === 'cancelled' ? new Set<PaymentState>(['cancelled', ...AFTER_SENDING]) : reachable(from)
      expect([from, server(from)]).toEqual([from, states.filter((state) => allowed.has(state))])
    }
  })

  it('never come back from a final state to where they would be sent', () => {
    const final: PaymentState[] = ['paid', 'rejected', 'reversed', 'review']
    const open: PaymentState[] = ['prepared', 'blocked', 'queued', 'sent', 'acknowledged', 'unknown', 'cancelled']
    const change = fc.record(
      {
        reasonCode: fc.string({ maxLength: 20 }),
        reasonText: fc.string(),
        amountPaid: fc.nat(),
        theirReference: fc.string({ maxLength: 40 }),
        held: fc.boolean(),
        batchId: fc.constantFrom('', 'b1', 'b2'),
        amount: fc.nat(),
        stateAt: fc.constant('1m3k5x9ab-0000-hills'),
        changedAt: fc.constant('1m3k5x9ab-0000-hills'),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(
        fc.constantFrom(...final),
        fc.constantFrom(...open),
        change,
        fc.constantFrom(undefined, ADMIN),
        (from, to, over, who) => {
          expect(write({ ...payment(), ...over, state: to }, payment({ state: from }), who)).toMatch(/^payment/)
        },
      ),
    )
  })

  it('a chain of accepted writes never pays twice: once settled, only settled', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...states), { minLength: 2, maxLength: 30 }), (wanted) => {
        let standing = payment({ state: 'prepared' })
        let settled = false
        for (const state of wanted) {
          const next = payment({ state })
          if (write(next, standing) !== null) continue
          standing = next
          if (settled) expect(['paid', 'rejected', 'reversed', 'review']).toContain(state)
          settled ||= ['paid', 'rejected', 'reversed', 'review'].includes(state)
        }
      }),
    )
  })

  it('a rejection takes the place of other words about the money by evidence only', () => {
    for (const from of ['paid', 'reversed', 'review'] as const) {
      const rejected = (reasonCode: string) => payment({ state: 'rejected', reasonCode })
      expect(write(rejected('rjct.payee_fa.invalid'), payment({ state: from }))).toMatch(/^payment-state/)
      expect(write(rejected(''), payment({ state: from }))).toBeNull()
    }
    expect(write(payment({ state: 'rejected', reasonCode: 'rjct.x' }), payment({ state: 'unknown' }))).toBeNull()
  })

  it('stay those of their entitlement and attempt', () => {
    expect(write(payment({ entitlementId: 'e2' }), payment())).toMatch(/^payment-attempt/)
    expect(write(payment({ attempt: 2 }), payment())).toMatch(/^payment-attempt/)
  })

  it('keep their amount once they have left, and their payee and batch as long as they are out', () => {
    expect(write(payment({ amount: 1 }), payment())).toBeNull()
    for (const state of AFTER_SENDING) {
      const was = payment({ state })
      expect(write(payment({ state, amount: 1 }), was)).toMatch(/^payment-amount/)
      expect(write(payment({ state, currency: 'USD' }), was)).toMatch(/^payment-amount/)
      expect(write(payment({ state, payeeAddress: 'account:2@bank' }), was)).toMatch(/^payment-payee/)
      expect(write(payment({ state, batchId: 'b2' }), was)).toMatch(/^payment-payee/)
    }
    expect(write(payment({ state: 'prepared', batchId: '' }), payment({ state: 'sent' }))).toBeNull()
  })

  it('are about money', () => {
    for (const amount of [-1, 1.5, '7', null]) expect(write({ ...payment(), amount })).toMatch(/^payment-amount/)
    expect(write({ ...payment(), state: 'lost' })).toMatch(/^payment-state/)
    expect(write({ ...payment(), attempt: 0 })).toMatch(/^payment-attempt/)
  })
})

describe('batches', () => {
  it('once cancelled stay cancelled', () => {
    expect(write(batch({ cancelledReason: 'twice' }), batch())).toBeNull()
    expect(write(batch(), batch({ cancelledReason: 'twice' }))).toMatch(/^batch-cancelled/)
    expect(write(batch({ cancelledReason: 'other words' }), batch({ cancelledReason: 'twice' }))).toBeNull()
  })

  it('lose no maker and no submission', () => {
    expect(write(batch({ makers: ['leila', 'samir'] }), batch())).toBeNull()
    expect(write(batch({ makers: ['leila'] }), batch())).toMatch(/^batch-makers/)
    expect(write(batch({ submissionNumber: 0 }), batch())).toMatch(/^batch-submission/)
  })
})

describe('evidence', () => {
  const confirmed = { confirmedBy: 'hana', confirmedAt: MOMENT }

  it('is confirmed once, as it was recorded', () => {
    expect(write(evidence())).toBeNull()
    expect(write(evidence(confirmed), evidence())).toBeNull()
    expect(write(evidence(), evidence(confirmed))).toMatch(/^append-only/)
    expect(write(evidence({ ...confirmed, confirmedBy: 'leila' }), evidence(confirmed))).toMatch(/^append-only/)
    for (const over of [{ amount: 1 }, { finding: 'reversed' }, { recordedBy: 'leila' }, { more: 1 }]) {
      expect(write(evidence({ ...confirmed, ...over }), evidence())).toMatch(/^append-only/)
    }
  })
})

describe('what was erased', () => {
  const later = '0m3k5x9ac-0000-town'
  const person = (over: Record<string, unknown> = {}): Document => ({
    _id: 'registrant:r1',
    id: 'r1',
    ...stamped,
    ...over,
  })
  const observation = (over: Record<string, unknown> = {}): Document => ({
    _id: 'observation:o1',
    id: 'o1',
    ...stamped,
    paymentId: 'p1',
    status: 'succ',
    text: 'paid to Amina',
    payeeAddress: 'account:1@bank',
    ...over,
  })

  it('stays so, unless who writes it knows of it', () => {
    expect(write(person({ erasedAt: MOMENT }), person({ name: 'Amina' }))).toBeNull()
    expect(write(person({ name: 'Amina' }), person({ erasedAt: MOMENT }))).toMatch(/^erased/)
    expect(write(person({ name: 'Amina', erasedAt: MOMENT }), person({ erasedAt: MOMENT }))).toBeNull()
    expect(write(person({ erasedAt: MOMENT }), person({ erasedAt: later }))).toMatch(/^erased/)
  })

  it('takes the address out of a payment that left, and nothing puts another one there', () => {
    const paid = payment({ state: 'paid' })
    const gone = payment({ state: 'paid', payeeAddress: '', payeeName: '', erasedAt: MOMENT })
    expect(write(gone, paid)).toBeNull()
    expect(write(payment({ state: 'paid', payeeAddress: '' }), paid)).toMatch(/^payment-payee/)
    expect(write(payment({ state: 'paid', payeeAddress: 'account:2@bank', erasedAt: MOMENT }), paid)).toMatch(
      /^payment-payee/,
    )
    expect(write(payment({ state: 'paid', erasedAt: MOMENT }), gone)).toMatch(/^erased/)
    expect(write({ ...gone, amount: 1 }, paid)).toMatch(/^payment-amount/)
  })

  it('goes from what is written once by the upkeep of the centre only, and nothing else does', () => {
    const erased = observation({ text: '', payeeAddress: '', erasedAt: MOMENT })
    expect(write(erased, observation(), ADMIN)).toBeNull()
    expect(write(erased, observation())).toMatch(/^append-only/)
    expect(write(observation({ text: '' }), observation(), ADMIN)).toMatch(/^append-only/)
    expect(write({ ...erased, status: 'rjct' }, observation(), ADMIN)).toMatch(/^append-only/)
    const line = { paymentId: 'p1', payeeName: 'Amina', payeeAddress: 'account:1@bank', amount: 5 }
    const lines = (...all: object[]): Document => ({ _id: 'submission:s1:lines:0', lines: all })
    const blank = { ...line, payeeName: '', payeeAddress: '—' }
    expect(write(lines(blank, line), lines(line, line), ADMIN)).toBeNull()
    expect(write(lines(blank, line), lines(line, line))).toMatch(/^append-only/)
    expect(write(lines({ ...blank, amount: 6 }, line), lines(line, line), ADMIN)).toMatch(/^append-only/)
    expect(write(lines(blank), lines(line, line), ADMIN)).toMatch(/^append-only/)
  })
})

describe('a conflict between two versions', () => {
  const conflict = (over: Record<string, unknown> = {}): Document => ({
    _id: 'conflict:x1',
    id: 'x1',
    kind: 'registrant',
    recordId: 'r1',
    fields: ['area'],
    base: null,
    earlier: { area: 'West' },
    later: { area: 'East' },
    standing: 'later',
    decidedBy: 'officer',
    ...over,
  })
  const emptied = conflict({ earlier: null, later: null })

  it('stays as it was found, whoever writes it', () => {
    expect(write(conflict(), conflict())).toBeNull()
    for (const change of [{ later: { area: 'Hill' } }, { base: {} }, { later: null }, { standing: 'earlier' }]) {
      expect(write(conflict(change), conflict())).toMatch(/^append-only/)
    }
  })

  it('loses its versions together and for good', () => {
    expect(write(emptied, conflict())).toBeNull()
    expect(write({ ...emptied, recordId: 'r2' }, conflict())).toMatch(/^append-only/)
    expect(write(conflict(), emptied)).toMatch(/^append-only/)
  })
})
