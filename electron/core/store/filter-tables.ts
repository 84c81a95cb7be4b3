import { records } from '../../../shared/model/records.ts'
import {
  type FilterableRecord,
  FOLD_FUNCTION,
  filterSchemas,
  type SqlTable,
  type SqlTables,
} from '../../../shared/rules/filter/index.ts'
import { collections } from './collections.ts'

const columnName = (property: string): string => property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** SQLite folds plain ASCII itself; other texts are stored folded where that pays, else they go through a function. */
const folded = (column: string, isStored: boolean) => (row: string) => {
  const text = `${row}."${column}"`
  if (isStored) return `coalesce(${row}."folded_${column}", lower(${text}))`
  return `(CASE WHEN octet_length(${text}) = length(${text}) THEN lower(${text}) ELSE ${FOLD_FUNCTION}(${text}) END)`
}

/** A property is asked by its fact column where the store keeps one, else inside the body. */
function tableOf(kind: FilterableRecord): SqlTable {
  const { table, columns } = collections[kind]
  const facts = Object.keys(records[kind].schema.shape).filter((property) =>
    Object.hasOwn(columns, columnName(property)),
  )
  const places = [
    ['id', 'id'],
    ['changedAt', 'changed_at'],
    ...facts.map((property) => [property, columnName(property)] as const),
  ] as const
  return {
    from: table,
    id: 'id',
    json: 'body',
    columns: Object.fromEntries(places),
    foldedColumns: Object.fromEntries(
      places.map(([property, column]) => [property, folded(column, Object.hasOwn(columns, `folded_${column}`))]),
    ),
  }
}

/** What the store knows of a registrant beside the record. */
const besideRegistrant: NonNullable<SqlTable['columns']> = {
  isRegistrant: () => '1',
  identityTypes: (row) =>
    `(SELECT json_group_array(n.type) FROM identity_number n WHERE n.registrant_id = ${row}.id AND n.removed = 0)`,
}

const tables = Object.fromEntries(
  (Object.keys(filterSchemas(2)) as FilterableRecord[]).map((kind) => [kind, tableOf(kind)]),
) as Record<FilterableRecord, SqlTable>

/** Where the store keeps what filters ask about; for `compile` of the filter language. */
export const filterTables: SqlTables = {
  ...tables,
  registrant: { ...tables.registrant, columns: { ...tables.registrant.columns, ...besideRegistrant } },
}
