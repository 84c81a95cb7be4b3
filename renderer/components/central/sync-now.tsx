import { Button, Stack, Text } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Fault } from '../../../shared/contract/result.ts'
import { useApi } from '../../api/provider.tsx'
import { useFormat } from '../../i18n/format.ts'
import { useMay } from '../../state/session.ts'
import { FaultMessage } from '../fault-message.tsx'
import { resultWords } from './central-words.ts'

interface SyncNowProps {
  /** What the latest contact stumbled over, whoever asked for it. */
  fault: Fault | null
  onDone: () => void
}

/** Speaks with the central server at once, and says what came of it. */
export function SyncNow({ fault, onDone }: SyncNowProps) {
  const { t } = useTranslation('central')
  const api = useApi()
  const may = useMay()
  const format = useFormat()
  const sync = useMutation({ ...api.central.syncNow.mutationOptions(), onSettled: onDone })
  const told = sync.error ?? fault
  return (
    <Stack gap="xs" align="flex-start">
      {may && (
        <Button
          size="xs"
          leftSection={<IconRefresh size={14} aria-hidden />}
          loading={sync.isPending}
          onClick={() => sync.mutate(undefined)}
        >
          {t('syncNow')}
        </Button>
      )}
      {sync.data && (
        <Text size="sm" role="status">
          {resultWords(t, format, sync.data)}
        </Text>
      )}
      {told && <FaultMessage fault={told} />}
    </Stack>
  )
}
