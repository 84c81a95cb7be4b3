import { useTranslation } from 'react-i18next'

/** The name of a kind of record; one of a newer version is shown as it is. */
export function useKindWord(): (kind: string) => string {
  const { t } = useTranslation('central')
  return (kind) => t(`kinds.${kind}`, { defaultValue: kind })
}

/** The name of a field; the registry's own words where it has one. */
export function useFieldWord(): (field: string) => string {
  const { t } = useTranslation('central')
  return (field) => t(`fields.${field}`, { defaultValue: t(`registrants:fields.${field}`, { defaultValue: field }) })
}
