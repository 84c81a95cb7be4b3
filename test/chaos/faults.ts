import type { FaultRule } from '../../electron/peers/payment-system/behaviour.ts'

/**
 * How the payment system misbehaves in a run. It never lies about the money: a system that calls unpaid paid cannot be
 * found out by anybody.
 */
export function faultsFor(random: () => number, minute: number): FaultRule[] {
  const chance = (): number => 0.03 + random() * 0.09
  // Later than that, and two look-ups ten minutes apart would be no proof any more.
  const late = 6 * minute
  return [
    { on: 'open', probability: chance(), fault: { do: 'drop', when: 'after-accepting' } },
    {
      on: 'open',
      probability: chance(),
      fault: { do: 'http-error', status: 503, accepted: false, code: 'err.service.unavailable', retryAfter: null },
    },
    { on: 'open', probability: chance(), fault: { do: 'malformed', form: 'html', accepted: true } },
    { on: 'disburse', probability: chance(), fault: { do: 'drop', when: 'before-reading' } },
    { on: 'disburse', probability: chance(), fault: { do: 'drop', when: 'before-accepting' } },
    { on: 'disburse', probability: chance(), fault: { do: 'drop', when: 'after-accepting' } },
    { on: 'disburse', probability: chance(), fault: { do: 'drop', when: 'mid-reply' } },
    { on: 'disburse', probability: 0.25, fault: { do: 'answer-late', after: 60 + Math.round(random() * 200) } },
    { on: 'disburse', probability: chance(), fault: { do: 'answer-late', after: 1_300 } },
    { on: 'disburse', probability: chance(), fault: { do: 'insert-late', after: late } },
    { on: 'disburse', probability: chance(), fault: { do: 'acknowledge-and-lose' } },
    {
      on: 'disburse',
      probability: chance(),
      fault: {
        do: 'http-error',
        status: 503,
        accepted: random() < 0.5,
        code: 'err.service.unavailable',
        retryAfter: null,
      },
    },
    { on: 'disburse', probability: chance(), fault: { do: 'malformed', form: 'html', accepted: random() < 0.5 } },
    { on: 'disburse', probability: chance(), fault: { do: 'malformed', form: 'twice', accepted: true } },
    {
      on: 'status',
      probability: chance(),
      fault: { do: 'http-error', status: 500, accepted: false, code: 'err.service.unavailable', retryAfter: null },
    },
    {
      on: 'status',
      probability: chance(),
      fault: { do: 'http-error', status: 429, accepted: false, code: 'err.request.too_many_requests', retryAfter: 1 },
    },
    { on: 'status', probability: chance(), fault: { do: 'drop', when: 'mid-reply' } },
    { on: 'status', probability: chance(), fault: { do: 'malformed', form: 'invalid-json', accepted: true } },
    { on: 'status', probability: chance(), fault: { do: 'misreport', as: 'twice', share: 0.3 } },
  ]
}
