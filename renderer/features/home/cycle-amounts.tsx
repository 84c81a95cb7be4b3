import { IconCalendarEvent } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../components/empty-state.tsx'
import { GroupedBars } from '../../components/grouped-bars.tsx'
import { useFormat } from '../../i18n/format.ts'
import type { Summary } from './waiting-list.tsx'

/** Cycles in the picture. */
const RECENT = 3

/** What was approved and what was paid, cycle by cycle; sums of different currencies cannot stand side by side. */
export function CycleAmounts({ cycles }: { cycles: Summary['cycles'] }) {
  const { t } = useTranslation('home')
  const format = useFormat()
  if (cycles.length === 0) return <EmptyState icon={IconCalendarEvent} title={t('charts.noCycles')} />
  const byCurrency = Map.groupBy([...cycles].reverse(), ({ currency }) => currency)
  return [...byCurrency].map(([currency, all]) => {
    const shown = all.slice(-RECENT)
    // Programmes often call their cycles alike.
    const isAlone = (name: string): boolean => shown.filter((cycle) => cycle.name === name).length === 1
    return (
      <GroupedBars
        key={currency}
        title={t('charts.cyclesIn', { currency })}
        valueText={(value) => format.money(value, currency)}
        series={[
          { label: t('charts.approved'), colour: 'spruce' },
          { label: t('charts.paid'), colour: 'moss' },
        ]}
        groups={shown.map(({ id, name, programmeName, granted, paid }) => ({
          key: id,
          label: isAlone(name) ? name : t('charts.cycleOf', { programme: programmeName, name }),
          values: [granted, paid],
        }))}
      />
    )
  })
}
