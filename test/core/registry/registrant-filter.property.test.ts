import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { putRegistrant } from '../../../electron/core/registry/contact-keys.ts'
import { compileFilter } from '../../../electron/core/registry/registrant-filter.ts'
import { Store } from '../../../electron/core/store/store.ts'
import type { Registrant } from '../../../shared/model/registrant.ts'
import { filterSchemas, parse, prepare, print } from '../../../shared/rules/filter/index.ts'

const directory = mkdtempSync(join(tmpdir(), 'filters-'))
const store = new Store({ file: join(directory, 'office.db'), key: { bytes: new Uint8Array(32).fill(4) } })
afterAll(() => {
  store.close()
  rmSync(directory, { recursive: true, force: true })
})

/** Scripts with and without case, letters that fold into several, accents apart, and what patterns give a meaning. */
const letters = fc.constantFrom(...'aAbßẞσςΣİıIiéÉÆæאحአበДд%_\\*?[ '.split(''), 'e\u0301', '𐐨', '𐐀', 'ǅ', 'ﬁ')
const text = fc.array(letters, { maxLength: 6 }).map((parts) => parts.join(''))
const fields = [
  'name',
  'given_name',
  'family_name',
  'additional_name',
  'address',
  'area',
  'tags',
  'group_kind',
] as const
const person = fc.record({
  name: text.map((name) => `${name}.`),
  givenName: text,
  familyName: text,
  additionalName: text,
  address: text,
  area: text,
  groupKind: text,
  tags: fc.array(text, { maxLength: 2 }),
})
const operator = fc.constantFrom('ilike', 'not ilike', '=ilike', 'like', 'not like', '=like', '=', '!=')

type Facts = Pick<
  Registrant,
  'name' | 'givenName' | 'familyName' | 'additionalName' | 'address' | 'area' | 'groupKind' | 'tags'
>
const canonical = (value: string): string => value.normalize('NFC')

const registrant = (index: number, facts: Facts): Registrant => ({
  ...{ id: `r${index}`, removed: false, kind: 'individual', registryNumber: '', gender: '', birthdate: null },
  ...{ deceasedOn: null, modeOfPayment: 'cash', phoneNumbers: [], emails: [], bankAccounts: [] },
  ...{ registrationDate: '2026-01-01', importId: '', changedAt: '000000000-0000-0', changedBy: '-' },
  name: canonical(facts.name),
  givenName: canonical(facts.givenName),
  familyName: canonical(facts.familyName),
  additionalName: canonical(facts.additionalName),
  address: canonical(facts.address),
  area: canonical(facts.area),
  groupKind: canonical(facts.groupKind),
  tags: facts.tags.map(canonical),
})

test('a filter over the registry takes the same people in the store as in memory', () => {
  const conditions = fc.array(fc.tuple(fc.constantFrom(...fields), operator, text), { minLength: 8, maxLength: 8 })
  fc.assert(
    fc.property(fc.array(person, { minLength: 6, maxLength: 6 }), conditions, (people, asked) => {
      const all = people.map((facts, index) => registrant(index, facts))
      store.transaction('clerk', (transaction) => {
        for (const { changedAt, changedBy, ...draft } of all) putRegistrant(transaction, draft)
        transaction.audit({ action: 'registrant.created', subjectKind: 'registry', subjectId: '' })
      })
      for (const [field, comparison, value] of asked) {
        const written = `[('${field}', '${comparison}', ${JSON.stringify(value)})]`
        const parsed = parse(written)
        if (!parsed.ok) throw new Error(written)
        const prepared = prepare(parsed.domain, filterSchemas(2).registrant)
        if (!prepared.ok) throw new Error(written)
        const { sql, params } = compileFilter(print(parsed.domain))
        const taken = store.sql(`SELECT id FROM registrant AS r WHERE ${sql} ORDER BY id`).pluck()
        const expected = all.filter((one) => prepared.test(one)).map(({ id }) => id)
        expect(taken.all(...params), written).toEqual(expected)
      }
    }),
    { numRuns: 150 },
  )
})
