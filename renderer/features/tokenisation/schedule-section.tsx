import { NumberInput, SegmentedControl, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { LARGEST_CHUNK } from '../../../shared/model/tokenisation.ts'
import { Section } from '../../components/section.tsx'
import { useFields } from './connector-fields.ts'
import type { ConnectorPart } from './use-connector-draft.ts'

const rhythms = ['interval', 'daily', 'once'] as const
type Rhythm = (typeof rhythms)[number]
const DAY = 1_440

/** When it runs, how many people go in one request, and how long answers may take. */
export function ScheduleSection(part: ConnectorPart) {
  const { t } = useTranslation('tokenisation')
  const { number, text, words } = useFields(part)
  const { draft, change, readOnly } = part
  const rhythm: Rhythm = draft.jobType === 'one-time' ? 'once' : draft.dailyAt === '' ? 'interval' : 'daily'
  const choose = (next: string): void => {
    if (next === 'once') change({ jobType: 'one-time', intervalMinutes: 0, dailyAt: '' })
    else if (next === 'daily') change({ jobType: 'recurring', intervalMinutes: 0, dailyAt: '05:30' })
    else change({ jobType: 'recurring', intervalMinutes: DAY, dailyAt: '' })
  }
  const day = (name: 'startDate' | 'endDate') => ({
    ...words(name),
    type: 'date',
    readOnly,
    value: draft[name] ?? '',
    onChange: (event: { currentTarget: { value: string } }) => change({ [name]: event.currentTarget.value || null }),
  })
  return (
    <Section title={t('parts.schedule')} description={t('partMeanings.schedule')}>
      <Stack>
        <div>
          <SegmentedControl
            aria-label={t('fields.jobType')}
            value={rhythm}
            onChange={choose}
            readOnly={readOnly}
            data={rhythms.map((one) => ({ value: one, label: t(`rhythms.${one}`) }))}
          />
          <Text size="sm" c="dimmed" mt={4}>
            {t(`rhythmMeanings.${rhythm}`)}
          </Text>
        </div>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {rhythm === 'interval' && <NumberInput {...number('intervalMinutes', 1, 44_640)} />}
          {rhythm === 'daily' && <TextInput {...text('dailyAt')} type="time" />}
          {draft.kind === 'odk' && rhythm === 'once' && <TextInput {...day('startDate')} />}
          {draft.kind === 'odk' && rhythm === 'once' && <TextInput {...day('endDate')} />}
          <NumberInput {...number('chunkSize', 1, LARGEST_CHUNK)} />
          <NumberInput {...number('answerDeadlineMinutes', 1, 10_080)} />
        </SimpleGrid>
      </Stack>
    </Section>
  )
}
