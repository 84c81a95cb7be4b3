import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { all, any, type Domain, not, parse, prepare } from '../../../../shared/rules/filter/index.ts'
import { domains, type Payment, type Person, payment, payments, persons, type Village, villages } from './sample.ts'
import { sampleStore } from './sample-store.ts'

const store = sampleStore()
afterAll(() => store.close())

interface World {
  payments: Payment[]
  persons: Person[]
  villages: Village[]
}
const worlds: fc.Arbitrary<World> = fc.record({ payments, persons, villages })

function takenInMemory(domain: Domain, world: World): number[] {
  const prepared = prepare(domain, payment, (record, id) =>
    (record === 'person' ? world.persons : world.villages).find((each) => each.id === id),
  )
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.error))
  return world.payments.flatMap((each, index) => (prepared.test(each) ? [index] : []))
}

describe('a filter in memory and in SQL', () => {
  it('takes the same records', () => {
    fc.assert(
      fc.property(worlds, fc.array(domains, { minLength: 10, maxLength: 10 }), (world, filters) => {
        store.fill(world)
        for (const domain of filters) expect(store.taken(domain)).toEqual(takenInMemory(domain, world))
      }),
      { numRuns: 1000 },
    )
  })

  it('is split exactly in two by "not"', () => {
    fc.assert(
      fc.property(worlds, domains, (world, domain) => {
        store.fill(world)
        const inside = takenInMemory(domain, world)
        const outside = store.taken(not(domain))
        expect([...inside, ...outside].sort((a, b) => a - b)).toEqual(world.payments.map((_, index) => index))
      }),
      { numRuns: 300 },
    )
  })

  it('joins by "all" and "any" as sets do', () => {
    fc.assert(
      fc.property(worlds, domains, domains, (world, left, right) => {
        const [a, b] = [new Set(takenInMemory(left, world)), new Set(takenInMemory(right, world))]
        expect(new Set(takenInMemory(all([left, right]), world))).toEqual(a.intersection(b))
        expect(new Set(takenInMemory(any([left, right]), world))).toEqual(a.union(b))
      }),
      { numRuns: 300 },
    )
  })
})

describe('the SQL of a filter', () => {
  const domainOf = (text: string): Domain => {
    const parsed = parse(text)
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error))
    return parsed.domain
  }

  it('uses an index for a plain equality', () => {
    expect(store.plan(domainOf("[('state', '=', 'sent'), ('code', 'ilike', 'a')]"))).toContain('payment_state')
  })

  it('holds at the largest filter that can be written', () => {
    const [world] = fc.sample(worlds, { seed: 1, numRuns: 1 })
    if (!world) throw new Error('No world')
    store.fill(world)
    const one = "('partner_id.village_id.name', 'not ilike', 'a%b')"
    const nested = Array.from({ length: 62 }, (_, index) => `${index % 2 ? "'&'" : "'|'"}, ${one}, `).join('')
    const numbers = Array.from({ length: 4000 }, (_, index) => index).join(',')
    for (const text of [
      `[${Array(300).fill(one).join(', ')}]`,
      `['!', ${nested}${one}]`,
      `[('attempt', 'in', [${numbers}])]`,
    ]) {
      const domain = domainOf(text)
      expect(store.taken(domain)).toEqual(takenInMemory(domain, world))
    }
  })
})
