import type { StatusWord } from './channel.ts'

/** A word with nothing in it: whoever speaks adds what they say. Unverified unless they can vouch for it. */
export const nothingSaid = {
  code: '',
  text: '',
  amount: null,
  currency: '',
  payeeAddress: '',
  theirReference: '',
  verified: false,
  theirTime: '',
} as const satisfies Omit<StatusWord, 'paymentId' | 'status'>
