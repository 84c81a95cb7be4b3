import '@mantine/charts/styles.css'
import { BarChart } from '@mantine/charts'
import { useDirection } from '@mantine/core'
import classes from './chart.module.css'
import { axisWidthOf } from './chart-axis.ts'
import type { BarGroup, BarSeries } from './grouped-bars.tsx'

interface DrawingProps {
  series: readonly BarSeries[]
  groups: readonly BarGroup[]
  valueText: (value: number) => string
  height: number
}

/** Letters of a label below so many groups; the whole of it is in the card of the group under the pointer. */
const lettersFor = (groups: number): number => Math.floor(60 / Math.max(1, groups))

/** The picture itself; `GroupedBars` loads it on demand. */
export default function GroupedBarsDrawing({ series, groups, valueText, height }: DrawingProps) {
  const { dir } = useDirection()
  const backwards = dir === 'rtl'
  const letters = lettersFor(groups.length)
  const data = groups.map(({ label, values }) => ({
    label,
    ...Object.fromEntries(series.map((one, place) => [one.label, values[place] ?? 0])),
  }))
  const bars = series.map(({ label, colour }) => ({ name: label, color: `${colour}.5` }))
  return (
    <>
      <BarChart
        h={height}
        // Over an axis that runs backwards the shade of the bar under the pointer lies beside it.
        data={backwards ? data.toReversed() : data}
        dataKey="label"
        series={backwards ? bars.toReversed() : bars}
        valueFormatter={valueText}
        gridAxis="x"
        tickLine="none"
        maxBarWidth={44}
        barProps={{ radius: [4, 4, 0, 0], isAnimationActive: false }}
        xAxisProps={{
          tickMargin: 8,
          interval: 0,
          tickFormatter: (label: string) => (label.length > letters ? `${label.slice(0, letters - 1)}…` : label),
        }}
        yAxisProps={{
          orientation: backwards ? 'right' : 'left',
          width: axisWidthOf(groups.flatMap(({ values }) => values).map(valueText)),
        }}
      />
      <ul className={classes.key}>
        {series.map(({ label, colour }) => (
          <li key={label}>
            <span className={classes.dot} style={{ background: `var(--mantine-color-${colour}-5)` }} />
            <span>{label}</span>
          </li>
        ))}
      </ul>
    </>
  )
}
