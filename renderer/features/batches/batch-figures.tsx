import { Grid, SimpleGrid } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { PaymentState } from '../../../shared/model/payment.ts'
import { Chart } from '../../components/chart.tsx'
import { Money } from '../../components/money.tsx'
import { StatCard } from '../../components/stat-card.tsx'
import { useStateWord } from '../../components/state-badge.tsx'
import { lookOf } from '../../components/state-looks.ts'
import { useFormat } from '../../i18n/format.ts'
import type { BatchPage } from './answers.ts'
import { progressPieces } from './payment-progress.ts'

/** Count and sums of a batch by what became of its payments. */
export function BatchFigures({ page: { batch, totals } }: { page: BatchPage }) {
  const { t } = useTranslation('batches')
  const format = useFormat()
  const word = useStateWord()
  const of = (state: PaymentState) => totals.find((one) => one.state === state)
  const money = (minor: number) => <Money minor={minor} currency={batch.currency} />
  const chart = progressPieces(Object.fromEntries(totals.map(({ state, count }) => [state, count]))).map(
    ({ state, count }) => ({ label: word('payment', state), value: count, colour: lookOf('payment', state).colour }),
  )
  const paid = of('paid')
  const problem = (state: 'rejected' | 'unknown' | 'review', tone: 'bad' | 'attention') => {
    const found = of(state)
    return (
      <StatCard
        label={word('payment', state)}
        value={format.number(found?.count ?? 0)}
        {...(found ? { detail: money(found.sum), tone } : {})}
      />
    )
  }
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, md: 7 }}>
        <SimpleGrid cols={{ base: 2, sm: 3 }} spacing="md">
          <StatCard label={t('figures.payments')} value={format.number(batch.count)} />
          <StatCard label={t('figures.sum')} value={money(batch.sum)} />
          <StatCard
            label={t('figures.paid')}
            value={money(paid?.paid ?? 0)}
            detail={t('figures.paidCount', { count: paid?.count ?? 0, number: format.number(paid?.count ?? 0) })}
            tone={paid ? 'good' : 'plain'}
          />
          {problem('rejected', 'bad')}
          {problem('unknown', 'attention')}
          {problem('review', 'attention')}
        </SimpleGrid>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <div className="office-sheet" style={{ padding: 'var(--mantine-spacing-md)', height: '100%' }}>
          <Chart title={t('figures.chart')} items={chart} kind="donut" height={190} />
        </div>
      </Grid.Col>
    </Grid>
  )
}
