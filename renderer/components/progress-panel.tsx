import { Button, Group, Paper, Progress, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../i18n/format.ts'

interface ProgressPanelProps {
  /** What is going on: "Importing registrants". */
  title: string
  done: number
  /** Undefined while it is not yet known. */
  total: number | undefined
  /** What kind of items, translated with their count by the caller; default is "3,000 of 5,000". */
  detail?: ReactNode
  onCancel?: () => void
  /** The work goes on without this screen, and the panel says so. */
  canBeLeft?: boolean
  /** It stopped for good: no cancel, full bar. */
  finished?: boolean
}

/** Long work, counted in items. */
export function ProgressPanel({ title, done, total, detail, onCancel, canBeLeft, finished }: ProgressPanelProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const share = finished ? 100 : total ? Math.min(100, (done / total) * 100) : 100
  return (
    <Paper withBorder p="md" className="office-sheet">
      <Stack gap="xs">
        <Group justify="space-between">
          <Text fw={600}>{title}</Text>
          {onCancel && !finished && (
            <Button size="compact-sm" variant="default" onClick={onCancel}>
              {t('cancel')}
            </Button>
          )}
        </Group>
        <Progress
          value={share}
          animated={!finished}
          striped={total === undefined && !finished}
          size="md"
          aria-label={title}
          color={finished ? 'moss' : 'spruce'}
        />
        <Group justify="space-between" gap="xs">
          <Text c="dimmed" size="md" className="office-figures" role="status">
            {detail ??
              (total === undefined
                ? t('progress.soFar', { done: format.number(done) })
                : t('progress.of', { done: format.number(done), total: format.number(total) }))}
          </Text>
          {canBeLeft && !finished && (
            <Text c="dimmed" size="sm">
              {t('progress.canBeLeft')}
            </Text>
          )}
        </Group>
      </Stack>
    </Paper>
  )
}
