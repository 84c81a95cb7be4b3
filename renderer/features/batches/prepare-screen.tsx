import { Alert, Button, Stack, Tabs } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams, useSearchParams } from 'react-router'
import { useApi } from '../../api/provider.tsx'
import { ErrorState } from '../../components/error-state.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { LoadingState } from '../../components/loading-state.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { ProgressPanel } from '../../components/progress-panel.tsx'
import { Screen } from '../../components/screen.tsx'
import { useFormat } from '../../i18n/format.ts'
import { AskingPanel } from './asking-panel.tsx'
import { BlockedList } from './blocked-list.tsx'
import { CycleBatches } from './cycle-batches.tsx'
import { PlanView } from './plan-view.tsx'

/** Milliseconds between two looks at how far preparing is. */
const LOOK_EVERY = 800
const PLANNED = [
  'registrant',
  'membership',
  'identityNumber',
  'enrolment',
  'entitlement',
  'cycle',
  'programme',
  'paymentManager',
  'payment',
  'mapper',
]
const tabs = ['plan', 'batches', 'blocked'] as const

/** Preparing a cycle: first what it would make, then the work itself, then what it made and what stayed out. */
export function PrepareScreen() {
  const { t } = useTranslation('batches')
  const format = useFormat()
  const api = useApi()
  const { cycleId = '' } = useParams()
  const [search, setSearch] = useSearchParams()
  const cycles = useQuery(api.batches.cycles.queryOptions(undefined, { kinds: ['cycle', 'programme', 'batch'] }))
  const cycle = cycles.data?.find((one) => one.cycleId === cycleId)
  const preparing = useQuery(api.batches.preparing.queryOptions({ cycleId }, { every: LOOK_EVERY }))
  const prepare = useMutation(api.batches.prepare.mutationOptions())
  const running = prepare.isPending || (preparing.data !== null && preparing.data !== undefined)
  const plan = useQuery(
    api.batches.plan.queryOptions({ cycleId }, { kinds: PLANNED, enabled: preparing.isSuccess && !running }),
  )
  const blocked = useQuery(api.batches.reasons.queryOptions({ cycleId, state: 'blocked' }, { kinds: ['payment'] }))
  const blockedCount = (blocked.data ?? []).reduce((sum, { count }) => sum + count, 0)

  const asked = tabs.find((one) => one === search.get('tab'))
  const nothingPlanned = plan.data?.batches.length === 0 && plan.data.obstacles.length === 0
  const tab = asked ?? (nothingPlanned && (cycle?.batches ?? 0) > 0 ? 'batches' : 'plan')
  const show = (next: string | null): void =>
    setSearch(
      (before) => {
        const changed = new URLSearchParams(before)
        changed.set('tab', next ?? 'plan')
        return changed
      },
      { replace: true },
    )
  // Whoever comes back while it runs sees the result when it ends, as if never gone.
  const wasRunning = useRef(false)
  useEffect(() => {
    if (wasRunning.current && !running && !prepare.isError) {
      setSearch({ tab: 'batches' }, { replace: true })
    }
    wasRunning.current = running
  }, [running, prepare.isError, setSearch])

  const outcome = prepare.data
  return (
    <Screen>
      <PageHeader
        title={t('prepare.title', { cycle: cycle?.cycleName ?? '…' })}
        subtitle={cycle && <bdi>{cycle.programmeName}</bdi>}
        back={{ to: '/batches', label: t('list.title') }}
      />
      {prepare.error && <FaultMessage fault={prepare.error} />}
      {running ? (
        <ProgressPanel
          title={t('prepare.running')}
          done={preparing.data?.done ?? 0}
          total={preparing.data?.total || undefined}
          canBeLeft
        />
      ) : (
        <>
          {outcome && outcome.obstacles.length === 0 && (
            <Alert
              color="moss"
              icon={<IconCircleCheck size={18} />}
              mb="md"
              role="status"
              title={t('prepare.done', { count: outcome.prepared, number: format.number(outcome.prepared) })}
            >
              {t('prepare.doneBatches', {
                count: outcome.batchIds.length,
                number: format.number(outcome.batchIds.length),
              })}{' '}
              {outcome.blocked > 0 &&
                t('prepare.doneBlocked', { count: outcome.blocked, number: format.number(outcome.blocked) })}
              {outcome.batchIds.length === 1 && (
                <div>
                  <Button component={Link} to={`/batches/${outcome.batchIds[0]}`} size="xs" mt="xs">
                    {t('prepare.openBatch')}
                  </Button>
                </div>
              )}
            </Alert>
          )}
          <Tabs value={tab} onChange={show} keepMounted={false}>
            <Tabs.List mb="md">
              <Tabs.Tab value="plan">{t('prepare.tabs.plan')}</Tabs.Tab>
              <Tabs.Tab value="batches">
                {t('prepare.tabs.batches', { number: format.number(cycle?.batches ?? 0) })}
              </Tabs.Tab>
              <Tabs.Tab value="blocked">{t('prepare.tabs.blocked', { number: format.number(blockedCount) })}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="plan">
              <Stack>
                <AskingPanel cycleId={cycleId} batchId={null} />
                {plan.error ? (
                  <ErrorState fault={plan.error} onRetry={() => void plan.refetch()} />
                ) : plan.data ? (
                  <PlanView plan={plan.data} onPrepare={() => prepare.mutate({ cycleId })} />
                ) : (
                  <LoadingState lines={6} />
                )}
              </Stack>
            </Tabs.Panel>
            <Tabs.Panel value="batches">
              <CycleBatches cycleId={cycleId} />
            </Tabs.Panel>
            <Tabs.Panel value="blocked">
              <BlockedList cycleId={cycleId} cycleName={cycle?.cycleName ?? ''} reasons={blocked.data ?? []} />
            </Tabs.Panel>
          </Tabs>
        </>
      )}
    </Screen>
  )
}
