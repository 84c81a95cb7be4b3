import type { SubmittedFacts } from '../../../shared/rules/tokenisation/submission.ts'

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
