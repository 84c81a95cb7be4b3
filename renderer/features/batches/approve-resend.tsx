import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'

/** An approver's leave to send a message once more, after the PIN. */
export function useApproveResend(): (batchId: string, part: number) => Promise<void> {
  const { t } = useTranslation('batches')
  const api = useApi()
  const askPin = useAskPin()
  const queryClient = useQueryClient()
  return useCallback(
    async (batchId, part) => {
      const done = await askPin({
        title: t('deed.resendTitle', { part }),
        body: t('deed.resendBody', { part }),
        confirmLabel: t('review.approveNow'),
        run: (pin) => api.dispatch.approveResend.run({ batchId, part, pin }),
      })
      if (done) await queryClient.invalidateQueries({ queryKey: api.dispatch.parts.queryKey() })
    },
    [api, askPin, queryClient, t],
  )
}
