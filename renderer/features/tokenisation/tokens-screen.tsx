import { Tabs } from '@mantine/core'
import {
  IconChartDonut,
  IconHistory,
  IconPlugConnected,
  IconQuestionMark,
  IconUserCheck,
  IconUserExclamation,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Route, Routes, useNavigate, useParams } from 'react-router'
import { useApi } from '../../api/provider.tsx'
import { CountedTabs } from '../../components/counted-tabs.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { Screen } from '../../components/screen.tsx'
import { peopleKinds } from './answers.ts'
import { ConnectorScreen } from './connector-screen.tsx'
import { ConnectorsTab } from './connectors-tab.tsx'
import { ConsentsTab } from './consents-tab.tsx'
import { CoverageTab } from './coverage-tab.tsx'
import { DoubtsTab } from './doubts-tab.tsx'
import { NewConnector } from './new-connector.tsx'
import { RunScreen } from './run-screen.tsx'
import { RunsTab } from './runs-tab.tsx'
import { ToCorrectTab } from './to-correct-tab.tsx'
import { useDoubtsCount } from './use-doubts-count.ts'

/** Everything below `/tokens`. */
export default function TokensScreen() {
  return (
    <Routes>
      <Route path="connectors/new" element={<NewConnector />} />
      <Route path="connectors/:connectorId/:tab?" element={<ConnectorScreen />} />
      <Route path="runs/:runId" element={<RunScreen />} />
      <Route path=":tab?" element={<Overview />} />
    </Routes>
  )
}

const tabs = [
  { key: 'coverage', icon: IconChartDonut, screen: CoverageTab },
  { key: 'connectors', icon: IconPlugConnected, screen: ConnectorsTab },
  { key: 'runs', icon: IconHistory, screen: RunsTab },
  { key: 'correct', icon: IconUserExclamation, screen: ToCorrectTab },
  { key: 'consents', icon: IconUserCheck, screen: ConsentsTab },
  { key: 'doubts', icon: IconQuestionMark, screen: DoubtsTab },
] as const
type Tab = (typeof tabs)[number]['key']

function Overview() {
  const { t } = useTranslation('tokenisation')
  const api = useApi()
  const navigate = useNavigate()
  const { tab: asked } = useParams()
  const tab = tabs.find(({ key }) => key === asked)?.key ?? 'coverage'
  const toCorrect = useQuery(
    api.tokenisation.toCorrect.queryOptions(
      { class: null, after: null, limit: 1 },
      { kinds: peopleKinds, keepPrevious: true },
    ),
  )
  const counts: Partial<Record<Tab, number>> = { correct: toCorrect.data?.total ?? 0, doubts: useDoubtsCount() }
  return (
    <Screen>
      <PageHeader title={t('title')} subtitle={t('subtitle')} />
      <Tabs
        value={tab}
        onChange={(key) => void navigate(`/tokens/${key ?? ''}`, { replace: true })}
        keepMounted={false}
      >
        <CountedTabs tabs={tabs} counts={counts} wordOf={(key) => t(`tabs.${key}`)} />
        {tabs.map(({ key, screen: Content }) => (
          <Tabs.Panel key={key} value={key}>
            <Content />
          </Tabs.Panel>
        ))}
      </Tabs>
    </Screen>
  )
}
