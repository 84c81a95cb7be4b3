import { SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Section } from '../../components/section.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useFields } from './connector-fields.ts'
import { SeederTest } from './seeder-test.tsx'
import type { ConnectorPart } from './use-connector-draft.ts'

/** Which token seeder is asked, and under which types numbers are kept. */
export function SeederSection(part: ConnectorPart) {
  const { t } = useTranslation('tokenisation')
  const { locale } = useFormat()
  const { text } = useFields(part)
  const { draft } = part
  const known = /^[a-z]{3}$/.test(draft.language)
    ? new Intl.DisplayNames(locale, { type: 'language', fallback: 'none' }).of(draft.language)
    : undefined
  return (
    <Section title={t('parts.seeder')} description={t('partMeanings.seeder')}>
      <Stack>
        <TextInput {...text('name')} maxLength={200} data-autofocus />
        <TextInput {...text('mtsUrl')} type="url" dir="ltr" />
        <SeederTest key={draft.mtsUrl} mtsUrl={draft.mtsUrl} />
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          <TextInput {...text('vidType')} maxLength={40} />
          <TextInput {...text('tokenType')} maxLength={40} />
          <TextInput
            {...text('language')}
            maxLength={3}
            dir="ltr"
            description={known === undefined ? t('explains.language') : t('languageKnown', { language: known })}
          />
        </SimpleGrid>
      </Stack>
    </Section>
  )
}
