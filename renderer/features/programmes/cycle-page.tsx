import { Anchor, Button, Group, Stack, Tabs } from '@mantine/core'
import { IconChartBar, IconEdit, IconFileCheck, IconListDetails, IconStack2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams } from 'react-router'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { useDialog } from '../../components/dialogs.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { Screen } from '../../components/screen.tsx'
import { StateBadge } from '../../components/state-badge.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import { type CycleView, cycleKinds } from './answers.ts'
import { CutOffList } from './cut-off-list.tsx'
import { CycleBatches } from './cycle-batches.tsx'
import { CycleFigures } from './cycle-figures.tsx'
import { CycleForm } from './cycle-form.tsx'
import { CycleSteps } from './cycle-steps.tsx'
import { EntitlementsTable } from './entitlements-table.tsx'
import { StatementTab } from './statement-tab.tsx'
import { useWork, WorkProgress } from './work-progress.tsx'

const tabs = [
  { key: 'entitlements', icon: IconListDetails },
  { key: 'figures', icon: IconChartBar },
  { key: 'batches', icon: IconStack2 },
  { key: 'statement', icon: IconFileCheck },
] as const

/** One cycle: what is next and who does it, its entitlements, figures, batches and statement. */
export function CyclePage() {
  const { cycleId = '' } = useParams()
  const api = useApi()
  const query = useQuery(
    api.programmes.cycles.view.queryOptions({ cycleId }, { kinds: cycleKinds, keepPrevious: true }),
  )
  return <Answer query={query}>{(view) => <Page view={view} />}</Answer>
}

function Page({ view }: { view: CycleView }) {
  const { t } = useTranslation('programmes')
  const { tab: asked } = useParams()
  const navigate = useNavigate()
  const format = useFormat()
  const show = useDialog()
  const api = useApi()
  const { cycle, programmeName, currency } = view
  const work = useWork(cycle.id)
  const isAdministrator = useMay('administrator')
  const isClerk = useMay('clerk')
  const mayEdit = isAdministrator ? !['ended', 'cancelled'].includes(cycle.state) : isClerk && cycle.state === 'draft'
  const tab = tabs.find(({ key }) => key === asked)?.key ?? 'entitlements'
  const edit = (): Promise<string | undefined> =>
    show<string>((close) => (
      <CycleForm
        title={t('cycles.edit')}
        currency={currency}
        settings={{ name: cycle.name, startDate: cycle.startDate, endDate: cycle.endDate, ceiling: cycle.ceiling }}
        onSubmit={async (settings) =>
          (await api.programmes.cycles.update.run({ id: cycle.id, basedOn: cycle.changedAt, settings })).id
        }
        onClose={close}
      />
    ))
  return (
    <Screen>
      <PageHeader
        title={cycle.name}
        back={{ to: `/programmes/${cycle.programmeId}/cycles`, label: programmeName }}
        badges={<StateBadge kind="cycle" state={cycle.state} />}
        subtitle={
          <Group gap="xs">
            {t('cycles.dates', { from: format.day(cycle.startDate), to: format.day(cycle.endDate) })}
            <Anchor component={Link} to={`/batches?cycle=${cycle.id}`} size="sm">
              {t('cycles.batches')}
            </Anchor>
          </Group>
        }
        actions={
          mayEdit && (
            <Button variant="default" leftSection={<IconEdit size={16} />} onClick={() => void edit()}>
              {t('cycles.edit')}
            </Button>
          )
        }
      />
      <Stack>
        <CycleSteps view={view} work={work} />
        <WorkProgress subjectId={cycle.id} work={work} />
        <CutOffList subjectId={cycle.id} />
        <Tabs
          value={tab}
          onChange={(key) =>
            void navigate(`/programmes/cycles/${cycle.id}/${key ?? 'entitlements'}`, { replace: true })
          }
          keepMounted={false}
        >
          <Tabs.List mb="md">
            {tabs.map(({ key, icon: Picture }) => (
              <Tabs.Tab key={key} value={key} leftSection={<Picture size={16} aria-hidden />}>
                {t(`tabs.${key}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value="entitlements">
            <EntitlementsTable view={view} busy={work !== null} />
          </Tabs.Panel>
          <Tabs.Panel value="figures">
            <CycleFigures view={view} />
          </Tabs.Panel>
          <Tabs.Panel value="batches">
            <CycleBatches view={view} />
          </Tabs.Panel>
          <Tabs.Panel value="statement">
            <StatementTab view={view} />
          </Tabs.Panel>
        </Tabs>
      </Stack>
    </Screen>
  )
}
