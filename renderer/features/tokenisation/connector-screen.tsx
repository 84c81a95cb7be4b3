import { Alert, Badge, Button, Menu, Stack, Tabs } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { FactList } from '../../components/fact-list.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'
import { Screen } from '../../components/screen.tsx'
import { Section } from '../../components/section.tsx'
import { StateBadge } from '../../components/state-badge.tsx'
import { useMay } from '../../state/session.ts'
import { type Connector, connectorKinds } from './answers.ts'
import { ConnectorDeeds } from './connector-deeds.tsx'
import { draftOf } from './connector-draft.ts'
import { ConnectorForm } from './connector-form.tsx'
import { ConnectorSummary } from './connector-summary.tsx'
import { FormStanding } from './form-standing.tsx'
import { RunSummary } from './run-summary.tsx'
import { RunsTab } from './runs-tab.tsx'
import { useSaveConnector } from './use-save-connector.ts'
import { WrongList } from './wrong-list.tsx'

const tabs = ['standing', 'settings', 'runs'] as const

/** The page of one connector. */
export function ConnectorScreen() {
  const { t } = useTranslation('tokenisation')
  const { connectorId = '' } = useParams()
  const api = useApi()
  const query = useQuery(
    api.tokenisation.connectors.get.queryOptions({ id: connectorId }, { kinds: connectorKinds, keepPrevious: true }),
  )
  const back = { to: '/tokens/connectors', label: t('tabs.connectors') }
  return (
    <Screen>
      <Answer query={query} loading={<PageHeader title={t('connectors.one')} back={back} />}>
        {(connector) => <Content connector={connector} back={back} onChanged={() => void query.refetch()} />}
      </Answer>
    </Screen>
  )
}

interface ContentProps {
  connector: Connector
  back: { to: string; label: string }
  onChanged: () => void
}

function Content({ connector, back, onChanged }: ContentProps) {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const navigate = useNavigate()
  const askPin = useAskPin()
  const may = useMay('administrator')
  const { tab: asked } = useParams()
  const tab = tabs.find((one) => one === asked) ?? 'standing'
  const { id, name, kind, state, changedAt } = connector
  const remove = async (): Promise<void> => {
    const done = await askPin({
      title: t('connectors.removeTitle', { name }),
      body: t('connectors.removeMeaning'),
      confirmLabel: t('connectors.remove'),
      run: (pin) => api.tokenisation.connectors.remove.run({ id, basedOn: changedAt, pin }),
    })
    if (done === undefined) return
    notifyDone(t('connectors.removed', { name }))
    await navigate('/tokens/connectors', { replace: true })
  }
  return (
    <Stack>
      <PageHeader
        title={name}
        back={back}
        badges={
          <>
            <StateBadge kind="connector" state={state} />
            <Badge variant="default" tt="none" radius="sm">
              {t(`kinds.${kind}`)}
            </Badge>
          </>
        }
        actions={
          <>
            {may && (
              <Menu position="bottom-end">
                <Menu.Target>
                  <Button variant="default" aria-label={t('connectors.more')} px="xs">
                    <IconDots size={18} />
                  </Button>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item color="brick" onClick={() => void remove()}>
                    {t('connectors.remove')}
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            )}
            <ConnectorDeeds connector={connector} onChanged={onChanged} />
          </>
        }
      />
      <Tabs
        value={tab}
        onChange={(next) => void navigate(`/tokens/connectors/${id}/${next ?? ''}`, { replace: true })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          {tabs.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {t(`connectorTabs.${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="standing">
          <Standing connector={connector} onChanged={onChanged} />
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          <ConnectorForm key={changedAt} connector={connector} onSaved={onChanged} />
        </Tabs.Panel>
        <Tabs.Panel value="runs">
          <RunsTab connectorId={id} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  )
}

/** How a connector stands: what it did last, what comes next, and what is in its way. */
function Standing({ connector, onChanged }: { connector: Connector; onChanged: () => void }) {
  const { t } = useTranslation('tokenisation')
  const may = useMay('administrator')
  const save = useSaveConnector()
  const { id, changedAt, trusted, runsHere, runsAt, lastRun, nextRunAt, findings, kind } = connector
  const takeOn = async (): Promise<void> => {
    const saved = await save({
      id,
      basedOn: changedAt,
      settings: draftOf(connector),
      runsHere: true,
      password: '',
    })
    if (saved) onChanged()
  }
  return (
    <Stack>
      {!trusted && (
        <Alert color="brick" role="alert">
          {t('connectors.untrusted')}
        </Alert>
      )}
      {!runsHere && (
        <Alert color="slate" role="status">
          <Stack gap="xs" align="flex-start">
            {t(runsAt === '' ? 'connectors.nowhere' : 'connectors.elsewhereMeaning')}
            {may && (
              <Button size="xs" onClick={() => void takeOn()}>
                {t('connectors.takeOn')}
              </Button>
            )}
          </Stack>
        </Alert>
      )}
      <WrongList findings={findings} title={t('connectors.inTheWay')} />
      <Section title={t('connectors.standing')}>
        <FactList
          facts={[
            { name: t('connectors.lastRun'), value: lastRun && <RunSummary run={lastRun} /> },
            {
              name: t('connectors.nextRun'),
              value: nextRunAt === null ? t('connectors.noNext') : <MomentText at={nextRunAt} />,
            },
          ]}
        />
      </Section>
      {kind === 'odk' && <FormStanding connector={connector} />}
      <Section title={t('summary.title')}>
        <ConnectorSummary settings={connector} />
      </Section>
    </Stack>
  )
}
