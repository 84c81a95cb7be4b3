import { Button, Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { IconHandStop, IconInbox, IconPlayerPlay } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { useConfirm } from '../../components/confirm-dialog.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { Screen } from '../../components/screen.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import { JobCard } from './job-card.tsx'
import { StoreDoubt } from './store-doubt.tsx'

const PAGE = 100
/** A job's next run comes nearer without anything being said. */
const EVERY = 10_000

/** Everything the office does by itself: what comes next, what waits for what, and what needs an officer. */
export default function OutboxScreen() {
  const { t } = useTranslation('outbox')
  const api = useApi()
  const format = useFormat()
  const confirm = useConfirm()
  const may = useMay('clerk', 'approver', 'administrator')
  const [shown, setShown] = useState<'open' | 'done'>('open')
  const [limit, setLimit] = useState(PAGE)
  const page = useQuery(
    api.outbox.page.queryOptions(
      { offset: 0, limit, done: shown === 'done' },
      { kinds: ['batch'], keepPrevious: true, every: EVERY },
    ),
  )
  const status = useQuery(api.dispatch.status.queryOptions(undefined, { every: EVERY }))
  const { refetch } = page
  const { refetch: refetchStatus } = status
  useEffect(
    () =>
      api.outbox.changes.follow(undefined, {
        event: () => {
          void refetch()
          void refetchStatus()
        },
      }),
    [api, refetch, refetchStatus],
  )
  const stopAll = useMutation({ ...api.dispatch.stopAll.mutationOptions(), onSuccess: () => void refetchStatus() })
  const stopped = status.data?.stopped ?? false
  const toggle = async (): Promise<void> => {
    const word = stopped ? 'goOn' : 'stop'
    const sure = await confirm({
      title: t(`switch.${word}`),
      body: t(`switch.${word}Meaning`),
      confirmLabel: t(`switch.${word}`),
      dangerous: !stopped,
    })
    if (sure) stopAll.mutate({ stopped: !stopped })
  }
  return (
    <Screen>
      <PageHeader
        title={t('title')}
        subtitle={
          page.data && t('subtitle', { count: page.data.attention, number: format.number(page.data.attention) })
        }
        actions={
          may &&
          status.data && (
            <Button
              color={stopped ? 'spruce' : 'brick'}
              variant={stopped ? 'filled' : 'light'}
              leftSection={stopped ? <IconPlayerPlay size={16} /> : <IconHandStop size={16} />}
              loading={stopAll.isPending}
              onClick={() => void toggle()}
            >
              {t(stopped ? 'switch.goOn' : 'switch.stop')}
            </Button>
          )
        }
      />
      <Stack>
        {stopAll.error && <FaultMessage fault={stopAll.error} />}
        {stopped && <FaultMessage fault={{ code: 'dispatch.stopped', params: {} }} />}
        {status.data?.clock && <FaultMessage fault={status.data.clock} />}
        {status.data?.doubt && <StoreDoubt doubt={status.data.doubt} />}
        <Group>
          <SegmentedControl
            aria-label={t('shown.label')}
            value={shown}
            onChange={(value) => setShown(value === 'done' ? 'done' : 'open')}
            data={[
              { value: 'open', label: t('shown.open') },
              { value: 'done', label: t('shown.done') },
            ]}
          />
        </Group>
        <Answer query={page}>
          {({ rows, total }) =>
            rows.length === 0 ? (
              <EmptyState icon={IconInbox} title={t(`empty.${shown}`)} description={t('empty.meaning')} />
            ) : (
              <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: 'none' }} aria-label={t('title')}>
                {rows.map((job) => (
                  <JobCard key={job.id} job={job} onDone={() => void refetch()} />
                ))}
                {total > rows.length && (
                  <Group component="li" justify="center">
                    <Text c="dimmed" size="sm">
                      {t('more', { shown: format.number(rows.length), total: format.number(total) })}
                    </Text>
                    <Button variant="default" onClick={() => setLimit((before) => Math.min(500, before + PAGE))}>
                      {t('showMore')}
                    </Button>
                  </Group>
                )}
              </Stack>
            )
          }
        </Answer>
      </Stack>
    </Screen>
  )
}
