import { describe, expect, it } from 'vitest'
import {
  check,
  type FilterableRecord,
  filterSchemas,
  findField,
  parse,
  prepare,
} from '../../../../shared/rules/filter/index.ts'

const schemas = filterSchemas(2)

function outcome(record: FilterableRecord, text: string): string {
  const parsed = parse(text)
  const result = parsed.ok ? check(parsed.domain, schemas[record]) : parsed
  return result.ok ? 'fine' : result.error.code
}

describe('what filters may ask about our records', () => {
  it.each<[FilterableRecord, string]>([
    ['entitlement', "[('partner_id.mode_of_payment', '=', 'digital'), ('initial_amount', '>=', 250.5)]"],
    ['entitlement', "[('partner_id.is_group', '=', True), ('partner_id.tags_ids', 'in', ['urban'])]"],
    ['entitlement', "[('cycle_id.state', '=', 'approved'), ('code', '=', 'cash'), ('removed', '=', False)]"],
    ['payment', "[('state', 'in', ['prepared', 'queued']), ('amount_issued', '<', 100), ('attempt', '=', 1)]"],
    ['payment', "[('batch_id.tag_name', 'ilike', 'urban'), ('programmeId.currency', '=', 'ETB')]"],
    ['payment', "['|', ('amount_paid', '=', False), ('entitlement_id.code', '=', 'school')]"],
    [
      'batch',
      "[('cycle_id', '!=', False), ('program_id', 'ilike', 'winter'), ('held', '=', False), ('sum', '>', 1000)]",
    ],
    ['registrant', "[('birthdate', '<', '1960-01-01'), ('gender', '=', 'female'), ('deceased_on', '=', False)]"],
    // As OpenG2P's connector to the token seeder asks out of the box.
    [
      'registrant',
      `[["is_registrant","=",true],["reg_ids.id_type","=like","MOSIP VID"],"!",["reg_ids.id_type","=like","MOSIP UIN TOKEN"]]`,
    ],
    ['registrant', "[('reg_ids', '=', False)]"],
    ['entitlement', "[('partner_id.reg_ids.id_type', 'in', ['National ID'])]"],
    ['payment', "[('payee_id.reg_ids', '=', False)]"],
    ['registrant', "[('givenName', '=ilike', 'al%'), ('area', 'in', ['North', 'South'])]"],
    ['enrolment', "[('state', '=', 'enrolled'), ('partner_id.name', 'like', 'A')]"],
    ['cycle', "[('start_date', '>=', '2026-01-01'), ('ceiling', '=', False)]"],
    ['programme', "[('name', 'ilike', 'cash'), ('state', '=', 'active')]"],
  ])('%s: %s', (record, text) => {
    expect(outcome(record, text)).toBe('fine')
  })

  it.each<[FilterableRecord, string]>([
    ['payment', 'payeeAddress'],
    ['payment', 'payee_address'],
    ['registrant', 'phoneNumbers'],
    ['registrant', 'phone_numbers'],
    ['registrant', 'emails'],
    ['registrant', 'bankAccounts'],
  ])('%s.%s cannot be probed', (record, field) => {
    expect(outcome(record, `[('${field}', 'like', 'a')]`)).toBe('filter.unknown-field')
  })

  it('of identity numbers only the types can be asked', () => {
    expect(outcome('registrant', "[('reg_ids.value', 'like', '1')]")).toBe('filter.not-a-reference')
  })

  it('reads the type of a field from the record itself', () => {
    expect(findField(schemas.payment, 'amountPaid')).toEqual({ type: 'amount', path: 'amountPaid', digits: 2 })
    expect(findField(schemas.registrant, 'birthdate')).toEqual({ type: 'day', path: 'birthdate' })
    expect(findField(schemas.cycle, 'sequence')).toEqual({ type: 'integer', path: 'sequence' })
    expect(findField(schemas.registrant, 'tags')).toEqual({ type: 'set', path: 'tags' })
    expect(findField(schemas.registrant, 'mode_of_payment')).toEqual({
      type: 'enum',
      path: 'modeOfPayment',
      values: ['cash', 'voucher', 'digital'],
    })
  })

  it('names every alias after a field, and every title', () => {
    for (const schema of Object.values(schemas)) {
      for (const alias of Object.keys(schema.aliases))
        expect([alias, findField(schema, alias)]).not.toEqual([alias, undefined])
      expect(findField(schema, schema.title)).toBeDefined()
    }
  })

  it('writes amounts in the units of the currency', () => {
    const parsed = parse("[('amount', '=', 250)]")
    if (!parsed.ok) throw new Error(parsed.error.code)
    const taken = (digits: number, amount: number) => {
      const prepared = prepare(parsed.domain, filterSchemas(digits).payment)
      return prepared.ok && prepared.test({ amount })
    }
    expect([taken(2, 25_000), taken(0, 250), taken(3, 250_000), taken(2, 250)]).toEqual([true, true, true, false])
  })
})
