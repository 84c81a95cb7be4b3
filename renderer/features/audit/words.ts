import type { TFunction } from 'i18next'

/** The sentence of an action code; a code of a newer version is shown as it is. */
export const actionWord = (t: TFunction<'audit'>, action: string): string =>
  t(`actions.${action}`, { defaultValue: action })

/** The name of a kind of record. */
export const subjectWord = (t: TFunction<'audit'>, kind: string): string =>
  t(`subjects.${kind}`, { defaultValue: kind })
