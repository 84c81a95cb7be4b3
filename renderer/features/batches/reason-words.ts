import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { codeSentence } from '../../i18n/fault-sentence.ts'
import type { PaymentRow } from './answers.ts'

/** Why a payment stands where it stands, as a sentence; what an officer or a payment system wrote follows it. */
export function useReasonWords(): (payment: Pick<PaymentRow, 'reasonCode' | 'reasonText' | 'reasonParams'>) => string {
  const { t } = useTranslation()
  return useCallback(
    ({ reasonCode, reasonText, reasonParams }) => {
      const sentence = reasonCode === '' ? '' : codeSentence(t, reasonCode, reasonParams)
      return [sentence, reasonText].filter((text) => text !== '').join(' — ')
    },
    [t],
  )
}
