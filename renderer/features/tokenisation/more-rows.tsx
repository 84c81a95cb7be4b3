import { Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format.ts'

interface MoreRowsProps {
  shown: number
  total: number
  more: (() => void) | undefined
  busy: boolean
}

/** How much of a list is shown, and the next of it. */
export function MoreRows({ shown, total, more, busy }: MoreRowsProps) {
  const { t } = useTranslation('tokenisation')
  const format = useFormat()
  if (more === undefined) return null
  return (
    <Group justify="center" p="sm">
      <Text c="dimmed" size="sm" role="status">
        {t('some', { shown: format.number(shown), total: format.number(total) })}
      </Text>
      <Button size="xs" variant="default" onClick={more} loading={busy}>
        {t('more')}
      </Button>
    </Group>
  )
}
