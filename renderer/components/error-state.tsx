import { Box, Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Fault } from '../../shared/contract/result.ts'
import { FaultMessage } from './fault-message.tsx'

/** A screen or a part of one that could not be read: the sentence, and "try again" if that can help. */
export function ErrorState({ fault, onRetry }: { fault: Fault | Error; onRetry?: () => void }) {
  const { t } = useTranslation()
  return (
    <Box py="md">
      <FaultMessage fault={fault} />
      {onRetry && (
        <Button mt="sm" size="xs" variant="default" onClick={onRetry}>
          {t('tryAgain')}
        </Button>
      )}
    </Box>
  )
}
