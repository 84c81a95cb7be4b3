import { Anchor, Button, Group, Paper, Stack, Text } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay, IconRefresh } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import type { ErrorAction } from '../../../shared/contract/errors/entry.ts'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { StateBadge } from '../../components/state-badge.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import type { OutboxRow } from './answers.ts'
import { JobInterval } from './job-interval.tsx'
import { jobKind } from './job-kinds.ts'

interface JobCardProps {
  job: OutboxRow
  onDone: () => void
}

/** One job: what it is for, when it runs next, what went wrong, and what can be done about it. */
export function JobCard({ job, onDone }: JobCardProps) {
  const { t } = useTranslation('outbox')
  const api = useApi()
  const format = useFormat()
  const navigate = useNavigate()
  const may = useMay('clerk', 'approver', 'administrator')
  const after = { onSuccess: onDone }
  const runNow = useMutation({ ...api.outbox.runNow.mutationOptions(), ...after })
  const pause = useMutation({ ...api.outbox.pause.mutationOptions(), ...after })
  const resume = useMutation({ ...api.outbox.resume.mutationOptions(), ...after })
  const error = runNow.error ?? pause.error ?? resume.error
  const kind = jobKind(job.kind)
  const place =
    kind === 'batch' || kind === 'stopBatch'
      ? `/batches/${job.key}`
      : kind === 'status'
        ? '/settings'
        : kind === 'sync'
          ? '/central'
          : undefined
  const jobId = job.id
  const act = (action: ErrorAction): void => {
    if (action === 'review' && place !== undefined) void navigate(place)
    else if (action === 'open-settings') void navigate('/settings')
    else runNow.mutate({ jobId })
  }
  const deferred = job.state === 'waiting' && job.deferredBy !== '' && job.deferredBy !== 'answer'
  return (
    <Paper component="li" withBorder p="md" radius="md" data-job={job.kind} data-state={job.state}>
      <Stack gap="xs">
        <Group justify="space-between" align="start">
          <Stack gap={2}>
            <Group gap="xs">
              <Text fw={600}>{t(`kinds.${kind}`)}</Text>
              <StateBadge kind="job" state={deferred ? 'deferred' : job.state} />
            </Group>
            {job.subject !== '' &&
              (place === undefined ? (
                <Text>{job.subject}</Text>
              ) : (
                <Anchor component={Link} to={place}>
                  {job.subject}
                </Anchor>
              ))}
            <Text c="dimmed" size="sm" component="div">
              {job.state === 'waiting' && (
                <>
                  {t('next')} <MomentText at={job.runAt} />
                </>
              )}
              {job.attempts > 0 && ` · ${t('attempts', { count: job.attempts, number: format.number(job.attempts) })}`}
              {deferred && ` · ${t(`waitsFor.${job.deferredBy}`)}`}
            </Text>
          </Stack>
          {may && (
            <Group gap="xs">
              {job.every !== null && <JobInterval job={job} onDone={onDone} />}
              {(job.state === 'attention' || job.state === 'waiting') && (
                <Button
                  size="xs"
                  variant={job.state === 'attention' ? 'filled' : 'default'}
                  leftSection={<IconRefresh size={14} />}
                  loading={runNow.isPending}
                  onClick={() => runNow.mutate({ jobId })}
                >
                  {t(job.state === 'attention' ? 'retry' : 'runNow')}
                </Button>
              )}
              {job.state === 'paused' ? (
                <Button
                  size="xs"
                  leftSection={<IconPlayerPlay size={14} />}
                  loading={resume.isPending}
                  onClick={() => resume.mutate({ jobId })}
                >
                  {t('resume')}
                </Button>
              ) : (
                job.state !== 'done' && (
                  <Button
                    size="xs"
                    variant="default"
                    leftSection={<IconPlayerPause size={14} />}
                    loading={pause.isPending}
                    onClick={() => pause.mutate({ jobId })}
                  >
                    {t('pause')}
                  </Button>
                )
              )}
            </Group>
          )}
        </Group>
        {job.fault && <FaultMessage fault={job.fault} onAction={act} />}
        {error && <FaultMessage fault={error} />}
      </Stack>
    </Paper>
  )
}
