import { Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { ConflictPage } from '../../../shared/contract/central.ts'
import { MomentText } from '../../components/moment-text.tsx'
import { Section } from '../../components/section.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useFieldWord } from './words.ts'

/** What officers let stand, in whichever offices; nothing where nobody decided. */
export function ConflictDecisions({ page: { decisions } }: { page: ConflictPage }) {
  const { t } = useTranslation('central')
  const format = useFormat()
  const fieldWord = useFieldWord()
  if (decisions.length === 0) return null
  return (
    <Section title={t('conflict.decisions')} description={t('conflict.decisionsMeaning')}>
      <Stack gap="xs">
        {decisions.map(({ at, officerName, chosen }) => (
          <div key={`${at} ${officerName}`}>
            <Text component="div">
              <bdi>{officerName === '' ? t('byOffice') : officerName}</bdi> · <MomentText at={at} />
            </Text>
            <Text size="sm" c="dimmed">
              {format.list(
                Object.entries(chosen).map(([field, side]) => t(`conflict.took.${side}`, { name: fieldWord(field) })),
              )}
            </Text>
          </div>
        ))}
      </Stack>
    </Section>
  )
}
