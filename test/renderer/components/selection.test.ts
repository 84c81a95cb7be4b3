import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  everythingSelected,
  isSelected,
  nothingSelected,
  type Selection,
  select,
  selectedCount,
} from '../../../renderer/components/data-table/selection.ts'

const ids = Array.from({ length: 12 }, (_, index) => `row ${index}`)
const step = fc.oneof(
  fc.record({ kind: fc.constant('select' as const), ids: fc.subarray(ids), chosen: fc.boolean() }),
  fc.constant({ kind: 'all' as const }),
  fc.constant({ kind: 'none' as const }),
)

test('a selection counts and answers like a plain set of chosen rows', () => {
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      let selection: Selection = nothingSelected
      let model = new Set<string>()
      for (const one of steps) {
        if (one.kind === 'all') {
          selection = everythingSelected
          model = new Set(ids)
        } else if (one.kind === 'none') {
          selection = nothingSelected
          model = new Set()
        } else {
          selection = select(selection, one.ids, one.chosen)
          for (const id of one.ids) one.chosen ? model.add(id) : model.delete(id)
        }
      }
      expect(ids.filter((id) => isSelected(selection, id))).toEqual(ids.filter((id) => model.has(id)))
      expect(selectedCount(selection, ids.length)).toBe(model.size)
    }),
  )
})

test('all means all, whatever was loaded', () => {
  expect(selectedCount(everythingSelected, 200_000)).toBe(200_000)
  expect(selectedCount(select(everythingSelected, ['row 1'], false), 200_000)).toBe(199_999)
})
