import { SimpleGrid, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Section } from '../../components/section.tsx'
import type { ManagerFormPart } from './manager-form.tsx'
import { placeOf } from './manager-outline.tsx'
import { useFields } from './manager-sections.tsx'

/** Whose money a file pays: files say it in words and an account, nothing else. */
export function FilePayerSection(part: ManagerFormPart) {
  const { t } = useTranslation('settings')
  const { text } = useFields(part)
  return (
    <Section id={placeOf('payer')} title={t('form.payer')} description={t('form.payerMeaning')}>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput {...text('payerName')} maxLength={200} />
        <TextInput {...text('payerAddress')} maxLength={256} />
      </SimpleGrid>
    </Section>
  )
}
