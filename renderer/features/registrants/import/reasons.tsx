import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { codeSentence } from '../../../i18n/fault-sentence.ts'
import type { Problem } from '../answers.ts'

/** What a field of a row is called: `head.name` is the head's name. */
export function useFieldWords(): (field: string) => string {
  const { t } = useTranslation('registrants')
  const plain = (field: string): string => t(`import.targets.${field}`, { defaultValue: field })
  return (field) => (field.startsWith('head.') ? t('import.ofHead', { what: plain(field.slice(5)) }) : plain(field))
}

/** Why a row is not fit, field by field. */
export function Reasons({ reasons }: { reasons: readonly Problem[] }) {
  const { t } = useTranslation('registrants')
  const fieldWords = useFieldWords()
  return reasons.map(({ field, code, params }) => (
    <Text key={`${field} ${code}`} size="sm">
      {field !== '' && <b>{fieldWords(field)}: </b>}
      {codeSentence(t, code, params)}
    </Text>
  ))
}
