import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { useAskReason } from './reason-dialog.tsx'

/** An approver gives a batch back with a reason, before or after approving it. @returns whether it was given back. */
export function useReturnBatch(): (
  batchId: string,
  submission: { readonly id: string; readonly digest: string },
) => Promise<boolean> {
  const { t } = useTranslation('batches')
  const api = useApi()
  const askReason = useAskReason()
  return useCallback(
    async (batchId, { id, digest }) => {
      const done = await askReason({
        title: t('return.title'),
        body: t('return.body'),
        label: t('return.reason'),
        confirmLabel: t('return.confirm'),
        maximum: 500,
        withPin: true,
        run: (reason, pin) =>
          api.batches.decide.run({ batchId, submissionId: id, digest, verdict: 'return', reason, pin }),
      })
      if (done) notifyDone(t('return.done'))
      return done
    },
    [api, askReason, t],
  )
}
