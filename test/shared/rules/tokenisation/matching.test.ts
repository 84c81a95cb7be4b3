import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MatchingRule } from '../../../../shared/model/tokenisation.ts'
import { decideMatch, type Found } from '../../../../shared/rules/tokenisation/matching.ts'

const people = fc.uniqueArray(fc.constantFrom('amina', 'bekele', 'chala', 'desta'), { maxLength: 3 })
const found = fc
  .uniqueArray(fc.constantFrom(...MatchingRule.options), { maxLength: 4 })
  .chain((rules) => fc.tuple(...rules.map((rule) => people.map((who): Found => ({ rule, people: who })))))

describe('whose a submission is', () => {
  test('one person whom every telling rule names', () => {
    expect(
      decideMatch([
        { rule: 'identity', people: ['amina'] },
        { rule: 'name-and-birthdate', people: ['amina', 'bekele'] },
      ]),
    ).toEqual({ verdict: 'known', registrantId: 'amina', rule: 'identity' })
  })

  test('a shared phone alone never decides; rules that disagree wait for an officer', () => {
    expect(decideMatch([{ rule: 'phone', people: ['amina'] }])).toMatchObject({ verdict: 'doubtful', reason: 'weak' })
    expect(
      decideMatch([
        { rule: 'identity', people: ['amina'] },
        { rule: 'registry-number', people: ['bekele'] },
      ]),
    ).toMatchObject({ verdict: 'doubtful', reason: 'contradiction' })
    expect(decideMatch([{ rule: 'name-and-birthdate', people: ['amina', 'bekele'] }])).toMatchObject({
      verdict: 'doubtful',
      reason: 'several',
    })
  })

  test('nobody is taken whom a telling rule does not name, and nobody found is overlooked', () => {
    fc.assert(
      fc.property(found, (all) => {
        const verdict = decideMatch(all)
        const hits = all.filter((one) => one.people.length > 0)
        if (verdict.verdict === 'known') {
          const telling = hits.filter(({ rule }) => rule !== 'phone')
          expect(telling.length).toBeGreaterThan(0)
          for (const one of telling) expect(one.people).toContain(verdict.registrantId)
        }
        if (verdict.verdict === 'new') expect(hits).toEqual([])
        if (verdict.verdict === 'doubtful') {
          expect([...verdict.people].sort()).toEqual([...new Set(hits.flatMap((one) => one.people))].sort())
        }
      }),
    )
  })
})
