import { Skeleton, Table, VisuallyHidden } from '@mantine/core'
import { IconChartBar } from '@tabler/icons-react'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../i18n/format.ts'
import { EmptyState } from './empty-state.tsx'

/** One bar or slice. */
export interface ChartItem {
  readonly label: string
  readonly value: number
  /** A colour of the theme, e.g. `moss`. */
  readonly colour: string
}

interface ChartProps {
  /** What the picture shows, for those who cannot see it. */
  title: string
  items: readonly ChartItem[]
  /** How a value is written; plain numbers by default. */
  valueText?: (value: number) => string
  kind: 'bar' | 'donut'
  height?: number
}

const Drawing = lazy(() => import('./chart-drawing.tsx'))

/** A bar or donut chart, with the same figures as a table for screen readers. The drawing code is loaded when first needed. */
export function Chart({ title, items, valueText, kind, height = 220 }: ChartProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const asText = valueText ?? format.number
  return (
    <figure style={{ margin: 0 }}>
      <VisuallyHidden>
        <Table>
          <caption>{title}</caption>
          <tbody>
            {items.map(({ label, value }) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                <td>{asText(value)}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      </VisuallyHidden>
      {items.every(({ value }) => value === 0) ? (
        <EmptyState icon={IconChartBar} title={t('chart.nothing')} />
      ) : (
        <div aria-hidden="true">
          <Suspense fallback={<Skeleton height={height} />}>
            <Drawing items={items} valueText={asText} kind={kind} height={height} title={title} />
          </Suspense>
        </div>
      )}
    </figure>
  )
}
