import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MembershipKind, Registrant } from '../../../shared/model/registrant.ts'
import { countCurrentMembers, entitledAmount } from '../../../shared/rules/entitlement-rule.ts'
import { type Member, type PayeeAnswer, type PayeeQuestion, resolvePayee } from '../../../shared/rules/payee.ts'

type Person = PayeeQuestion['registrant']

const person = (id: string, more: Partial<Person> = {}): Person => ({
  id,
  kind: 'individual',
  name: `Name ${id}`,
  removed: false,
  deceasedOn: null,
  phoneNumbers: [{ id: `${id}-p`, number: '+251911234567', preferred: true, disabled: false }],
  emails: [],
  bankAccounts: [],
  ...more,
})

const member = (
  who: Registrant['id'] | Person,
  kinds: MembershipKind[],
  more: Partial<Member['membership']> = {},
): Member => ({
  registrant: typeof who === 'string' ? person(who) : who,
  membership: { kinds, startDate: '2020-01-01', endedDate: null, removed: false, ...more },
})

const household = (members: Member[], more: Partial<PayeeQuestion> = {}): PayeeQuestion => ({
  registrant: person('house', { kind: 'group', name: 'Household', phoneNumbers: [] }),
  members,
  day: '2026-03-15',
  alternateRecipientAllowed: false,
  manager: { id: 'm', payeeIdType: 'phone', regIdTypeForPayeeId: '', payeePrefix: 'phone:', payeeSuffix: '' },
  identityNumbersOf: () => [],
  ...more,
})

const told = (answer: PayeeAnswer) =>
  answer.ok
    ? `${answer.value.role} ${answer.value.registrantId}`
    : `${answer.error.code} → ${answer.fix.kind} ${answer.fix.id}`

const dead = (id: string) => person(id, { deceasedOn: '2025-12-01' })
const silent = (id: string) => person(id, { phoneNumbers: [] })

