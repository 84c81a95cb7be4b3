import { expect, test } from 'vitest'
import { type Column, nextSort, shownColumns } from '../../../renderer/components/data-table/columns.ts'
import { pagesCovering } from '../../../renderer/components/data-table/pages.ts'

const column = (key: string, more: Partial<Column<string>> = {}): Column<string> => ({
  key,
  header: key,
  width: 80,
  render: (row) => row,
  ...more,
})

test('a heading goes through ascending, descending and the own order of the list', () => {
  const first = nextSort(undefined, 'name')
  const second = nextSort(first, 'name')
  expect([first, second, nextSort(second, 'name')]).toEqual([
    { column: 'name', direction: 'asc' },
    { column: 'name', direction: 'desc' },
    undefined,
  ])
  expect(nextSort(second, 'area')).toEqual({ column: 'area', direction: 'asc' })
})

test('fixed columns cannot be hidden, and something is always shown', () => {
  const columns = [column('name', { fixed: true }), column('area')]
  expect(shownColumns(columns, ['name', 'area']).map(({ key }) => key)).toEqual(['name'])
  expect(shownColumns([column('area')], ['area', 'gone']).map(({ key }) => key)).toEqual(['area'])
})

test('the pages under the eye are the ones its rows lie in', () => {
  expect(pagesCovering(0, 0)).toEqual([0])
  expect(pagesCovering(95, 130)).toEqual([0, 1])
  expect(pagesCovering(199_950, 199_999)).toEqual([1_999])
})
