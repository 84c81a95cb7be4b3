import { Alert, Anchor, Badge, Stack, Tabs, Text } from '@mantine/core'
import { IconClock, IconCloudLock, IconHandStop, IconPlayerPause } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, Route, Routes, useParams, useSearchParams } from 'react-router'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { ReceiptLine } from '../../components/central/receipt-line.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { LoadingState } from '../../components/loading-state.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { Screen } from '../../components/screen.tsx'
import { useShortcut } from '../../components/shortcuts.tsx'
import { StateBadge } from '../../components/state-badge.tsx'
import { useFormat } from '../../i18n/format.ts'
import type { BatchPage } from './answers.ts'
import { ApprovalsTab } from './approvals-tab.tsx'
import { BatchButtons } from './batch-buttons.tsx'
import { BatchFigures } from './batch-figures.tsx'
import { BatchPrint } from './batch-print.tsx'
import { BatchStations } from './batch-stations.tsx'
import { FilesTab } from './files/files-tab.tsx'
import { PaymentDrawer } from './payment-drawer.tsx'
import { PaymentsTab } from './payments-tab.tsx'
import { PreflightTab } from './preflight-tab.tsx'
import { sentenceOf } from './reason-words.ts'
import { TransmissionsTab } from './transmissions-tab.tsx'
import { awaitedBy } from './waiting-for.ts'

export const BATCH_KINDS = [
  'batch',
  'payment',
  'submission',
  'decision',
  'claim',
  'transmission',
  'delivery',
  'observation',
  'paymentManager',
]

/** One batch from being prepared to being settled, kept up to date. */
export function BatchScreen() {
  const api = useApi()
  const { batchId = '' } = useParams()
  const batch = useQuery(api.batches.open.queryOptions({ batchId }, { kinds: BATCH_KINDS }))
  return (
    <Screen>
      <Answer query={batch} loading={<LoadingState lines={8} />}>
        {(page) => <OpenBatch page={page} />}
      </Answer>
      <Routes>
        <Route path="payments/:paymentId" element={<PaymentDrawer batchId={batchId} />} />
        <Route path="*" element={null} />
      </Routes>
    </Screen>
  )
}

const tabs = ['payments', 'preflight', 'approvals', 'transmissions', 'files'] as const

function OpenBatch({ page }: { page: BatchPage }) {
  const { t } = useTranslation('batches')
  const format = useFormat()
  const [search, setSearch] = useSearchParams()
  const [printing, setPrinting] = useState(false)
  const [fault, setFault] = useState<unknown>()
  const { batch, standing } = page
  const byFile = page.submissions.at(-1)?.channel === 'file'
  const tab = tabs.find((one) => one === search.get('tab') && (byFile || one !== 'files')) ?? 'payments'
  const show = (next: string | null): void => setSearch(next === null ? {} : { tab: next }, { replace: true })

  useShortcut({ keys: 'mod+p', label: t('print.action'), run: () => setPrinting(true) })
  for (const [index, name] of tabs.entries()) {
    // biome-ignore lint/correctness/useHookAtTopLevel: the list of tabs never changes its length
    useShortcut({ keys: `alt+${index + 1}`, label: t('keys.tabs'), run: () => show(name) })
  }

  return (
    <>
      <PageHeader
        title={batch.name}
        subtitle={
          <>
            <bdi>{page.programmeName}</bdi> · <bdi>{page.cycleName}</bdi> · <bdi>{page.managerName}</bdi>
            <ReceiptLine kind="batch" id={batch.id} />
          </>
        }
        back={{ to: '/batches', label: t('list.title') }}
        badges={
          <>
            <StateBadge kind="batch" state={batch.state} size="lg" />
            {batch.held && (
              <Badge variant="outline" color="ochre" size="lg" tt="none" radius="sm">
                {t('held')}
              </Badge>
            )}
          </>
        }
        actions={<BatchButtons page={page} onPrint={() => setPrinting(true)} onFault={setFault} />}
      />
      <Stack gap="md">
        {fault instanceof Error && <FaultMessage fault={fault} />}
        <Notices page={page} />
        <div className="office-sheet" style={{ padding: 'var(--mantine-spacing-md)' }}>
          <BatchStations page={page} />
          <Text mt="md" fw={560} role="status">
            {t(`next.${awaitedBy({ ...batch, approval: standing, job: page.job, holder: page.holder })}`, {
              office: page.holder?.officeName,
            })}
            {standing.approvalsNeeded === 2 && batch.state === 'submitted' && (
              <Text span inherit fw={400} c="dimmed">
                {' '}
                {t('approvals.soFar', {
                  done: format.number(standing.approvals),
                  needed: format.number(standing.approvalsNeeded),
                })}
              </Text>
            )}
          </Text>
        </div>
        <BatchFigures page={page} />
        <Tabs value={tab} onChange={show} keepMounted={false}>
          <Tabs.List mb="md">
            <Tabs.Tab value="payments">{t('tabs.payments')}</Tabs.Tab>
            <Tabs.Tab value="preflight">{t('tabs.preflight')}</Tabs.Tab>
            <Tabs.Tab value="approvals">{t('tabs.approvals')}</Tabs.Tab>
            <Tabs.Tab value="transmissions">{t('tabs.transmissions')}</Tabs.Tab>
            {byFile && <Tabs.Tab value="files">{t('tabs.files')}</Tabs.Tab>}
          </Tabs.List>
          <Tabs.Panel value="payments">
            <PaymentsTab page={page} />
          </Tabs.Panel>
          <Tabs.Panel value="preflight">
            <PreflightTab page={page} />
          </Tabs.Panel>
          <Tabs.Panel value="approvals">
            <ApprovalsTab page={page} />
          </Tabs.Panel>
          <Tabs.Panel value="transmissions">
            <TransmissionsTab page={page} />
          </Tabs.Panel>
          {byFile && (
            <Tabs.Panel value="files">
              <FilesTab page={page} />
            </Tabs.Panel>
          )}
        </Tabs>
      </Stack>
      {printing && <BatchPrint page={page} onDone={() => setPrinting(false)} />}
    </>
  )
}

