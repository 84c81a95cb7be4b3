import { Alert, Button, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { IconCircleCheck, IconRefresh } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { ProgressPanel } from '../../components/progress-panel.tsx'
import { Section } from '../../components/section.tsx'
import { StatCard } from '../../components/stat-card.tsx'
import { codeSentence } from '../../i18n/fault-sentence.ts'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import type { AskingStanding } from './answers.ts'

/** Milliseconds between two looks while people are being asked about, and while that waits for something. */
const LOOK_EVERY = 2_000
const LOOK_SELDOM = 15_000
const KINDS = [
  'mapper',
  'registrant',
  'membership',
  'identityNumber',
  'entitlement',
  'payment',
  'paymentManager',
] as const

interface AskingPanelProps {
  cycleId: string
  /** Null for all of the cycle. */
  batchId: string | null
}

/** How payees' accounts are known where an account mapper is asked for them; nothing where the registry has them. */
export function AskingPanel({ cycleId, batchId }: AskingPanelProps) {
  const { t } = useTranslation('batches')
  const api = useApi()
  const may = useMay('clerk', 'approver')
  const scope = { cycleId, batchId }
  const standing = useQuery({
    ...api.mapper.standing.queryOptions(scope, { kinds: [...KINDS], keepPrevious: true }),
    // Each look counts everybody anew, so nobody looks while nothing goes on.
    refetchInterval: ({ state: { data } }) =>
      data?.run ? (data.run.state === 'running' ? LOOK_EVERY : LOOK_SELDOM) : false,
  })
  const ask = useMutation({ ...api.mapper.ask.mutationOptions(), onSuccess: () => standing.refetch() })
  const callOff = useMutation({ ...api.mapper.callOff.mutationOptions(), onSuccess: () => standing.refetch() })
  if (standing.error) return <FaultMessage fault={standing.error} />
  if (!standing.data) return null
  const { run, figures } = standing.data
  const order = (renew: boolean): void => ask.mutate({ ...scope, renew })
  return (
    <Section
      title={t('asking.title')}
      description={t('asking.hint')}
      actions={
        may &&
        figures.people > 0 &&
        run === null && (
          <Group gap="xs">
            {figures.unasked < figures.people && (
              <Button
                size="xs"
                variant="default"
                leftSection={<IconRefresh size={14} />}
                loading={ask.isPending}
                onClick={() => order(true)}
              >
                {t('asking.again')}
              </Button>
            )}
            {figures.unasked > 0 && (
              <Button size="xs" loading={ask.isPending} onClick={() => order(false)}>
                {t('asking.ask')}
              </Button>
            )}
          </Group>
        )
      }
    >
      <Stack gap="sm">
        {ask.error && <FaultMessage fault={ask.error} />}
        {run !== null && (
          <Run run={run} onCancel={may ? () => callOff.mutate(scope) : undefined} onAgain={() => order(false)} />
        )}
        <Figures figures={figures} />
        {!may && figures.unasked > 0 && <Text c="dimmed">{t('asking.clerkOnly')}</Text>}
      </Stack>
    </Section>
  )
}

type Asking = NonNullable<AskingStanding>

function Run({
  run,
  onCancel,
  onAgain,
}: {
  run: NonNullable<Asking['run']>
  onCancel: (() => void) | undefined
  onAgain: () => void
}) {
  const { t } = useTranslation('batches')
  const sentence = run.fault === null ? '' : codeSentence(t, run.fault.code, run.fault.params)
  if (run.state === 'running') {
    return (
      <ProgressPanel
        title={t('asking.running')}
        done={run.progress?.done ?? 0}
        total={run.progress?.total}
        canBeLeft
        {...(onCancel === undefined ? {} : { onCancel })}
      />
    )
  }
  const waits =
    run.state === 'paused'
      ? t('asking.paused')
      : run.deferredBy === 'line'
        ? t('asking.waitingLine')
        : run.deferredBy === 'endpoint'
          ? t('asking.waitingRest')
          : run.state === 'attention'
            ? ''
            : t('asking.waitingTurn')
  return (
    <Alert color={run.state === 'attention' ? 'brick' : 'ochre'} role="status">
      <Group justify="space-between" gap="sm">
        <Text maw={560}>{[waits, sentence].filter((one) => one !== '').join(' ')}</Text>
        <Group gap="xs">
          {onCancel !== undefined && run.state === 'attention' && (
            <Button size="xs" variant="default" onClick={onAgain}>
              {t('asking.ask')}
            </Button>
          )}
          {onCancel !== undefined && run.state !== 'attention' && (
            <Button size="xs" variant="default" onClick={onCancel}>
              {t('asking.callOff')}
            </Button>
          )}
        </Group>
      </Group>
    </Alert>
  )
}

function Figures({ figures }: { figures: Asking['figures'] }) {
  const { t } = useTranslation('batches')
  const format = useFormat()
  const { people, linked, none, unresolved, unasked, oldest } = figures
  if (people === 0) return <Text c="dimmed">{t('asking.nobody')}</Text>
  const open = none + unresolved + unasked
  return (
    <>
      {open === 0 && (
        <Alert color="moss" icon={<IconCircleCheck size={18} />}>
          {t('asking.everybody')}
        </Alert>
      )}
      <SimpleGrid cols={{ base: 2, md: 4 }}>
        <StatCard label={t('asking.known')} value={format.number(linked)} />
        <StatCard label={t('asking.none')} value={format.number(none)} tone={none > 0 ? 'attention' : 'plain'} />
        <StatCard
          label={t('asking.unresolved')}
          value={format.number(unresolved)}
          tone={unresolved > 0 ? 'attention' : 'plain'}
        />
        <StatCard
          label={t('asking.unasked')}
          value={format.number(unasked)}
          tone={unasked > 0 ? 'attention' : 'plain'}
        />
      </SimpleGrid>
      {oldest !== null && (
        <Text size="sm" c="dimmed">
          {t('asking.oldest')}: <MomentText at={oldest} show="date" />
        </Text>
      )}
    </>
  )
}
