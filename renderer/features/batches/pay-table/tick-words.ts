import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { PayTableRow } from '../../../../shared/contract/pay-table.ts'
import { useFormat } from '../../../i18n/format.ts'

/** Who ticked a line when, who took the money, who saw it: one line of text; empty where nobody ticked it. */
export function useTickWords(): (row: Pick<PayTableRow, 'tick' | 'tickedBy'>) => string {
  const { t } = useTranslation('pay-table')
  const format = useFormat()
  return useCallback(
    ({ tick, tickedBy }) => {
      if (tick === null) return ''
      return [
        t('words.ticked', { name: tickedBy, day: format.day(tick.day) }),
        ...(tick.by === 'deputy'
          ? [
              tick.deputyRelation === ''
                ? t('words.deputy', { name: tick.deputyName })
                : t('words.deputyAs', { name: tick.deputyName, relation: tick.deputyRelation }),
            ]
          : []),
        ...(tick.witness === '' ? [] : [t('words.witness', { name: tick.witness })]),
        ...(tick.voucherSeen ? [t('words.voucher')] : []),
        ...(tick.note === '' ? [] : [tick.note]),
      ].join(' · ')
    },
    [t, format],
  )
}
