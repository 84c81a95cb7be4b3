import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { codeSentence } from '../../../i18n/fault-sentence.ts'
import type { Problem } from '../answers.ts'

/** Why a row is not fit, field by field. */
export function Reasons({ reasons }: { reasons: readonly Problem[] }) {
  const { t } = useTranslation('registrants')
  return reasons.map(({ field, code, params }) => {
    const name = field.startsWith('head.')
      ? t('import.ofHead', { what: t(`import.targets.${field.slice(5)}`, { defaultValue: field }) })
      : t(`import.targets.${field}`, { defaultValue: field })
    return (
      <Text key={`${field} ${code}`} size="sm">
        {field !== '' && <b>{name}: </b>}
        {codeSentence(t, code, params)}
      </Text>
    )
  })
}
