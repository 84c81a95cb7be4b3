import { Skeleton, Table, VisuallyHidden } from '@mantine/core'
import { IconChartBar } from '@tabler/icons-react'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from './empty-state.tsx'

/** One of the things that are set side by side in each group. */
export interface BarSeries {
  readonly label: string
  /** A colour of the theme, e.g. `moss`. */
  readonly colour: string
}

export interface BarGroup {
  readonly key: string
  readonly label: string
  /** In the order of the series. */
  readonly values: readonly number[]
}

interface GroupedBarsProps {
  /** What the picture shows, for those who cannot see it. */
  title: string
  series: readonly BarSeries[]
  groups: readonly BarGroup[]
  valueText: (value: number) => string
  height?: number
}

const Drawing = lazy(() => import('./grouped-bars-drawing.tsx'))

/** Bars side by side, group by group, with the same figures as a table for screen readers. Drawn by code that is loaded when first needed. */
export function GroupedBars({ title, series, groups, valueText, height = 220 }: GroupedBarsProps) {
  const { t } = useTranslation()
  return (
    <figure style={{ margin: 0 }}>
      <VisuallyHidden>
        <Table>
          <caption>{title}</caption>
          <thead>
            <tr>
              <td />
              {series.map(({ label }) => (
                <th key={label} scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {groups.map(({ key, label, values }) => (
              <tr key={key}>
                <th scope="row">{label}</th>
                {series.map((one, place) => (
                  <td key={one.label}>{valueText(values[place] ?? 0)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </Table>
      </VisuallyHidden>
      {groups.every(({ values }) => values.every((value) => value === 0)) ? (
        <EmptyState icon={IconChartBar} title={t('chart.nothing')} />
      ) : (
        <div aria-hidden="true">
          <Suspense fallback={<Skeleton height={height} />}>
            <Drawing series={series} groups={groups} valueText={valueText} height={height} />
          </Suspense>
        </div>
      )}
    </figure>
  )
}
