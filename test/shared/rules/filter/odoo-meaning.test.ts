import { describe, expect, it } from 'vitest'
import { parse, prepare } from '../../../../shared/rules/filter/index.ts'
import { type Payment, type Person, payment, type Village } from './sample.ts'
import { sampleStore } from './sample-store.ts'

const villages: Village[] = [{ id: 'v1', name: 'Debre', remote: true }]
const persons: Person[] = [
  {
    id: 'p1',
    name: 'Almaz',
    modeOfPayment: 'digital',
    kind: 'individual',
    birthdate: '1990-05-01',
    tags: ['urban'],
    villageId: 'v1',
  },
  { id: 'p2', name: 'İbrahim Öz', modeOfPayment: 'cash', kind: 'group', birthdate: null, tags: [], villageId: '' },
]
const base: Payment = {
  code: '',
  attempt: null,
  amount: null,
  held: null,
  due: null,
  state: '',
  marks: [],
  detail: { note: null },
  personId: '',
}
/** Row 0 has nothing set; 1 and 2 differ in everything. */
const payments: Payment[] = [
  base,
  {
    code: 'A_1',
    attempt: 0,
    amount: 25050,
    held: false,
    due: '2026-01-31',
    state: 'sent',
    marks: ['a', 'b'],
    detail: { note: 'x' },
    personId: 'p1',
  },
  {
    code: 'a%2',
    attempt: 5,
    amount: 110,
    held: true,
    due: '2026-02-28',
    state: 'paid',
    marks: ['b'],
    detail: { note: 'y' },
    personId: 'p2',
  },
]

const store = sampleStore()
store.fill({ payments, persons, villages })

/** The rows that a filter takes, in memory; checked to be the same in SQL. */
function taken(text: string): number[] {
  const parsed = parse(text)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error))
  const prepared = prepare(parsed.domain, payment, (record, id) =>
    (record === 'person' ? persons : villages).find((each) => each.id === id),
  )
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.error))
  const rows = payments.flatMap((each, index) => (prepared.test(each) ? [index] : []))
  expect(store.taken(parsed.domain)).toEqual(rows)
  return rows
}

