import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../api/provider.tsx'
import { notifyFault } from '../../components/notify.tsx'
import { saveFile } from '../../components/save-file.ts'
import { useStateWord } from '../../components/state-badge.tsx'
import type { PaymentRow } from './answers.ts'
import { paymentsCsv } from './payments-csv.ts'
import { useReasonWords } from './reason-words.ts'

export type PaymentFilter = Omit<
  Parameters<ReturnType<typeof useApi>['batches']['payments']['ask']>[0],
  'offset' | 'limit'
>

/** Rows of one question to the core. */
const STEP = 500

/** Every payment that a filter takes, page by page. */
export function useAllPayments(): (filter: PaymentFilter) => Promise<PaymentRow[]> {
  const api = useApi()
  return async (filter) => {
    const payments: PaymentRow[] = []
    for (;;) {
      const { rows, total } = await api.batches.payments.ask({ ...filter, offset: payments.length, limit: STEP })
      payments.push(...rows)
      if (rows.length === 0 || payments.length >= total) return payments
    }
  }
}

/** Saves payments as a CSV file. */
export function useSavePayments(): { save: (filter: PaymentFilter, name: string) => Promise<void>; saving: boolean } {
  const { t } = useTranslation('batches')
  const word = useStateWord()
  const reason = useReasonWords()
  const readAll = useAllPayments()
  const [saving, setSaving] = useState(false)
  const save = async (filter: PaymentFilter, name: string): Promise<void> => {
    setSaving(true)
    try {
      const text = paymentsCsv(await readAll(filter), {
        headings: [
          t('csv.reference'),
          t('columns.holder'),
          t('columns.payee'),
          t('columns.address'),
          t('columns.amount'),
          t('columns.amountPaid'),
          t('csv.currency'),
          t('columns.state'),
          t('csv.code'),
          t('columns.reason'),
        ],
        state: ({ state }) => word('payment', state),
        reason,
      })
      saveFile(`${name}.csv`, text)
    } catch (error) {
      notifyFault(error)
    } finally {
      setSaving(false)
    }
  }
  return { save, saving }
}
