import { Anchor, SimpleGrid, Stack, Text } from '@mantine/core'
import { IconCalendarEvent, IconCoins } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { centralSentence } from '../../components/central/central-words.ts'
import { useCentralOverview } from '../../components/central/use-overview.ts'
import { Chart } from '../../components/chart.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { Screen } from '../../components/screen.tsx'
import { Section } from '../../components/section.tsx'
import { useStateWord } from '../../components/state-badge.tsx'
import { lookOf } from '../../components/state-looks.ts'
import { useFormat } from '../../i18n/format.ts'
import { setOutside, useConnectivity } from '../../state/connectivity.ts'
import { useOfficer, useSession } from '../../state/session.ts'
import { SafetyWords } from './safety-words.tsx'
import { type Summary, WaitingList } from './waiting-list.tsx'

const KINDS = ['batch', 'cycle', 'entitlement', 'payment', 'programme', 'paymentManager', 'delivery', 'decision']
/** The line and the jobs change without any record changing. */
const EVERY = 5_000
/** Cycles in the picture, each with what was approved and what was paid. */
const RECENT = 3

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
  const format = useFormat()
  const word = useStateWord()
  const coreUp = useConnectivity((connectivity) => connectivity.coreUp)
  const { waiting, payments, cycles, jobs, nextJobAt, unsent, unsentSince, outside } = summary
  const anyJob = jobs.running + jobs.waiting + jobs.paused + jobs.attention > 0
  // Sums of different currencies cannot stand side by side: each has its own picture.
  const byCurrency = Map.groupBy([...cycles].reverse(), ({ currency }) => currency)
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <WaitingList waiting={waiting} />
        <Section title={t('connections.title')}>
          <Stack gap={6}>
            <Text>{coreUp ? t('common:status.coreUp') : t('common:status.coreDown')}</Text>
            <Text>{t(`common:status.line.${outside.line}`)}</Text>
            <Text>{t(`common:status.paymentSystem.${outside.paymentSystem}`)}</Text>
            <CentralWords />
            <Text fw={jobs.attention > 0 ? 600 : 400}>
              {anyJob
                ? t('connections.jobs', {
                    running: format.number(jobs.running),
                    waiting: format.number(jobs.waiting),
                    paused: format.number(jobs.paused),
                    attention: format.number(jobs.attention),
                  })
                : t('connections.jobsNone')}
            </Text>
            {nextJobAt !== null && <Text c="dimmed">{t('connections.next', { when: format.ago(nextJobAt) })}</Text>}
            <Text>
              {unsentSince === null
                ? t('connections.unsentNone')
                : t('connections.unsent', { number: format.number(unsent), when: format.ago(unsentSince) })}
            </Text>
            {summary.safety !== null && <SafetyWords safety={summary.safety} />}
          </Stack>
        </Section>
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
          {cycles.length === 0 ? (
            <EmptyState icon={IconCalendarEvent} title={t('charts.noCycles')} />
          ) : (
            [...byCurrency].map(([currency, own]) => (
              <Chart
                key={currency}
                kind="bar"
                title={t('charts.cyclesIn', { currency })}
                valueText={(value) => format.money(value, currency)}
                items={own.slice(-RECENT).flatMap(({ name, granted, paid }) => [
                  { label: t('charts.approvedIn', { name }), value: granted, colour: 'spruce' },
                  { label: t('charts.paidIn', { name }), value: paid, colour: 'moss' },
                ])}
              />
            ))
          )}
        </Section>
      </SimpleGrid>
    </Stack>
  )
}

/** The central server in the same words as the chip; nothing where the office works alone. */
function CentralWords() {
  const { t } = useTranslation('central')
  const format = useFormat()
  const { data } = useCentralOverview()
  const { training } = useSession()
  const sentence = data && centralSentence(t, format, data, training)
  if (data === undefined || sentence === undefined) return null
  const { status, waiting } = data
  const count = status.stopped.length + waiting.conflicts + waiting.refusals + waiting.quarantined
  return (
    <>
      <Text fw={sentence.tone === 'bad' ? 600 : 400}>{sentence.words}</Text>
      {count > 0 && (
        <Anchor component={Link} to={status.stopped.length > 0 ? '/central/attention' : '/central'} fw={600}>
          {t('waiting.some', { count, number: format.number(count) })}
        </Anchor>
      )}
    </>
  )
}

const partOfDay = (hour: number): 'morning' | 'afternoon' | 'evening' =>
  hour < 12 ? 'morning' : hour < 18 ? 'afternoon' : 'evening'
