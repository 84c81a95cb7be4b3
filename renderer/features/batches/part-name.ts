import type { PartKey } from '../../../shared/model/payment.ts'

/** A part's number in the reader's digits; of a half also which one: `3.1`. */
export const partName = (part: PartKey, format: { readonly number: (value: number) => string }): string =>
  part
    .split('.')
    .map((number) => format.number(Number(number)))
    .join('.')
