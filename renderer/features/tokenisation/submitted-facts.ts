import { useTranslation } from 'react-i18next'
import type { SubmittedFacts } from '../../../shared/rules/tokenisation/submission.ts'
import { useFormat } from '../../i18n/format.ts'

const order = [
  'registryNumber',
  'name',
  'givenName',
  'additionalName',
  'familyName',
  'gender',
  'birthdate',
  'address',
  'area',
  'phone',
  'email',
] as const satisfies readonly (keyof SubmittedFacts)[]

/** What a form says of a person, in the order of a record; what it does not say is left out. */
export const saidFacts = (facts: SubmittedFacts): readonly { readonly field: string; readonly value: string }[] =>
  order.flatMap((field) => {
    const value = facts[field]
    return value === null || value === '' ? [] : [{ field, value }]
  })

/** A fact as an officer reads it: days in the language's way, genders as words. */
export function useFactValue(): (field: string, value: string) => string {
  const { t } = useTranslation('registrants')
  const format = useFormat()
  return (field, value) => {
    if (field === 'birthdate' && /^\d{4}-\d\d-\d\d$/.test(value)) return format.day(value)
    if (field === 'gender') return t(`genders.${value}`, { defaultValue: value })
    return value
  }
}
