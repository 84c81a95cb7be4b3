import { Stepper, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { MomentText } from '../../components/moment-text.tsx'
import { useFormat } from '../../i18n/format.ts'
import type { BatchPage } from './answers.ts'
import { lifeOf } from './batch-life.ts'

/** The way of a batch with who did what and when. */
export function BatchStations({ page }: { page: BatchPage }) {
  const { t } = useTranslation('batches')
  const format = useFormat()
  const narrow = useMediaQuery('(max-width: 62em)')
  const stations = lifeOf(page)
  const reached = stations.filter((station) => station.reached).length
  return (
    <Stepper
      active={reached}
      size="xs"
      iconSize={26}
      orientation={narrow ? 'vertical' : 'horizontal'}
      color={page.batch.state === 'cancelled' ? 'gray' : 'moss'}
      aria-label={t('stations.title')}
      wrap={false}
    >
      {stations.map(({ step, at, by, note, reached: done }) => (
        <Stepper.Step
          key={step}
          allowStepSelect={false}
          label={note === '' ? t(`stations.${step}`) : t(`stations.notes.${note}`)}
          description={
            done || at !== null ? (
              <Text span size="xs" c="dimmed" component="span" style={{ display: 'block' }}>
                {by.length > 0 && <bdi>{format.list(by.map((id) => page.officers[id] ?? t('theOffice')))}</bdi>}
                {by.length > 0 && at !== null && <br />}
                {at !== null && <MomentText at={at} show={narrow ? 'date' : 'ago'} />}
              </Text>
            ) : undefined
          }
        />
      ))}
    </Stepper>
  )
}
