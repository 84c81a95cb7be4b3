import { findReference } from './file-name.ts'

/*
 * What a voucher's QR code says: which payment it is, and a check value that only this office can make, so that none can be
 * invented. No name, no amount: those stand in the office's own records.
 */

const FORM = /^G2P1:([0-9A-F]{32}):([A-Z2-7]{16})$/

/** In capitals and digits, of which QR codes hold most. */
export const voucherText = (reference: string, check: string): string =>
  `G2P1:${reference.replaceAll('-', '').toUpperCase()}:${check}`

export interface VoucherClaim {
  readonly reference: string
  readonly check: string
}

/** What a scanned or typed voucher claims to be; undefined for every other text. */
export function readVoucher(text: string): VoucherClaim | undefined {
  const found = FORM.exec(text.trim().toUpperCase())
  const reference = found?.[1] === undefined ? undefined : findReference(found[1])
  const check = found?.[2]
  return reference === undefined || check === undefined ? undefined : { reference, check }
}

/** The part that is typed where there is no scanner: the check value in groups of four. */
export const spokenCheck = (check: string): string => check.replace(/(.{4})(?=.)/g, '$1 ')