/** What an officer has to know before anything else. */
function Notices({ page }: { page: BatchPage }) {
  const { batch, standing, decisions, submissions, holder, moved, wish } = page
  const format = useFormat()
  const { t } = useTranslation('batches')
  const attention = standing.attention?.code ?? batch.attention
  const returned = decisions.findLast(
    ({ verdict, submissionId }) => verdict === 'return' && submissionId === submissions.at(-1)?.id,
  )
  const over = batch.state === 'settled' || batch.state === 'cancelled'
  return (
    <>
      {attention !== '' && !over && (
        <Alert color="brick" icon={<IconHandStop size={18} />} title={t('notices.attention')} role="alert">
          {sentenceOf(t, attention, standing.attention?.params ?? batch.attentionParams)}
        </Alert>
      )}
      {!over &&
        moved.map((other) => (
          <Alert key={other.batchId} color="ochre" icon={<IconCloudLock size={18} />}>
            {t('notices.moved', { number: format.number(other.count) })}{' '}
            <Anchor component={Link} to={`/batches/${other.batchId}`} inherit>
              <bdi>{other.name}</bdi>
            </Anchor>
            {other.holder !== null && (
              <>
                {'. '}
                {t(other.holder.own ? 'central:claim.own' : 'central:claim.elsewhere', {
                  office: other.holder.officeName,
                  when: format.moment(other.holder.since),
                })}
              </>
            )}
          </Alert>
        ))}
      {batch.held && (
        <Alert color="ochre" icon={<IconPlayerPause size={18} />} title={t('notices.held')}>
          {batch.heldReason}
        </Alert>
      )}
      {holder !== null && !over && (
        <Alert color={holder.own ? 'slate' : 'ochre'} icon={<IconCloudLock size={18} />}>
          {t(holder.own ? 'central:claim.own' : 'central:claim.elsewhere', {
            office: holder.officeName,
            when: format.moment(holder.since),
          })}
        </Alert>
      )}
      {wish !== null && (
        <Alert color="slate" icon={<IconClock size={18} />}>
          {t(`central:claim.wishes.${wish}`)} {t('central:claim.waitsForLine')}
        </Alert>
      )}
      {batch.state === 'returned' && returned && (
        <Alert color="ochre" icon={<IconHandStop size={18} />} title={t('notices.returned')}>
          <bdi>{returned.reason}</bdi>
        </Alert>
      )}
      {batch.state === 'cancelled' && (
        <Alert color="gray" title={t('notices.cancelled')}>
          <bdi>{batch.cancelledReason}</bdi>
        </Alert>
      )}
      {standing.lapsesAt !== null && (
        <Alert color="slate" icon={<IconClock size={18} />}>
          {t('notices.lapses')} <MomentText at={standing.lapsesAt} fw={600} /> (
          <MomentText at={standing.lapsesAt} show="date" />)
        </Alert>
      )}
    </>
  )
}
