import { useTranslation } from 'react-i18next'
import type { ConnectorSettings } from '../../../shared/model/tokenisation.ts'
import { FactList } from '../../components/fact-list.tsx'
import { useFormat } from '../../i18n/format.ts'

/** A connector's settings in a few words. */
export function ConnectorSummary({ settings }: { settings: ConnectorSettings }) {
  const { t } = useTranslation('tokenisation')
  const format = useFormat()
  const { kind, name, mtsUrl, delivery, callback, jobType, dailyAt, intervalMinutes, chunkSize, odk } = settings
  const { unit, count } = rhythmOf(intervalMinutes)
  const rhythm =
    jobType === 'one-time'
      ? t('rhythms.once')
      : dailyAt !== ''
        ? t('summary.daily', { time: dailyAt })
        : t(`summary.every.${unit}`, { count, number: format.number(count) })
  return (
    <FactList
      facts={[
        { name: t('fields.name'), value: <bdi>{name}</bdi> },
        { name: t('summary.kind'), value: t(`kinds.${kind}`) },
        { name: t('fields.mtsUrl'), value: <bdi dir="ltr">{mtsUrl}</bdi> },
        ...(kind === 'odk'
          ? [
              { name: t('fields.odk.baseUrl'), value: <bdi dir="ltr">{odk.baseUrl}</bdi> },
              { name: t('fields.odk.formId'), value: <bdi dir="ltr">{odk.odataUrl || odk.formId}</bdi> },
            ]
          : []),
        {
          name: t('fields.delivery'),
          value: t(`ways.${delivery === 'download' ? 'download' : callback.receiver}`),
        },
        { name: t('fields.jobType'), value: rhythm },
        { name: t('fields.chunkSize'), value: format.number(chunkSize) },
      ]}
    />
  )
}

const UNITS = [
  ['day', 1_440],
  ['hour', 60],
] as const

/** Minutes in the largest unit that they fill. */
function rhythmOf(minutes: number): { readonly unit: 'day' | 'hour' | 'minute'; readonly count: number } {
  const [unit, length] = UNITS.find(([, size]) => minutes > 0 && minutes % size === 0) ?? ['minute', 1]
  return { unit, count: minutes / length }
}
