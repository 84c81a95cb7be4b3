import { SimpleGrid, Stack } from '@mantine/core'
import { IconCoins } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { Chart } from '../../components/chart.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { Screen } from '../../components/screen.tsx'
import { Section } from '../../components/section.tsx'
import { useStateWord } from '../../components/state-badge.tsx'
import { lookOf } from '../../components/state-looks.ts'
import { setOutside } from '../../state/connectivity.ts'
import { useOfficer, useSession } from '../../state/session.ts'
import { Connections } from './connections.tsx'
import { CycleAmounts } from './cycle-amounts.tsx'
import { type Summary, WaitingList } from './waiting-list.tsx'

const KINDS = ['batch', 'cycle', 'entitlement', 'payment', 'programme', 'paymentManager', 'delivery', 'decision']
/** The line and the jobs change without any record changing. */
const EVERY = 5_000

/** The first screen of the day: what waits for the officer, and how everything stands. */
export default function HomeScreen() {
  const { t } = useTranslation('home')
  const api = useApi()
  const officer = useOfficer()
  const { officeName, training } = useSession()
  const query = useQuery(api.home.summary.queryOptions(undefined, { kinds: KINDS, keepPrevious: true, every: EVERY }))
  const outside = query.data?.outside
  useEffect(() => {
    if (outside) setOutside(outside)
  }, [outside])
  return (
    <Screen>
      <PageHeader
        title={t(`greeting.${partOfDay(new Date().getHours())}`, { name: officer.name })}
        subtitle={training ? t('common:training.name') : officeName}
      />
      <Answer query={query}>{(summary) => <Day summary={summary} />}</Answer>
    </Screen>
  )
}

function Day({ summary }: { summary: Summary }) {
  const { t } = useTranslation('home')
  const word = useStateWord()
  const { waiting, payments, cycles } = summary
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <WaitingList waiting={waiting} />
        <Connections summary={summary} />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Section title={t('charts.payments')}>
          {payments.length === 0 ? (
            <EmptyState icon={IconCoins} title={t('charts.noPayments')} />
          ) : (
            <Chart
              kind="donut"
              title={t('charts.payments')}
              items={payments.map(({ state, count }) => ({
                label: word('payment', state),
                value: count,
                colour: lookOf('payment', state).colour,
              }))}
            />
          )}
        </Section>
        <Section title={t('charts.cycles')}>
          <CycleAmounts cycles={cycles} />
        </Section>
      </SimpleGrid>
    </Stack>
  )
}

const partOfDay = (hour: number): 'morning' | 'afternoon' | 'evening' =>
  hour < 12 ? 'morning' : hour < 18 ? 'afternoon' : 'evening'
