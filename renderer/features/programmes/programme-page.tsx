import { Button, Tabs } from '@mantine/core'
import { IconCalendarEvent, IconChartBar, IconSettings, IconUsers } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { ReceiptLine } from '../../components/central/receipt-line.tsx'
import { useConfirm } from '../../components/confirm-dialog.tsx'
import { notifyDone, notifyFault } from '../../components/notify.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { Screen } from '../../components/screen.tsx'
import { StateBadge } from '../../components/state-badge.tsx'
import { useMay } from '../../state/session.ts'
import { type ProgrammeView, programmeKinds } from './answers.ts'
import { CyclesTab } from './cycles-tab.tsx'
import { EnrolmentTab } from './enrolment-tab.tsx'
import { ProgrammeForm } from './programme-form.tsx'
import { ProgrammeOverview } from './programme-overview.tsx'

const tabs = [
  { key: 'overview', icon: IconChartBar },
  { key: 'enrolment', icon: IconUsers },
  { key: 'cycles', icon: IconCalendarEvent },
  { key: 'settings', icon: IconSettings },
] as const

/** One programme: how it stands, who is in it, its cycles and settings. */
export function ProgrammePage() {
  const { programmeId = '' } = useParams()
  const api = useApi()
  const query = useQuery(api.programmes.programme.view.queryOptions({ programmeId }, { kinds: programmeKinds }))
  return <Answer query={query}>{(view) => <Page view={view} />}</Answer>
}

function Page({ view }: { view: ProgrammeView }) {
  const { t } = useTranslation('programmes')
  const { tab: asked } = useParams()
  const navigate = useNavigate()
  const { programme } = view
  const tab = tabs.find(({ key }) => key === asked)?.key ?? 'overview'
  const isTable = tab === 'enrolment' || tab === 'cycles'
  return (
    <Screen layout={isTable ? 'full' : 'page'}>
      <PageHeader
        title={programme.name}
        back={{ to: '/programmes', label: t('list.title') }}
        badges={<StateBadge kind="programme" state={programme.state} />}
        subtitle={
          <>
            {t(`targets.${programme.target}`)}
            <ReceiptLine kind="programme" id={programme.id} />
          </>
        }
      />
      <Tabs
        value={tab}
        onChange={(key) => void navigate(`/programmes/${programme.id}/${key ?? 'overview'}`, { replace: true })}
        keepMounted={false}
        style={isTable ? { display: 'flex', flexDirection: 'column', flex: 1, minHeight: 0 } : {}}
      >
        <Tabs.List mb="md">
          {tabs.map(({ key, icon: Picture }) => (
            <Tabs.Tab key={key} value={key} leftSection={<Picture size={16} aria-hidden />}>
              {t(`tabs.${key}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="overview">
          <ProgrammeOverview view={view} />
        </Tabs.Panel>
        <Tabs.Panel value="enrolment" style={{ display: 'flex', flexDirection: 'column', flex: 1, minHeight: 0 }}>
          <EnrolmentTab programme={programme} />
        </Tabs.Panel>
        <Tabs.Panel value="cycles" style={{ display: 'flex', flexDirection: 'column', flex: 1, minHeight: 0 }}>
          <CyclesTab view={view} />
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          <Settings view={view} />
        </Tabs.Panel>
      </Tabs>
    </Screen>
  )
}

function Settings({ view }: { view: ProgrammeView }) {
  const { t } = useTranslation('programmes')
  const api = useApi()
  const confirm = useConfirm()
  const mayEdit = useMay('administrator')
  const { id, changedAt, changedBy, removed, state, ...settings } = view.programme
  const end = async (): Promise<void> => {
    const wanted = state === 'active' ? 'ended' : 'active'
    const confirmed = await confirm({
      title: t(`end.${wanted}.title`),
      body: t(`end.${wanted}.body`),
      confirmLabel: t(`end.${wanted}.confirm`),
      dangerous: wanted === 'ended',
    })
    if (!confirmed) return
    await api.programmes.programme.setState
      .run({ id, state: wanted })
      .then(() => notifyDone(t(`end.${wanted}.done`)), notifyFault)
  }
  return (
    <>
      <ProgrammeForm
        key={changedAt}
        settings={settings}
        submitLabel={t('form.save')}
        readOnly={!mayEdit || state === 'ended'}
        currencyFixed={view.currencyFixed}
        targetFixed={view.targetFixed}
        onSubmit={async (changed) => {
          await api.programmes.programme.update.run({ id, basedOn: changedAt, settings: changed })
          notifyDone(t('form.saved'))
        }}
      />
      {mayEdit && (
        <Button mt="md" variant="default" onClick={() => void end()}>
          {t(`end.${state === 'active' ? 'ended' : 'active'}.confirm`)}
        </Button>
      )}
    </>
  )
}
