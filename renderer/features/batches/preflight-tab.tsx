import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconCircleCheck, IconRefresh } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Answer } from '../../components/answer.tsx'
import { Section } from '../../components/section.tsx'
import { useFormat } from '../../i18n/format.ts'
import type { BatchCheck, BatchPage } from './answers.ts'
import { AskingPanel } from './asking-panel.tsx'
import { FindingGroups } from './finding-groups.tsx'
import { Obstacles } from './obstacles.tsx'
import { useCheck } from './use-check.ts'

/** Pre-flight of the batch against the registry as it is now. */
export function PreflightTab({ page: { batch, totals } }: { page: BatchPage }) {
  const { t } = useTranslation('batches')
  const checkable = totals.some(({ state }) => state === 'prepared')
  const check = useCheck(batch.id, checkable)
  if (!checkable) return <Text c="dimmed">{t('preflight.over')}</Text>
  return (
    <Stack>
      <AskingPanel cycleId={batch.cycleId} batchId={batch.id} />
      <Section
        title={t('preflight.title')}
        description={t('preflight.hint')}
        actions={
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRefresh size={14} />}
            loading={check.isFetching}
            onClick={() => void check.refetch()}
          >
            {t('preflight.run')}
          </Button>
        }
      >
        <Answer query={check}>{(result) => <CheckResult check={result} currency={batch.currency} />}</Answer>
      </Section>
    </Stack>
  )
}

/** What pre-flight found: obstacles first, then each reason; or that nothing was found. */
export function CheckResult({ check, currency }: { check: BatchCheck; currency: string }) {
  const { t } = useTranslation('batches')
  const format = useFormat()
  const blocked = check.examined - check.payable.count
  return (
    <Stack gap="sm">
      <Obstacles obstacles={check.general} />
      {check.general.length === 0 && check.groups.length === 0 && check.missing === 0 ? (
        <Alert color="moss" icon={<IconCircleCheck size={18} />}>
          {t('preflight.clean', { count: check.examined, number: format.number(check.examined) })}
        </Alert>
      ) : (
        <Group gap="lg">
          <Text>
            {t('preflight.payable', { count: check.payable.count, number: format.number(check.payable.count) })}
          </Text>
          {blocked > 0 && (
            <Text c="brick" fw={560}>
              {t('preflight.left', { count: blocked, number: format.number(blocked) })}
            </Text>
          )}
        </Group>
      )}
      {check.missing > 0 && (
        <Text>{t('preflight.missing', { count: check.missing, number: format.number(check.missing) })}</Text>
      )}
      {check.groups.length > 0 && <FindingGroups groups={check.groups} currency={currency} withSeverity />}
    </Stack>
  )
}
