import { Tabs } from '@mantine/core'
import {
  IconArrowsLeftRight,
  IconBuildingCommunity,
  IconCloud,
  IconFileExport,
  IconHandStop,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Route, Routes, useNavigate, useParams } from 'react-router'
import type { CentralOverview } from '../../../shared/contract/central.ts'
import { Answer } from '../../components/answer.tsx'
import { useCentralOverview } from '../../components/central/use-overview.ts'
import { CountedTabs } from '../../components/counted-tabs.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { Screen } from '../../components/screen.tsx'
import { Attention } from './attention.tsx'
import { ConflictScreen } from './conflict-screen.tsx'
import { ConflictsList } from './conflicts-list.tsx'
import { FilesSection } from './files-section.tsx'
import { OfficesTab } from './offices-tab.tsx'
import { Standing } from './standing.tsx'
import { WorksAlone } from './works-alone.tsx'

/** Everything below `/central`. */
export default function CentralScreen() {
  return (
    <Routes>
      <Route path="conflicts/:conflictId" element={<ConflictScreen />} />
      <Route path=":tab?" element={<Overview />} />
    </Routes>
  )
}

const tabs = [
  { key: 'standing', icon: IconCloud },
  { key: 'attention', icon: IconHandStop },
  { key: 'conflicts', icon: IconArrowsLeftRight },
  { key: 'offices', icon: IconBuildingCommunity },
  { key: 'files', icon: IconFileExport },
] as const
type Tab = (typeof tabs)[number]['key']

/** What stands on each tab and waits for somebody. */
const waitingOn = ({ status, waiting }: CentralOverview): Partial<Record<Tab, number>> => ({
  attention: status.stopped.length + waiting.refusals + waiting.quarantined,
  conflicts: waiting.conflicts,
})

function Overview() {
  const { t } = useTranslation('central')
  const navigate = useNavigate()
  const { tab: asked } = useParams()
  const query = useCentralOverview()
  const tab = tabs.find(({ key }) => key === asked)?.key ?? 'standing'
  const counts = query.data === undefined ? {} : waitingOn(query.data)
  const host = query.data?.status.host ?? ''
  return (
    <Screen>
      <PageHeader
        title={t('title')}
        subtitle={
          host === '' ? undefined : (
            <bdi dir="ltr">
              {host} · {query.data?.status.district}
            </bdi>
          )
        }
      />
      <Answer query={query}>
        {(overview) =>
          overview.status.configured ? (
            <Tabs
              value={tab}
              onChange={(key) => void navigate(`/central/${key ?? ''}`, { replace: true })}
              keepMounted={false}
            >
              <CountedTabs tabs={tabs} counts={counts} wordOf={(key) => t(`tabs.${key}`)} />
              <Tabs.Panel value="standing">
                <Standing overview={overview} onChanged={() => void query.refetch()} />
              </Tabs.Panel>
              <Tabs.Panel value="attention">
                <Attention overview={overview} onChanged={() => void query.refetch()} />
              </Tabs.Panel>
              <Tabs.Panel value="conflicts">
                <ConflictsList />
              </Tabs.Panel>
              <Tabs.Panel value="offices">
                <OfficesTab />
              </Tabs.Panel>
              <Tabs.Panel value="files">
                <FilesSection />
              </Tabs.Panel>
            </Tabs>
          ) : (
            <WorksAlone />
          )
        }
      </Answer>
    </Screen>
  )
}
