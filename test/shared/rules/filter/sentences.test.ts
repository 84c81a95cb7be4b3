import i18next from 'i18next'
import { describe, expect, it } from 'vitest'
import ar from '../../../../renderer/i18n/ar/errors-filter.json' with { type: 'json' }
import en from '../../../../renderer/i18n/en/errors-filter.json' with { type: 'json' }
import { filterErrors } from '../../../../shared/contract/errors/filter.ts'
import { check, type FilterError, filterSchemas, parse } from '../../../../shared/rules/filter/index.ts'

const schema = filterSchemas(2).entitlement

function refused(text: string): FilterError {
  const parsed = parse(text)
  const result = parsed.ok ? check(parsed.domain, schema) : parsed
  if (result.ok) throw new Error('Not refused')
  return result.error
}

describe('the sentences about a wrong filter', () => {
  it('are there for every code, with the same places for values in every language', () => {
    const placeholders = (sentences: Record<string, string>) =>
      Object.fromEntries(
        Object.entries(sentences).map(([key, text]) => [key, text.match(/\{\{\w+\}\}/g)?.sort() ?? []]),
      )
    expect(placeholders(ar)).toEqual(placeholders(en))
    for (const code of Object.keys(filterErrors)) expect(en).toHaveProperty([code])
  })

  it.each([
    ["[('partner_id.mode_of_paiment', '=', 'cash')]", 'Did you mean “mode_of_payment”?'],
    ["[('zzzzzzzz', '=', 'cash')]", 'There is no field “zzzzzzzz” to filter by.'],
    ["[('amount', '=', '5')]", '“amount” is compared with a number, without quotes.'],
    ["[('amount', '>', None)]", '“amount” is compared with a number, without quotes.'],
    ["[('code', 'in', 'a')]", 'This operator needs a list of values in square brackets.'],
    ["[('code', '=', 'a')", 'The filter ends too early: “, ]” is missing.'],
    ["[('code', '=', )]", 'A value is expected here, not “)”.'],
    ["[('code', '=', ;)]", '“;” cannot stand here.'],
    ["[('partner_id.modeOfPayment', '=', 'cheque')]", 'It can be: cash, voucher, digital.'],
  ])('%s: %s', async (text, sentence) => {
    const i18n = i18next.createInstance()
    await i18n.init({
      lng: 'en',
      resources: { en: { errors: en } },
      ns: 'errors',
      interpolation: { escapeValue: false },
    })
    const { code, params } = refused(text)
    expect(i18n.t(code, { ns: 'errors', nsSeparator: false, keySeparator: false, ...params })).toContain(sentence)
  })
})
