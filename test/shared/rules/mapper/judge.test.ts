import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AskedPerson, judgeAnswer, type MapperItem } from '../../../../shared/rules/mapper/judge.ts'
import { ruled } from '../../../../shared/rules/ruling.ts'

const addressOf = ({ account }: MapperItem) =>
  ruled({ address: `account_no:${String(account)}@BANK`, provider: 'BANK' })

const item = (reference: string, more: Partial<MapperItem> = {}): MapperItem => ({
  reference,
  status: 'succ',
  code: 'succ.id.active',
  id: `token:${reference}@nid`,
  account: `acc-${reference}`,
  provider: '',
  ...more,
})

const people = (count: number): AskedPerson[] =>
  Array.from({ length: count }, (_, n) => ({ reference: `r${n}`, id: `token:r${n}@nid` }))

const codeOf = (items: readonly MapperItem[]): string => {
  const one = judgeAnswer(people(1), items, addressOf).get('r0')
  return one === undefined ? '' : one.kind === 'linked' ? one.address : `${one.kind} ${one.why.code}`
}

describe('what an answer says of a person', () => {
  it.each<[string, Partial<MapperItem>, string]>([
    ['active', {}, 'account_no:acc-r0@BANK'],
    ['no code', { code: '' }, 'account_no:acc-r0@BANK'],
    ['no id', { id: null }, 'account_no:acc-r0@BANK'],
    [
      'not linked, as SPAR 2 says it',
      { id: null, account: null, code: 'succ.fa.not_linked_to_id' },
      'none mapper.not-linked',
    ],
    ['not found, as SPAR 1 says it', { account: null, code: 'succ.id.not_found' }, 'none mapper.not-linked'],
    ['not found, rejected', { status: 'rjct', account: null, code: 'rjct.id.not_found' }, 'none mapper.not-linked'],
    ['inactive', { code: 'succ.fa.inactive' }, 'none mapper.inactive'],
    ['not found and found', { code: 'succ.id.not_found' }, 'unresolved mapper.contradicts-itself'],
    ['another person', { id: 'token:other@nid' }, 'unresolved mapper.other-person'],
    ['no account', { account: null }, 'unresolved mapper.no-account-told'],
    ['pending', { status: 'pdng', account: null }, 'unresolved mapper.unanswered'],
    ['rejected', { status: 'rjct', code: 'rjct.id.invalid' }, 'unresolved mapper.refused'],
    ['an unknown word', { status: 'succ', code: 'succ.maybe' }, 'unresolved mapper.refused'],
  ])('%s', (_, more, expected) => {
    expect(codeOf([item('r0', more)])).toBe(expected)
  })

  it('says nothing where the answer says it twice, under another reference, or not at all', () => {
    expect(codeOf([item('r0'), item('r0')])).toBe('unresolved mapper.answered-twice')
    expect(codeOf([item('r0'), item('r0', { account: 'other' })])).toBe('unresolved mapper.answered-twice')
    expect(codeOf([item('r1', { id: 'token:r0@nid' })])).toBe('unresolved mapper.unanswered')
    expect(codeOf([])).toBe('unresolved mapper.unanswered')
  })
})

describe('matching', () => {
  const kinds = fc.constantFrom('linked', 'none', 'lost', 'twice', 'stranger', 'other-person')

  it('gives everybody the own account or none, in whatever order and company the items come', () => {
    fc.assert(
      fc.property(fc.array(kinds, { minLength: 1, maxLength: 30 }), fc.infiniteStream(fc.nat()), (wanted, places) => {
        const asked = people(wanted.length)
        const items = wanted.flatMap((kind, n): MapperItem[] => {
          const reference = `r${n}`
          switch (kind) {
            case 'linked':
              return [item(reference)]
            case 'none':
              return [item(reference, { id: null, account: null, code: 'succ.fa.not_linked_to_id' })]
            case 'twice':
              return [item(reference), item(reference, { account: 'elsewhere' })]
            case 'stranger':
              return [item(`x-${reference}`, { id: `token:${reference}@nid` })]
            case 'other-person':
              return [item(reference, { id: `token:r${(n + 1) % wanted.length}x@nid` })]
            default:
              return []
          }
        })
        const shuffled = items
          .map((one) => ({ one, place: places.next().value }))
          .sort((a, b) => a.place - b.place)
          .map(({ one }) => one)
        const judged = judgeAnswer(asked, shuffled, addressOf)
        expect(judged.size).toBe(asked.length)
        for (const [n, kind] of wanted.entries()) {
          const one = judged.get(`r${n}`)
          if (kind === 'linked') expect(one).toMatchObject({ kind: 'linked', address: `account_no:acc-r${n}@BANK` })
          else expect(one?.kind).toBe(kind === 'none' ? 'none' : 'unresolved')
        }
      }),
    )
  })
})
