import { records } from '../../../shared/model/records.ts'
import {
  type FilterableRecord,
  filterSchemas,
  type SqlTable,
  type SqlTables,
} from '../../../shared/rules/filter/index.ts'
import { collections } from './collections.ts'

const columnName = (property: string): string => property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** A property is asked by its fact column where the store keeps one, else inside the body. */
function tableOf(kind: FilterableRecord): SqlTable {
  const { table, columns } = collections[kind]
  const facts = Object.keys(records[kind].schema.shape).filter((property) =>
    Object.hasOwn(columns, columnName(property)),
  )
  return {
    from: table,
    id: 'id',
    json: 'body',
    columns: { id: 'id', ...Object.fromEntries(facts.map((property) => [property, columnName(property)])) },
  }
}

/** Where the store keeps what filters ask about; for `compile` of the filter language. */
export const filterTables: SqlTables = Object.fromEntries(
  (Object.keys(filterSchemas(2)) as FilterableRecord[]).map((kind) => [kind, tableOf(kind)]),
)
