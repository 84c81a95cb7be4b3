import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { PayTableRow } from '../../../../shared/contract/pay-table.ts'
import { apart } from '../../../i18n/apart.ts'
import { useFormat } from '../../../i18n/format.ts'

/** Who ticked a line when, who took the money, who saw it: one line of text; empty where nobody ticked it. */
export function useTickWords(): (row: Pick<PayTableRow, 'tick' | 'tickedBy'>) => string {
  const { t } = useTranslation('pay-table')
  const format = useFormat()
  return useCallback(
    ({ tick, tickedBy }) => {
      if (tick === null) return ''
      return [
        t('words.ticked', { name: apart(tickedBy), day: apart(format.day(tick.day)) }),
        ...(tick.by === 'deputy'
          ? [
              tick.deputyRelation === ''
                ? t('words.deputy', { name: apart(tick.deputyName) })
                : t('words.deputyAs', { name: apart(tick.deputyName), relation: apart(tick.deputyRelation) }),
            ]
          : []),
        ...(tick.witness === '' ? [] : [t('words.witness', { name: apart(tick.witness) })]),
        ...(tick.voucherSeen ? [t('words.voucher')] : []),
        ...(tick.note === '' ? [] : [apart(tick.note)]),
      ].join(' · ')
    },
    [t, format],
  )
}
