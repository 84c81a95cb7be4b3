import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { PartKey } from '../../../shared/model/payment.ts'
import { useApi } from '../../api/provider.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'
import { useFormat } from '../../i18n/format.ts'
import { partName } from './part-name.ts'

/** An approver's leave to send a message once more, after the PIN. */
export function useApproveResend(): (batchId: string, part: PartKey) => Promise<void> {
  const { t } = useTranslation('batches')
  const api = useApi()
  const format = useFormat()
  const askPin = useAskPin()
  const queryClient = useQueryClient()
  return useCallback(
    async (batchId, part) => {
      const done = await askPin({
        title: t('deed.resendTitle', { part: partName(part, format) }),
        body: t('deed.resendBody', { part: partName(part, format) }),
        confirmLabel: t('review.approveNow'),
        run: (pin) => api.dispatch.approveResend.run({ batchId, part, pin }),
      })
      if (done) await queryClient.invalidateQueries({ queryKey: api.dispatch.parts.queryKey() })
    },
    [api, askPin, format, queryClient, t],
  )
}
