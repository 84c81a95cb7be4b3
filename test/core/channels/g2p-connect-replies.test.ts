import { describe, expect, test } from 'vitest'
import { openReply } from '../../../electron/core/channels/g2p-connect/opening.ts'
import { readPostReply, readStatusReply } from '../../../electron/core/channels/g2p-connect/replies.ts'
import type { Answered } from '../../../electron/core/http/exchange-types.ts'
import type { PaymentManager } from '../../../shared/model/payment-manager.ts'

const reply = (body: unknown, status = 200): Answered => ({
  outcome: 'answered',
  status,
  headers: {},
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  host: 'payments.example.org',
})

const payments = [
  { id: 'r-1', currency: 'ETB', theirReference: '' },
  { id: 'r-2', currency: 'ETB', theirReference: '' },
]
const manager = { replySigning: 'none' } as PaymentManager
const read = async (body: unknown, status?: number) => {
  const answer = reply(body, status)
  const means = { settings: manager, keysFor: async () => [], findDecryptionKey: () => undefined, now: Date.now() }
  return { answer, manager, payments, opened: await openReply(answer, means) }
}
const posted = async (body: unknown, status?: number) => readPostReply(await read(body, status))
const looked = async (body: unknown, status?: number) => readStatusReply(await read(body, status))

const ack = (ack_status: string, code = '') => ({
  message: { ack_status, timestamp: 'now', correlation_id: 'c-1', error: code === '' ? null : { code, message: '' } },
})
const header = (status: string, code = '', more: object = {}) => ({
  action: 'on-disburse',
  status,
  status_reason_code: code,
  ...more,
})
const item = (reference_id: string, status: string, more: object = {}) => ({
  reference_id,
  timestamp: 't',
  status,
  ...more,
})

describe('a reply to a disburse request', () => {
  test.each([
    [ack('ACK'), 200, 'acknowledged'],
    [ack('NACK'), 200, 'nack'],
    [ack('ERR', 'err.signature.invalid'), 200, 'refused'],
    [ack('ERR', 'err.service.unavailable'), 200, 'unknown'],
    [ack('ERR', 'rjct.message_id.duplicate'), 200, 'duplicate'],
    [ack('ERR', 'err.something.new'), 200, 'unknown'],
    [{ header: header('rjct', 'rjct.total_count.limit_exceeded') }, 200, 'too-large'],
    [{ header: header('rjct', 'rjct.message_id.duplicate') }, 200, 'duplicate'],
    [{ header: header('rjct', 'rjct.whatever') }, 200, 'unknown'],
    [{ header: header('rcvd') }, 200, 'acknowledged'],
    [{ header: header('rcvd'), message: { disbursements_status: [item('r-1', 'rcvd'), null] } }, 200, 'answered'],
    ['<html>gateway</html>', 200, 'unknown'],
    ['', 200, 'unknown'],
    ['[1]', 200, 'unknown'],
    ['<html>not found</html>', 404, 'refused'],
    [{ errors: [{ code: 'err.request.unauthorized', message: '' }] }, 401, 'refused'],
    [{ errors: [{ code: 'err.request.bad', message: '' }] }, 400, 'refused'],
    ['Bad Request', 400, 'unknown'],
    ['', 303, 'unknown'],
    ['', 307, 'refused'],
    ['', 409, 'unknown'],
    ['', 429, 'unknown'],
    [{ errors: [{ code: 'err.request.bad', message: '' }] }, 500, 'unknown'],
    ['', 503, 'unknown'],
  ])('%j with %i is %s', async (body, status, kind) => {
    expect((await posted(body, status)).kind).toBe(kind)
  })
})

describe('a reply to a look-up', () => {
  const answer = (txn_status: unknown, more: object = {}) => ({
    header: header('succ', '', more),
    message: { transaction_id: 't', txnstatus_response: { txn_type: 'on-disburse', txn_status } },
  })

  test.each([
    ["the specification's object", (items: unknown[]) => ({ transaction_id: 't', disbursements_status: items })],
    ['a bare list with nulls', (items: unknown[]) => [null, ...items, null]],
  ])('reads %s, amounts to the last digit, and what it leaves out is absent', async (_, shape) => {
    const text = JSON.stringify(answer(shape([item('r-1', 'succ', { amount: '@', currency_code: 'ETB' })])))
    const found = await looked(text.replace('"@"', '100.00'))
    expect(found).toMatchObject({ kind: 'answered', absent: ['r-2'], left: [] })
    expect(found.kind === 'answered' && found.words[0]).toMatchObject({
      paymentId: 'r-1',
      status: 'succ',
      amount: 10_000,
    })
  })

  test('an amount that cannot be read never matches', async () => {
    const found = await looked(answer([item('r-1', 'succ', { amount: '100.001' })]))
    expect(found.kind === 'answered' && found.words[0]).toMatchObject({ amount: null, currency: '?' })
  })

  test('a currency or an address that only begins like the approved one is another one', async () => {
    const long = `account:1@${'x'.repeat(300)}`
    const found = await looked(answer([item('r-1', 'succ', { currency_code: 'ETBX', payee_fa: long })]))
    expect(found.kind === 'answered' && found.words[0]).toMatchObject({ currency: '?', payeeAddress: '?' })
  })

  test('a partial list leaves the rest to be asked for, and denies nothing', async () => {
    const found = await looked(answer([item('r-1', 'pdng')], { total_count: 2, completed_count: 1 }))
    expect(found).toMatchObject({ kind: 'answered', absent: [], left: ['r-2'] })
  })

  test('an unreadable item denies nothing', async () => {
    const found = await looked(answer([item('r-1', 'pdng'), { reference_id: 'r-2' }]))
    expect(found).toMatchObject({ kind: 'answered', absent: [], left: [] })
  })

  test('"invalid reference" without a word about the payment means that it is not known, not that it is rejected', async () => {
    const code = { status_reason_code: 'rjct.reference_id.invalid' }
    const found = await looked(answer([item('r-1', 'rjct', code), item('r-2', 'rjct', { ...code, amount: '5.00' })]))
    expect(found).toMatchObject({ kind: 'answered', absent: ['r-1'] })
    expect(found.kind === 'answered' && found.words).toMatchObject([{ paymentId: 'r-2', status: 'rjct' }])
  })

  test.each([
    ['', 429, true],
    [ack('ERR', 'err.request.too_many_requests'), 200, true],
    ['', 503, false],
    ['<html></html>', 200, false],
  ])('%j with %i is no answer', async (body, status, slowDown) => {
    expect(await looked(body, status)).toMatchObject({ kind: 'failed', slowDown })
  })
})
