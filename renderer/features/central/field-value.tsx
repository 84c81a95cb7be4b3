import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format.ts'

const DAY = /^\d{4}-\d{2}-\d{2}$/

/** One value of a field of any record, as a person reads it. */
export function FieldValue({ value }: { value: unknown }) {
  const { t } = useTranslation('central')
  const format = useFormat()
  const nothing = (
    <Text span inherit c="dimmed">
      {t('value.nothing')}
    </Text>
  )
  if (value === null || value === undefined || value === '') return nothing
  if (typeof value === 'boolean') return t(value ? 'value.yes' : 'value.no')
  if (typeof value === 'number') return <bdi>{format.number(value)}</bdi>
  if (typeof value === 'string') return <bdi>{DAY.test(value) ? format.day(value) : value}</bdi>
  if (!Array.isArray(value)) return <bdi dir="ltr">{JSON.stringify(value)}</bdi>
  if (value.length === 0) return nothing
  return (
    <ul style={{ margin: 0, paddingInlineStart: '1.1em' }}>
      {value.map((item) => {
        const text = typeof item === 'string' ? item : JSON.stringify(item)
        return (
          <li key={text}>
            <bdi>{text}</bdi>
          </li>
        )
      })}
    </ul>
  )
}
