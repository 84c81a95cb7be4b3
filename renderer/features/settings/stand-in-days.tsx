import { Group, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** The first and the last day as they are typed, `YYYY-MM-DD`. */
export interface Days {
  readonly first: string
  readonly last: string
}

export const noDays: Days = { first: '', last: '' }

/** From the beginning of the first day to the end of the last one here, epoch milliseconds; undefined for what are no days. */
export function readDays({ first, last }: Days): { readonly begins: number; readonly ends: number } | undefined {
  const [begins, ends] = [startOf(first), startOf(last, 1)]
  return begins === undefined || ends === undefined ? undefined : { begins, ends }
}

/** The moment at which a day begins here, so many days later. */
function startOf(day: string, later = 0): number | undefined {
  const [year, month, date] = day.split('-').map(Number)
  if (year === undefined || month === undefined || date === undefined) return undefined
  const at = new Date(year, month - 1, date + later).getTime()
  return Number.isNaN(at) ? undefined : at
}

/** The day of a moment here, `YYYY-MM-DD`. */
export function dayOf(at: number): string {
  const date = new Date(at)
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** Whole days of this office in which one officer stands in for another. */
export function StandInDays({ days, onChange }: { days: Days; onChange: (days: Days) => void }) {
  const { t } = useTranslation('settings')
  return (
    <Group grow>
      <TextInput
        type="date"
        label={t('officers.delegateBegins')}
        value={days.first}
        onChange={(event) => onChange({ ...days, first: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        label={t('officers.delegateEnds')}
        value={days.last}
        onChange={(event) => onChange({ ...days, last: event.currentTarget.value })}
      />
    </Group>
  )
}