describe('resolvePayee', () => {
  it('pays individuals themselves', () => {
    const answer = resolvePayee(household([], { registrant: person('ada') }))
    expect(answer).toEqual({
      ok: true,
      value: { registrantId: 'ada', name: 'Name ada', role: 'self', address: 'phone:+251911234567' },
    })
    expect(told(resolvePayee(household([], { registrant: dead('ada') })))).toBe('payee.deceased → registrant ada')
  })

  it('pays the head, or the principal recipient whom the household named', () => {
    const head = member('head', ['head', 'spouse'])
    expect(told(resolvePayee(household([member('kid', ['child']), head])))).toBe('head head')
    expect(told(resolvePayee(household([head, member('ma', ['principal_recipient'])])))).toBe('principal_recipient ma')
  })

  it('never pays the head in place of a principal recipient without an account', () => {
    const members = [member('head', ['head']), member(silent('ma'), ['principal_recipient'])]
    expect(told(resolvePayee(household(members)))).toBe('address.no-phone → registrant ma')
  })

  it.each<[string, Member, string]>([
    ['ended', member('h', ['head'], { endedDate: '2026-03-15' }), 'payee.head-ended → registrant house'],
    ['not begun', member('h', ['head'], { startDate: '2026-03-16' }), 'payee.head-ended → registrant house'],
    ['dead', member(dead('h'), ['head']), 'payee.head-deceased → registrant house'],
    ['removed', member(person('h', { removed: true }), ['head']), 'payee.head-removed → registrant house'],
    ['none', member('h', ['spouse']), 'payee.no-head → registrant house'],
    ['unreachable', member(silent('h'), ['head']), 'address.no-phone → registrant h'],
  ])('names the reason when the head is %s, and takes the alternate only where allowed', (_, head, expected) => {
    const members = [head, member('alt', ['alternate_recipient'])]
    expect(told(resolvePayee(household(members)))).toBe(expected)
    expect(told(resolvePayee(household(members, { alternateRecipientAllowed: true })))).toBe('alternate_recipient alt')
  })

  it('still pays a membership that ends tomorrow', () => {
    expect(told(resolvePayee(household([member('h', ['head'], { endedDate: '2026-03-16' })])))).toBe('head h')
  })

  it('never chooses between two people in one role', () => {
    const heads = [member('a', ['head']), member('b', ['head']), member('c', ['alternate_recipient'])]
    expect(told(resolvePayee(household(heads, { alternateRecipientAllowed: true })))).toBe(
      'payee.several-heads → registrant house',
    )
    const alternates = [member('a', ['alternate_recipient']), member('b', ['alternate_recipient'])]
    expect(told(resolvePayee(household(alternates, { alternateRecipientAllowed: true })))).toBe(
      'payee.several-alternates → registrant house',
    )
    expect(told(resolvePayee(household([member('a', ['head']), member('a', ['head'])])))).toBe('head a')
  })

  it('asks for the manager to be mended, not the person, when its settings are wrong', () => {
    const manager = { ...household([]).manager, payeePrefix: 'False' }
    expect(told(resolvePayee(household([member('h', ['head'])], { manager })))).toBe('address.bad-prefix → manager m')
  })

  it('only ever pays a living, current member, whatever the household', () => {
    const kind = fc.constantFrom<MembershipKind>('head', 'principal_recipient', 'alternate_recipient', 'child')
    const anyMember = fc
      .record({
        id: fc.constantFrom('a', 'b', 'c'),
        kinds: fc.array(kind, { maxLength: 2 }),
        startDate: fc.constantFrom('2020-01-01', '2027-01-01'),
        endedDate: fc.constantFrom(null, '2025-01-01', '2028-01-01'),
        removed: fc.boolean(),
        gone: fc.boolean(),
        deceasedOn: fc.constantFrom(null, '2025-05-05'),
      })
      .map(({ id, kinds, startDate, endedDate, removed, gone, deceasedOn }) =>
        member(person(id, { removed: gone, deceasedOn }), kinds, { startDate, endedDate, removed }),
      )
    fc.assert(
      fc.property(fc.array(anyMember, { maxLength: 6 }), fc.boolean(), (members, alternateRecipientAllowed) => {
        const question = household(members, { alternateRecipientAllowed })
        const answer = resolvePayee(question)
        expect(resolvePayee({ ...question, members: members.toReversed() }).ok).toBe(answer.ok)
        if (!answer.ok) return
        const { role, registrantId } = answer.value
        expect(role !== 'alternate_recipient' || alternateRecipientAllowed).toBe(true)
        const standing = members.filter(
          ({ membership: m, registrant: r }) =>
            m.kinds.some((each) => each === role) &&
            !m.removed &&
            m.startDate <= question.day &&
            (m.endedDate === null || m.endedDate > question.day) &&
            !r.removed &&
            r.deceasedOn === null,
        )
        expect(new Set(standing.map(({ registrant }) => registrant.id))).toEqual(new Set([registrantId]))
      }),
    )
  })
})

describe('entitledAmount', () => {
  it('grants by rule, counting living current members once', () => {
    const members = [
      member('a', ['head']),
      member('a', ['spouse']),
      member('b', ['child']),
      member(dead('c'), ['child']),
      member('d', ['child'], { endedDate: '2025-01-01' }),
    ]
    expect(countCurrentMembers(members, '2026-03-15')).toBe(2)
    const rule = { kind: 'perMember', base: 1000, perMember: 250, maximumMembers: 3 } as const
    expect([0, 2, 3, 9].map((count) => entitledAmount(rule, count))).toEqual(
      [1000, 1500, 1750, 1750].map((value) => ({ ok: true, value })),
    )
    expect(entitledAmount({ kind: 'none' }, 3)).toEqual({ ok: true, value: null })
    expect(entitledAmount({ kind: 'fixed', amount: 7 }, 3)).toEqual({ ok: true, value: 7 })
    const huge = { ...rule, perMember: Number.MAX_SAFE_INTEGER }
    expect(entitledAmount(huge, 2)).toMatchObject({ ok: false, error: { code: 'amount.sum-too-large' } })
  })
})
