/** The filter language: Odoo's domain syntax, read, checked, evaluated, compiled to SQL and written. */
export { compile, type SqlTable, type SqlTables } from './compile.ts'
export {
  all,
  any,
  condition,
  type Domain,
  everything,
  limits,
  not,
  type Operator,
  operators,
  type Scalar,
  type Value,
} from './domain.ts'
export type { FilterError } from './error.ts'
export { prepare, type Resolve } from './evaluate.ts'
export { FOLD_FUNCTION, fold } from './fold.ts'
export { parse } from './parse.ts'
export { check } from './plan.ts'
export { print } from './print.ts'
export { type FilterableRecord, filterSchemas } from './record-schemas.ts'
export { fromRules, type Rule, type Rules, toRules } from './rules.ts'
export { type FilterField, type FilterSchema, findField, operatorsOf } from './schema.ts'
