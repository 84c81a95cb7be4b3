import type { TFunction } from 'i18next'

/** The sentence of an action code; a code of a newer version is shown as it is. */
export const actionWord = (t: TFunction<'audit'>, action: string): string =>
  t(`actions.${action}`, { defaultValue: action })

/** The name of a kind of record. */
export const subjectWord = (t: TFunction<'audit'>, kind: string): string =>
  t(`subjects.${kind}`, { defaultValue: kind })

/** Where a record can be looked at; undefined for those without a page. */
export function placeOf(kind: string, id: string): string | undefined {
  switch (kind) {
    case 'registrant':
      return `/registrants/${id}`
    case 'programme':
      return `/programmes/${id}`
    case 'cycle':
      return `/programmes/cycles/${id}`
    case 'batch':
      return `/batches/${id}`
    case 'paymentManager':
      return `/settings/managers/${id}`
    case 'officer':
      return '/settings/officers'
    default:
      return undefined
  }
}
