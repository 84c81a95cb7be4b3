import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PaymentState } from '../../../shared/model/payment.ts'
import { payTableStanding, whyNotConfirm } from '../../../shared/rules/pay-table.ts'
import { isOpenOutside } from '../../../shared/rules/payment-life.ts'

const anyState = fc.constantFrom(...PaymentState.options)
const anyEntry = fc.constantFrom('collected', 'absent', 'taken-back')

test('whatever was ticked and is not confirmed waits for a second officer, unless the payment ended that way already', () => {
  fc.assert(
    fc.property(anyState, anyEntry, (state, entry) => {
      const standing = payTableStanding(state, { entry }, false)
      const ended = (state === 'paid' && entry === 'collected') || (state === 'rejected' && entry === 'absent')
      if (entry === 'taken-back' || ended) expect(['open', 'settled']).toContain(standing)
      else expect(standing).toBe(entry)
    }),
  )
})

test('nobody is expected at the table whose payment is not with them any more, or whose tick was confirmed', () => {
  fc.assert(
    fc.property(anyState, fc.option(anyEntry, { nil: undefined }), fc.boolean(), (state, entry, confirmed) => {
      const standing = payTableStanding(state, entry === undefined ? undefined : { entry }, confirmed)
      if (standing === 'open') expect(isOpenOutside(state) && !confirmed).toBe(true)
      if (entry === undefined && !confirmed) expect(standing).toBe(isOpenOutside(state) ? 'open' : 'settled')
    }),
  )
})

test('nobody confirms what they ticked themselves, or what somebody ticked through whom they could act', () => {
  const sponsors: Readonly<Record<string, readonly string[]>> = {
    amal: [],
    bilal: ['amal'],
    chidi: [],
    dina: ['bilal'],
  }
  const sponsorsOf = (id: string) => sponsors[id]
  expect(whyNotConfirm({ changedBy: 'amal' }, 'amal', sponsorsOf)).toBe('pay-table.same-officer')
  expect(whyNotConfirm({ changedBy: 'amal' }, 'dina', sponsorsOf)).toBe('pay-table.sponsored')
  expect(whyNotConfirm({ changedBy: 'dina' }, 'amal', sponsorsOf)).toBe('pay-table.sponsored')
  expect(whyNotConfirm({ changedBy: 'amal' }, 'chidi', sponsorsOf)).toBe('')
})
