import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type GroupingTag, groupIntoBatches, isCatchAll } from '../../../shared/rules/grouping.ts'

const tag = (id: string, maximumBatchSize: number, matches?: (item: number) => boolean): GroupingTag<number> => ({
  id,
  name: id,
  maximumBatchSize,
  catchAll: matches === undefined,
  matches: matches ?? (() => true),
})

const key = (item: number) => String(item).padStart(6, '0')

describe('groupIntoBatches', () => {
  it('gives each item to the first tag that takes it and opens a new batch when one is full', () => {
    const tags = [tag('even', 2, (item) => item % 2 === 0), tag('rest', 10)]
    expect(groupIntoBatches([5, 4, 3, 2, 1, 6], tags, key)).toEqual({
      ok: true,
      value: [
        { tagId: 'even', tagName: 'even', number: 1, items: [2, 4] },
        { tagId: 'even', tagName: 'even', number: 2, items: [6] },
        { tagId: 'rest', tagName: 'rest', number: 1, items: [1, 3, 5] },
      ],
    })
  })

  it.each<[string, GroupingTag<number>[], number[], string]>([
    ['no tags', [], [1], 'grouping.no-tags'],
    ['no catch-all at the end', [tag('all', 1), tag('odd', 1, (item) => item % 2 === 1)], [1], 'grouping.no-catch-all'],
    ['a size of nought', [tag('all', 0)], [1], 'grouping.bad-size'],
    ['an item twice', [tag('all', 5)], [1, 2, 1], 'grouping.listed-twice'],
  ])('refuses %s', (_, tags, items, code) => {
    expect(groupIntoBatches(items, tags, key)).toMatchObject({ ok: false, error: { code } })
  })

  it('puts every item into exactly one batch of the right size, whatever order the records come in', () => {
    const sizes = fc.array(
      fc.record({ modulus: fc.integer({ min: 1, max: 5 }), size: fc.integer({ min: 1, max: 7 }) }),
      { maxLength: 4 },
    )
    const shuffled = fc
      .uniqueArray(fc.integer({ min: 0, max: 9999 }), { maxLength: 60 })
      .chain((items) => fc.tuple(fc.constant(items), fc.shuffledSubarray(items, { minLength: items.length })))
    fc.assert(
      fc.property(shuffled, sizes, fc.integer({ min: 1, max: 9 }), ([items, otherOrder], rules, lastSize) => {
        const tags = [
          ...rules.map(({ modulus, size }, at) => tag(`t${at}`, size, (item) => item % modulus === 0)),
          tag('last', lastSize),
        ]
        const ruling = groupIntoBatches(items, tags, key)
        if (!ruling.ok) throw new Error(ruling.error.code)
        expect(ruling).toEqual(groupIntoBatches(otherOrder, tags, key))
        expect(ruling.value.flatMap((group) => group.items).sort()).toEqual([...items].sort())
        for (const group of ruling.value) {
          const own = tags.findIndex(({ id }) => id === group.tagId)
          expect(group.items.length).toBeGreaterThan(0)
          expect(group.items.length).toBeLessThanOrEqual(tags[own]?.maximumBatchSize ?? 0)
          for (const item of group.items) expect(tags.findIndex((each) => each.matches(item))).toBe(own)
        }
      }),
    )
  })
})

it('knows the filter that takes everyone', () => {
  expect(['[]', ' [ ] ', '', "[('a','=',1)]"].map(isCatchAll)).toEqual([true, true, true, false])
})
