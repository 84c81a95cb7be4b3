import { Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconClock } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { Answer } from '../../components/answer.tsx'
import { FaultMessage } from '../../components/fault-message.tsx'
import { MomentText } from '../../components/moment-text.tsx'
import { Section } from '../../components/section.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMaySee } from '../../state/session.ts'
import type { UpkeepStatus } from './answers.ts'

const EVERY = 3_000

/** What the office found when it checked its own file and its audit trail. */
export function UpkeepSection() {
  const { t } = useTranslation('settings')
  const api = useApi()
  const queryClient = useQueryClient()
  const may = useMaySee('auditor', 'administrator')
  const query = useQuery(api.upkeep.status.queryOptions(undefined, { every: EVERY }))
  const run = useMutation({
    ...api.upkeep.run.mutationOptions(),
    onSuccess: (status) => queryClient.setQueryData(api.upkeep.status.queryKey(), status),
  })
  return (
    <Section
      title={t('upkeep.title')}
      description={t('upkeep.meaning')}
      actions={
        may && (
          <Button variant="default" loading={run.isPending} onClick={() => run.mutate(undefined)}>
            {t('upkeep.run')}
          </Button>
        )
      }
    >
      <Stack>
        {run.error && <FaultMessage fault={run.error} />}
        <Answer query={query}>
          {(status) => (
            <>
              <Check which="store" check={status.store} />
              <Check which="audit" check={status.audit} />
            </>
          )}
        </Answer>
      </Stack>
    </Section>
  )
}

const looks = {
  waiting: { icon: IconClock, colour: 'var(--office-muted)' },
  running: { icon: IconClock, colour: 'var(--office-muted)' },
  fine: { icon: IconCircleCheck, colour: 'var(--mantine-color-moss-6)' },
  found: { icon: IconAlertTriangle, colour: 'var(--mantine-color-brick-6)' },
  failed: { icon: IconAlertTriangle, colour: 'var(--mantine-color-brick-6)' },
}

function Check({ which, check }: { which: 'store' | 'audit'; check: UpkeepStatus['store'] }) {
  const { t } = useTranslation('settings')
  const format = useFormat()
  const { icon: Picture, colour } = looks[check.state]
  return (
    <div>
      <Group gap="xs" wrap="nowrap" role="status">
        <Picture size={18} color={colour} aria-hidden />
        <Text>
          {t(`upkeep.${which}.${check.state}`, { number: format.number(check.checked) })}{' '}
          {check.endedAt !== null && <MomentText span c="dimmed" size="sm" at={check.endedAt} />}
        </Text>
      </Group>
      {check.fault !== null && <FaultMessage fault={check.fault} />}
    </div>
  )
}