describe('what a filter means', () => {
  it.each<[string, number[]]>([
    ['[]', [0, 1, 2]],
    ["[(0, '=', 1)]", []],
    // Not set: False, None and empty text are one; zero is a value.
    ["[('code', '=', False)]", [0]],
    ["[('code', '=', None)]", [0]],
    ["[('code', '=', '')]", [0]],
    ["[('code', '!=', False)]", [1, 2]],
    ["[('note', '=', 'x')]", [1]],
    ["[('attempt', '=', False)]", [0]],
    ["[('attempt', '=', 0)]", [1]],
    ["[('attempt', '!=', False)]", [1, 2]],
    ["[('due', '=', False)]", [0]],
    ["[('partner_id', '=', False)]", [0]],
    ["[('marks', '=', False)]", [0]],
    // A negative operator takes what is not set.
    ["[('state', '!=', 'sent')]", [0, 2]],
    ["[('attempt', '!=', 5)]", [0, 1]],
    ["[('note', 'not ilike', 'X')]", [0, 2]],
    ["[('state', 'not in', ['sent', 'paid'])]", [0]],
    ["[('state', 'not in', ['sent', False])]", [2]],
    ["[('state', 'in', ['sent', False])]", [0, 1]],
    ["[('attempt', 'in', [5, None])]", [0, 2]],
    ["[('attempt', 'in', [])]", []],
    ["[('attempt', 'not in', [])]", [0, 1, 2]],
    // A boolean that is not set is false.
    ["[('held', '=', False)]", [0, 1]],
    ["[('held', '!=', True)]", [0, 1]],
    ["[('held', '=', True)]", [2]],
    ["[('held', '!=', False)]", [2]],
    ["[('held', 'in', [True, False])]", [0, 1, 2]],
    // What is not set is neither less nor more; "not" is the exact opposite.
    ["[('attempt', '<', 5)]", [1]],
    ["[('attempt', '>=', 0)]", [1, 2]],
    ["['!', ('attempt', '<', 5)]", [0, 2]],
    ["[('due', '<=', '2026-01-31')]", [1]],
    ["[('due', '>', '2026-01-31')]", [2]],
    // Amounts are written in major units.
    ["[('amount', '=', 250.5)]", [1]],
    ["[('amount', '=', 1.1)]", [2]],
    ["[('amount_issued', '>', 1)]", [1, 2]],
    // "=?" is no condition at all when its value is not set.
    ["[('state', '=?', False)]", [0, 1, 2]],
    ["[('state', '=?', None)]", [0, 1, 2]],
    ["[('state', '=?', 'sent')]", [1]],
    // Patterns: like looks anywhere, =like at the whole; ilike without case.
    ["[('code', 'like', 'a')]", [2]],
    ["[('code', 'ilike', 'a')]", [1, 2]],
    ["[('code', 'not like', 'a')]", [0, 1]],
    ["[('code', '=like', 'a')]", []],
    ["[('code', '=ilike', 'a%')]", [1, 2]],
    ["[('code', '=like', 'a__')]", [2]],
    ["[('code', 'not =like', 'a__')]", [0, 1]],
    [String.raw`[('code', 'like', '\%')]`, [2]],
    [String.raw`[('code', 'ilike', 'A\_')]`, [1]],
    [String.raw`[('code', 'ilike', 'a\\_')]`, [1]],
    ["[('code', 'ilike', '')]", [0, 1, 2]],
    ["[('code', 'ilike', False)]", [0, 1, 2]],
    ["[('code', '=like', '')]", [0]],
    ["[('due', '=like', '2026-01-%')]", [1]],
    // Lists: any item.
    ["[('marks', '=', 'b')]", [1, 2]],
    ["[('marks', 'in', ['a', 'z'])]", [1]],
    ["[('marks', 'not in', ['a'])]", [0, 2]],
    ["[('marks', 'in', ['a', False])]", [0, 1]],
    ["[('marks', 'ilike', 'A')]", [1]],
    // Paths end in "not set" where the way is cut.
    ["[('partner_id.mode_of_payment', '=', 'digital')]", [1]],
    ["[('partner_id.mode_of_payment', '!=', 'digital')]", [0, 2]],
    ["[('partner_id.is_group', '=', True)]", [2]],
    ["[('partner_id.is_group', '=', False)]", [0, 1]],
    ["[('partner_id.village_id.remote', '=', True)]", [1]],
    ["[('partner_id.village_id', '=', False)]", [0, 2]],
    ["[('partner_id.tags', 'in', ['urban'])]", [1]],
    // A reference is its id, and likes search in its name.
    ["[('partner_id', '=', 'p1')]", [1]],
    ["[('partner_id', 'in', ['p1', 'p2'])]", [1, 2]],
    ["[('partner_id', 'ilike', 'ÖZ')]", [2]],
    ["[('partner_id.name', 'ilike', 'ibrahim')]", [2]],
    ["[('partner_id.name', 'ilike', 'o\u0308z')]", [2]],
    ["[('partner_id.name', '=', 'İbrahim O\u0308z')]", [2]],
    // Prefix logic.
    ["['|', ('state', '=', 'sent'), ('state', '=', 'paid')]", [1, 2]],
    ["['!', '|', ('state', '=', 'sent'), ('state', '=', 'paid')]", [0]],
    ["['|', ('state', '=', 'sent'), ('held', '=', True), ('amount', '>', 100)]", [1]],
    ["['|', '&', ('state', '=', 'sent'), ('held', '=', True), ('state', '=', 'paid')]", [2]],
  ])('%s takes %j', (text, rows) => {
    expect(taken(text)).toEqual(rows)
  })
})
