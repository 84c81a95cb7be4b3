import type { CatalogueEntry } from './entry.ts'

/** Ticking off what was paid out by hand, and confirming it. */
export const payTableErrors = {
  'pay-table.not-paid-by-hand': { class: 'refused', action: 'review' },
  /** Nothing of the batch has gone out yet. */
  'pay-table.not-given-out': { class: 'refused', action: 'wait' },
  'pay-table.not-open': { class: 'conflict', action: 'reload' },
  'pay-table.day-in-future': { class: 'input', action: 'correct' },
  'pay-table.deputy-needs-name': { class: 'input', action: 'correct' },
  'pay-table.deputy-needs-witness': { class: 'input', action: 'correct' },
  'pay-table.ticked-meanwhile': { class: 'conflict', action: 'reload' },
  'pay-table.same-officer': { class: 'refused', action: 'ask-other-officer' },
  'pay-table.sponsored': { class: 'refused', action: 'ask-other-officer' },
  /** `office` */
  'pay-table.settled-elsewhere': { class: 'refused', action: 'ask-other-officer' },
  'pay-table.voucher-unknown': { class: 'input', action: 'correct' },
  /** `name` and `day` */
  'pay-table.already-collected': { class: 'refused', action: 'review' },
  'pay-table.voucher-settled': { class: 'refused', action: 'review' },
  /** `day` */
  'pay-table.voucher-still-good': { class: 'refused', action: 'wait' },
  'pay-table.voucher-without-end': { class: 'refused', action: 'review' },
  /** Until when they are good stands with the office that printed them. */
  'pay-table.voucher-from-elsewhere': { class: 'refused', action: 'ask-other-officer' },
  /** `day` */
  'pay-table.voucher-lapsed': { class: 'refused', action: 'review' },
  /** The person was not there, so the money is still with the office. */
  'pay-table.not-collected': { class: 'outside', action: 'review' },
} as const satisfies Record<string, CatalogueEntry>
