import { newId } from '../../../shared/model/ids.ts'
import { NO_CURRENCY } from '../../../shared/rules/currency.ts'
import type { Question } from './channel.ts'

/** A question about a payment that nobody ever sent: moves no money, and shows whether line, settings and sign-in are in order. */
export const questionAboutNobody = (): Question => ({
  payments: [{ id: newId(), currency: NO_CURRENCY, theirReference: newId() }],
  message: {
    transactionId: newId(),
    messageId: newId(),
    correlationId: '',
    openedAs: '',
    madeAt: null,
    postedAt: null,
    mayHaveComeTwice: false,
    lines: [],
  },
})
