/** The filter language: Odoo's domain syntax, read, checked, evaluated, compiled to SQL and written. */
export { compile, type SqlColumn, type SqlTable, type SqlTables } from './compile.ts'
export { deriveFilterSchema } from './derive-schema.ts'
export {
  all,
  any,
  type Condition,
  condition,
  type Domain,
  everything,
  limits,
  not,
  nothing,
  type Operator,
  operators,
  type Scalar,
  type Value,
} from './domain.ts'
export type { FilterError, FilterErrorCode, Refusal } from './error.ts'
export { evaluate, prepare, type Resolve } from './evaluate.ts'
export { FOLD_FUNCTION, fold } from './fold.ts'
export { parse } from './parse.ts'
export { check } from './plan.ts'
export { print } from './print.ts'
export { type FilterableRecord, type FilterSchemas, filterSchemas } from './record-schemas.ts'
export { fromRules, type Rule, type Rules, toRules } from './rules.ts'
export { type FieldType, type FilterField, type FilterSchema, findField, operatorsOf } from './schema.ts'
