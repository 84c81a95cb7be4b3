import '@mantine/charts/styles.css'
import { BarChart, DonutChart } from '@mantine/charts'
import { useDirection } from '@mantine/core'
import classes from './chart.module.css'
import type { ChartItem } from './chart.tsx'
import { axisWidthOf } from './chart-axis.ts'

interface DrawingProps {
  items: readonly ChartItem[]
  valueText: (value: number) => string
  kind: 'bar' | 'donut'
  height: number
  title: string
}

/** The picture itself; `Chart` loads it on demand. */
export default function ChartDrawing({ items, valueText, kind, height, title }: DrawingProps) {
  const { dir } = useDirection()
  const shades = items.map((item) => ({ ...item, colour: `${item.colour}.5` }))
  if (kind === 'bar') {
    const axisWidth = axisWidthOf(items.map(({ value }) => valueText(value)))
    const bars = shades.map(({ label, value, colour }) => ({ label, [title]: value, color: colour }))
    return (
      <BarChart
        h={height}
        // Over an axis that runs backwards the shade of the bar under the pointer lies beside it.
        data={dir === 'rtl' ? bars.toReversed() : bars}
        dataKey="label"
        series={[{ name: title, color: 'spruce.6' }]}
        valueFormatter={valueText}
        gridAxis="x"
        tickLine="none"
        maxBarWidth={44}
        barProps={{ radius: [4, 4, 0, 0], isAnimationActive: false }}
        xAxisProps={{ tickMargin: 8 }}
        yAxisProps={{ orientation: dir === 'rtl' ? 'right' : 'left', width: axisWidth }}
      />
    )
  }
  return (
    <div className={classes.donut}>
      <DonutChart
        data={shades.map(({ label, value, colour }) => ({ name: label, value, color: colour }))}
        size={height - 40}
        thickness={26}
        paddingAngle={1.5}
        strokeWidth={0}
        valueFormatter={valueText}
        tooltipDataSource="segment"
        pieProps={{ isAnimationActive: false }}
      />
      <ul className={classes.legend}>
        {shades.map(({ label, value, colour }) => (
          <li key={label}>
            <span className={classes.dot} style={{ background: `var(--mantine-color-${colour.replace('.', '-')})` }} />
            <span className={classes.name}>{label}</span>
            <span className="office-figures">{valueText(value)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
