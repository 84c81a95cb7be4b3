import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { useApi } from '../../api/provider.tsx'
import { useConfirm } from '../../components/confirm-dialog.tsx'
import { useDialog } from '../../components/dialogs.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { useFormat } from '../../i18n/format.ts'
import type { BatchPage } from './answers.ts'
import type { BatchAction } from './batch-actions.ts'
import { useAskReason } from './reason-dialog.tsx'
import { useReturnBatch } from './return-batch.tsx'
import { ReviewDialog } from './review-dialog.tsx'
import { useSendBatches } from './send-batches.tsx'
import { SubmitDialog } from './submit-dialog.tsx'

/**
 * Every action of a batch with its questions and its words when it is done. Faults are shown in the dialog of the action;
 * `onFault` gets those of actions that have none.
 */
export function useBatchDeeds(
  page: BatchPage,
  onFault: (fault: unknown) => void,
): Readonly<Record<BatchAction, () => Promise<void>>> {
  const { t } = useTranslation('batches')
  const format = useFormat()
  const api = useApi()
  const navigate = useNavigate()
  const show = useDialog()
  const confirm = useConfirm()
  const askReason = useAskReason()
  const sendBatches = useSendBatches()
  const returnBatch = useReturnBatch()
  const { batch } = page
  const batchId = batch.id
  const latest = page.submissions.at(-1)

  return {
    async submit() {
      await show<void>((close) => <SubmitDialog page={page} onClose={close} />)
    },
    async review() {
      await show<void>((close) => <ReviewDialog page={page} onClose={close} />)
    },
    async takeBack() {
      if (latest) await returnBatch(batchId, latest)
    },
    async send() {
      await sendBatches([batch])
    },
    async checkNow() {
      try {
        const { answered } = await api.dispatch.checkBatch.run({ batchId })
        notifyDone(t('checkNow.done', { count: answered, number: format.number(answered) }))
      } catch (error) {
        onFault(error)
      }
    },
    async release() {
      const sure = await confirm({
        title: t('release.title'),
        body: t('release.body'),
        confirmLabel: t('actions.release'),
      })
      if (!sure) return
      try {
        await api.dispatch.release.run({ batchId })
        notifyDone(t('release.done'))
      } catch (error) {
        onFault(error)
      }
    },
    async hold() {
      const done = await askReason({
        title: t('hold.title'),
        body: t('hold.body'),
        label: t('hold.reason'),
        confirmLabel: t('hold.confirm'),
        maximum: 200,
        run: (reason) => api.dispatch.hold.run({ batchId, reason }),
      })
      if (done) notifyDone(t('hold.done'))
    },
    async prepareAgain() {
      await navigate(`/batches/prepare/${batch.cycleId}?tab=plan`)
    },
    async cancel() {
      const done = await askReason({
        title: t('cancel.title'),
        body: t(page.claimed === null ? 'cancel.body' : 'cancel.restBody'),
        label: t('cancel.reason'),
        confirmLabel: t('cancel.confirm'),
        dangerous: true,
        maximum: 200,
        withPin: true,
        run: (reason, pin) => api.dispatch.cancel.run({ batchId, reason, pin }),
      })
      if (done) notifyDone(t('cancel.done'))
    },
  }
}
