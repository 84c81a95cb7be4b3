import { Group, SegmentedControl, Select, SimpleGrid, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'
import type { ItemState, RunView } from '../../../shared/contract/tokenisation.ts'
import { lastCopyGone } from '../../../shared/rules/backup-rotation.ts'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { Chart } from '../../components/chart.tsx'
import { FactList } from '../../components/fact-list.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { ProgressPanel } from '../../components/progress-panel.tsx'
import { Screen } from '../../components/screen.tsx'
import { Section } from '../../components/section.tsx'
import { StatCard } from '../../components/stat-card.tsx'
import { StateBadge, useStateWord } from '../../components/state-badge.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useConnectivity } from '../../state/connectivity.ts'
import { peopleKinds, runKinds } from './answers.ts'
import { PeopleList } from './people-list.tsx'
import { classesOf, doneOf, isUnderWay } from './run-figures.ts'
import { StopRun } from './stop-run.tsx'
import { usePages } from './use-pages.ts'

/** One run: how far it is, what came of it by class, and of whom. */
export function RunScreen() {
  const { t } = useTranslation('tokenisation')
  const { runId = '' } = useParams()
  const api = useApi()
  const query = useQuery(api.tokenisation.run.queryOptions({ id: runId }, { kinds: runKinds }))
  const back = { to: '/tokens/runs', label: t('tabs.runs') }
  return (
    <Screen>
      <Answer query={query} loading={<PageHeader title={t('runs.one')} back={back} />}>
        {(run) => (
          <Stack>
            <PageHeader
              title={run.connectorName || t('runs.removedConnector')}
              subtitle={
                <>
                  {t(`runs.startedBy.${run.startedBy}`)} · <MomentText at={run.startedAt} show="date" />
                </>
              }
              back={back}
              badges={<StateBadge kind="tokenRun" state={run.state} />}
              actions={isUnderWay(run) && <StopRun runId={run.id} />}
            />
            <Figures run={run} />
            <People run={run} />
          </Stack>
        )}
      </Answer>
    </Screen>
  )
}

/** The VIDs that a run removed are in backups that were made before: until when, where those are made and rotated. */
function useCopiesGone({ counts, endedAt }: RunView) {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const { data } = useQuery(api.backups.status.queryOptions(undefined))
  if (endedAt === null || counts.tokenised === 0 || data === undefined || data.settings.folder === '') return []
  const until = lastCopyGone(endedAt, data.settings.keep)
  return [
    {
      name: t('runs.copiesGone'),
      value: (
        <>
          <MomentText at={until} show="date" />
          <Text size="sm" c="dimmed">
            {t('runs.copiesGoneMeaning')}
          </Text>
        </>
      ),
    },
  ]
}

function Figures({ run }: { run: RunView }) {
  const { t } = useTranslation('tokenisation')
  const format = useFormat()
  const { counts } = run
  const outcomes = classesOf(run.classes)
  const copiesGone = useCopiesGone(run)
  const isLineDown = useConnectivity(({ line }) => line === 'down' || line === 'cut')
  return (
    <>
      {isUnderWay(run) && (
        <ProgressPanel
          title={t(`runs.doing.${run.state}`)}
          done={doneOf(counts)}
          total={run.state === 'choosing' ? undefined : counts.people}
          canBeLeft
        />
      )}
      {isUnderWay(run) && isLineDown && <FaultMessage fault={{ code: 'http.line-down', params: {} }} />}
      {run.fault && <FaultMessage fault={run.fault} />}
      <SimpleGrid cols={{ base: 2, md: 4 }}>
        <StatCard label={t('items.tokenised')} value={format.number(counts.tokenised)} tone="good" />
        <StatCard
          label={t('items.refused')}
          value={format.number(counts.refused)}
          tone={counts.refused > 0 ? 'attention' : 'plain'}
        />
        <StatCard label={t('items.unanswered')} value={format.number(counts.unanswered)} />
        <StatCard label={t('items.skipped')} value={format.number(counts.skipped)} />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, md: outcomes.length > 0 ? 2 : 1 }}>
        {outcomes.length > 0 && (
          <Section title={t('runs.classes')} description={t('runs.classesMeaning')}>
            <Chart
              kind="donut"
              height={180}
              title={t('runs.classes')}
              items={outcomes.map(({ outcome, count }) => ({
                label: t(`classes.${outcome}`),
                value: count,
                colour: colours[outcome] ?? 'gray',
              }))}
            />
          </Section>
        )}
        <Section title={t('runs.facts')}>
          <FactList
            facts={[
              { name: t('runs.started'), value: <MomentText at={run.startedAt} show="date" /> },
              {
                name: t('runs.ended'),
                value: run.endedAt === null ? null : <MomentText at={run.endedAt} show="date" />,
              },
              { name: t('runs.inAll'), value: format.number(counts.people) },
              { name: t('runs.requests'), value: format.number(run.requests) },
              { name: t('runs.unusable'), value: format.number(run.unusable) },
              ...copiesGone,
            ]}
          />
        </Section>
      </SimpleGrid>
    </>
  )
}

/** Classes that occur together are told apart. */
const colours: Readonly<Record<string, string>> = {
  data: 'ochre',
  identifier: 'brick',
  'new-vid': 'slate',
  demographics: 'spruce',
  unreadable: 'moss',
  mismatch: 'brick',
  local: 'moss',
}

const states = ['refused', 'unanswered', 'skipped', 'sent', 'chosen', 'tokenised'] as const satisfies ItemState[]
const PAGE = 100

function People({ run }: { run: RunView }) {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const format = useFormat()
  const stateWord = useStateWord()
  const [state, setState] = useState<ItemState | null>(null)
  const [outcome, setOutcome] = useState<string | null>(null)
  const there = states.filter((one) => run.counts[one] > 0)
  const input = { runId: run.id, state, class: outcome, limit: PAGE }
  const pages = usePages(['tokens.items', input], peopleKinds, (after, signal) =>
    api.tokenisation.items.ask({ ...input, after }, signal),
  )
  const outcomes = classesOf(run.classes)
  return (
    <Section
      title={t('runs.whom')}
      flush
      actions={
        <Group gap="xs">
          {there.length > 1 && (
            <SegmentedControl
              size="xs"
              aria-label={t('runs.byState')}
              value={state ?? ''}
              onChange={(next) => setState(states.find((one) => one === next) ?? null)}
              data={[
                { value: '', label: t('runs.all') },
                ...there.map((one) => ({
                  value: one,
                  label: `${stateWord('tokenItem', one)} ${format.number(run.counts[one])}`,
                })),
              ]}
            />
          )}
          {outcomes.length > 1 && (
            <Select
              size="xs"
              w={220}
              aria-label={t('runs.byClass')}
              placeholder={t('runs.byClass')}
              value={outcome}
              onChange={setOutcome}
              clearable
              data={outcomes.map(({ outcome: value }) => ({ value, label: t(`classes.${value}`) }))}
            />
          )}
        </Group>
      }
    >
      <PeopleList
        pages={pages}
        lead={(item) => <StateBadge kind="tokenItem" state={item.state} size="sm" />}
        none={t('runs.nobody')}
        noneMeaning={t(isUnderWay(run) ? 'runs.nobodyYet' : 'runs.nobodyMeaning')}
      />
    </Section>
  )
}
