import type { TFunction } from 'i18next'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { codeSentence } from '../../i18n/fault-sentence.ts'
import type { PaymentRow } from './answers.ts'

/** The sentence of a code whose values were not kept, or differ from one to the next: dots stand for them. */
export const sentenceOf = (
  t: TFunction,
  code: string,
  params: Readonly<Record<string, string | number>> = {},
): string => codeSentence(t, code, params).replace(/\{\{\w+\}\}/g, '…')

/** Why a payment stands where it stands, as a sentence; what an officer or a payment system wrote follows it. */
export function useReasonWords(): (payment: Pick<PaymentRow, 'reasonCode' | 'reasonText' | 'reasonParams'>) => string {
  const { t } = useTranslation()
  return useCallback(
    ({ reasonCode, reasonText, reasonParams }) => {
      const sentence = reasonCode === '' ? '' : sentenceOf(t, reasonCode, reasonParams)
      return [sentence, reasonText].filter((text) => text !== '').join(' — ')
    },
    [t],
  )
}
