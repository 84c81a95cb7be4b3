import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconClock } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { useConfirm } from '../../components/confirm-dialog.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { notifyFault } from '../../components/notify.tsx'
import { faultSentence } from '../../i18n/fault-sentence.ts'
import { useFormat } from '../../i18n/format.ts'
import { useMaySee } from '../../state/session.ts'
import type { AuditEntryView, TrailCheck } from './answers.ts'
import { actionWord } from './words.ts'

const EVERY = 3_000

/** Since when and up to where the trail is known to be whole, or where it is broken and what to do about it. */
export function TrailStanding({
  nameOf,
  onOpen,
}: {
  nameOf: (officerId: string) => string
  onOpen: (entry: AuditEntryView) => void
}) {
  const api = useApi()
  const query = useQuery(api.upkeep.status.queryOptions(undefined, { every: EVERY }))
  const check = query.data?.audit
  if (check === undefined) return null
  if (check.fault !== null) return <BrokenTrail check={check} nameOf={nameOf} onOpen={onOpen} />
  return <WholeTrail check={check} />
}

function WholeTrail({ check: { state, checked, endedAt, verdict } }: { check: TrailCheck }) {
  const { t } = useTranslation('audit')
  const format = useFormat()
  const isWhole = state === 'fine' && verdict !== null && verdict.since !== null && verdict.upTo !== null
  const Picture = isWhole ? IconCircleCheck : IconClock
  return (
    <Group gap="xs" wrap="nowrap" role="status" mb="sm">
      <Picture size={18} color={isWhole ? 'var(--mantine-color-moss-6)' : 'var(--office-muted)'} aria-hidden />
      <Text size="sm">
        {isWhole
          ? t('standing.whole', {
              since: format.moment(verdict.since?.moment ?? ''),
              position: format.number(verdict.upTo?.position ?? 0),
              upTo: format.moment(verdict.upTo?.moment ?? ''),
            })
          : t(`standing.${state === 'running' ? 'running' : 'waiting'}`, { number: format.number(checked) })}{' '}
        {isWhole && endedAt !== null && (
          <Text span c="dimmed" inherit>
            {t('standing.verified')} <MomentText at={endedAt} />
          </Text>
        )}
      </Text>
    </Group>
  )
}

interface BrokenTrailProps {
  check: TrailCheck
  nameOf: (officerId: string) => string
  onOpen: (entry: AuditEntryView) => void
}

function BrokenTrail({ check: { state, fault, verdict, noted }, nameOf, onOpen }: BrokenTrailProps) {
  const { t } = useTranslation('audit')
  const api = useApi()
  const format = useFormat()
  const confirm = useConfirm()
  const queryClient = useQueryClient()
  const may = useMaySee('auditor', 'administrator')
  const note = useMutation({
    ...api.upkeep.note.mutationOptions(),
    onSuccess: (status) => queryClient.setQueryData(api.upkeep.status.queryKey(), status),
    onError: notifyFault,
  })
  if (fault === null) return null
  if (state === 'failed') return <FaultMessage fault={fault} />
  const row = verdict?.break?.row
  const upTo = verdict?.upTo
  const take = async (): Promise<void> => {
    const sure = await confirm({
      title: t('standing.noteTitle'),
      body: t('standing.noteBody'),
      confirmLabel: t('standing.note'),
    })
    if (sure) note.mutate(undefined)
  }
  return (
    <Alert
      color="brick"
      icon={<IconAlertTriangle aria-hidden />}
      mb="sm"
      title={faultSentence(t, fault)}
      // The list below takes what is left.
      style={{ flexShrink: 0 }}
    >
      <Stack gap="xs">
        <Text size="sm">
          {row &&
            t('standing.row', {
              moment: format.moment(row.moment),
              officer: nameOf(row.officerId),
              action: actionWord(t, row.action),
            })}{' '}
          {upTo &&
            t('standing.wholeUntil', { position: format.number(upTo.position), upTo: format.moment(upTo.moment) })}
        </Text>
        <Text size="sm">{t('standing.whatToDo')}</Text>
        <Group>
          {row && (
            <Button size="xs" variant="default" onClick={() => onOpen(row)}>
              {t('standing.show')}
            </Button>
          )}
          {may && !noted && (
            <Button size="xs" variant="default" loading={note.isPending} onClick={() => void take()}>
              {t('standing.note')}
            </Button>
          )}
          {noted && (
            <Text size="sm" c="dimmed">
              {t('standing.noted')}
            </Text>
          )}
        </Group>
      </Stack>
    </Alert>
  )
}
