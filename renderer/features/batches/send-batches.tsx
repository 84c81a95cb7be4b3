import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { notifyDone } from '../../components/notify.tsx'
import { useAskPin } from '../../components/pin-dialog.tsx'
import type { BatchRow } from './answers.ts'
import { DeedSummary } from './deed-summary.tsx'

type SendableBatch = Pick<BatchRow, 'id' | 'name' | 'count' | 'sum' | 'currency'>

/** Sends approved batches after the PIN. @returns whether they were handed over. */
export function useSendBatches(): (batches: readonly SendableBatch[]) => Promise<boolean> {
  const { t } = useTranslation('batches')
  const api = useApi()
  const askPin = useAskPin()
  return useCallback(
    async (batches) => {
      const currencies = [...Map.groupBy(batches, ({ currency }) => currency)]
      const sent = await askPin({
        title: t('send.title', { count: batches.length }),
        body: (
          <>
            <p>{t('send.body')}</p>
            <DeedSummary
              count={batches.reduce((all, { count }) => all + count, 0)}
              sums={currencies.map(([currency, of]) => ({ currency, sum: of.reduce((all, { sum }) => all + sum, 0) }))}
            />
          </>
        ),
        confirmLabel: t('send.confirm', { count: batches.length }),
        run: (pin) => api.dispatch.send.run({ batchIds: batches.map(({ id }) => id), pin }),
      })
      if (sent === undefined) return false
      notifyDone(t('send.done', { count: batches.length }))
      return true
    },
    [api, askPin, t],
  )
}
