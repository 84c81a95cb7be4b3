import { describe, expect, it } from 'vitest'
import { jsonOf } from '../../../electron/core/http/json.ts'
import type { G2pConnectPeer } from '../../../electron/peers/g2p-connect/start-g2p-connect-peer.ts'
import type { Fault } from '../../../electron/peers/payment-system/behaviour.ts'
import { ACK_ERROR_CODES, DISBURSE_REASON_CODES, HEADER_REASON_CODES } from '../../../shared/contract/g2p-connect.ts'
import {
  disburseBody,
  look,
  payment,
  payments,
  peerForTest,
  post,
  postAcknowledged,
  postAnswered,
  postReply,
  statusBody,
} from './sender.ts'

const next = (peer: G2pConnectPeer, fault: Fault, on: 'disburse' | 'status' = 'disburse', times = 1) =>
  peer.order({ script: [{ on, times, fault }] })
const paidCount = async (peer: G2pConnectPeer): Promise<number> => (await peer.summary()).paid.count

describe('connections that break', () => {
  it.each([
    ['before-reading', 0],
    ['before-accepting', 0],
    ['after-accepting', 1],
    ['mid-reply', 1],
  ] as const)('%s: the sender cannot tell, the ledger can', async (when, paid) => {
    const peer = await peerForTest()
    await next(peer, { do: 'drop', when })
    expect(await post(peer.urls.disburse, disburseBody(payments(1)))).toMatchObject({
      outcome: 'maybe-sent',
      fault: { code: 'http.connection-lost' },
    })
    expect(await paidCount(peer)).toBe(paid)
    expect(await look(peer, ['reference-1'])).toHaveLength(paid)
  })

  it('drops a status look-up as well', async () => {
    const peer = await peerForTest()
    await next(peer, { do: 'drop', when: 'after-accepting' }, 'status')
    expect(await post(peer.urls.syncStatus, statusBody(['reference-1']))).toMatchObject({ outcome: 'maybe-sent' })
  })
})

describe('answers that come late', () => {
  it.each([
    ['the whole answer', { do: 'answer-late', after: 60_000 }],
    ['its last byte', { do: 'malformed', form: 'slow-body', accepted: true }],
  ] as const)('accepts at once though %s comes after the sender gave up', async (_case, fault) => {
    const peer = await peerForTest()
    await next(peer, fault)
    const patience = new AbortController()
    const sent = post(peer.urls.disburse, disburseBody(payments(1)), {}, patience.signal)
    await expect.poll(() => paidCount(peer), { timeout: 60_000 }).toBe(1)
    patience.abort()
    expect(await sent).toMatchObject({ outcome: 'maybe-sent', fault: { code: 'http.cancelled' } })
  })

  it('acknowledges at once and knows the payments only later, then pays', async () => {
    const peer = await peerForTest({ held: true })
    await next(peer, { do: 'insert-late', after: 30_000 })
    expect(await postAcknowledged(peer.urls.disburse, disburseBody(payments(1)))).toMatchObject({ ack_status: 'ACK' })
    expect(await look(peer, ['reference-1'])).toEqual([])
    await peer.order({ advance: 30_000 })
    expect(await look(peer, ['reference-1'])).toEqual(['reference-1 succ'])
  })

  it('acknowledges and forgets', async () => {
    const peer = await peerForTest()
    await next(peer, { do: 'acknowledge-and-lose' })
    expect(await postAcknowledged(peer.urls.disburse, disburseBody(payments(1)))).toMatchObject({ ack_status: 'ACK' })
    expect((await peer.summary()).entries.count).toBe(0)
  })
})

describe('answers that refuse', () => {
  it.each([false, true])('5xx, accepted: %s', async (accepted) => {
    const peer = await peerForTest()
    await next(peer, { do: 'http-error', status: 503, accepted, code: 'err.service.unavailable', retryAfter: null })
    expect(await postAnswered(peer.urls.disburse, disburseBody(payments(1)))).toMatchObject({ status: 503 })
    expect(await paidCount(peer)).toBe(accepted ? 1 : 0)
  })

  it('429 with Retry-After', async () => {
    const peer = await peerForTest()
    const code = 'err.request.too_many_requests'
    await next(peer, { do: 'http-error', status: 429, accepted: false, code, retryAfter: 7 }, 'status')
    const answer = await postAnswered(peer.urls.syncStatus, statusBody(['reference-1']))
    expect(answer).toMatchObject({ status: 429, headers: { 'retry-after': '7' } })
    expect(jsonOf(answer)).toMatchObject({ value: { errors: [{ code }] } })
  })

  it('every acknowledgement and every error code of the specification', async () => {
    const peer = await peerForTest()
    await next(peer, { do: 'acknowledge', ack: 'NACK', code: '', accepted: true })
    expect(await postAcknowledged(peer.urls.disburse, disburseBody(payments(1)))).toMatchObject({ ack_status: 'NACK' })
    expect(await paidCount(peer)).toBe(1)
    for (const code of ACK_ERROR_CODES) {
      await next(peer, { do: 'acknowledge', ack: 'ERR', code, accepted: false })
      const ack = await postAcknowledged(peer.urls.disburse, disburseBody([payment(2)]))
      expect(ack).toMatchObject({ ack_status: 'ERR', error: { code } })
    }
    expect(await paidCount(peer)).toBe(1)
  })

  it('every header code, for the whole message', async () => {
    const peer = await peerForTest()
    for (const code of HEADER_REASON_CODES) {
      await next(peer, { do: 'reject-message', code, accepted: false })
      const { header } = await postReply(peer.urls.syncDisburse, disburseBody(payments(1)))
      expect(header).toMatchObject({ status: 'rjct', status_reason_code: code })
    }
    expect((await peer.summary()).entries.count).toBe(0)
  })

  it('every item code, an invented one too', async () => {
    const peer = await peerForTest()
    const codes = [...DISBURSE_REASON_CODES, 'rjct.payment.failed']
    for (const [at, code] of codes.entries()) {
      await next(peer, { do: 'reject-items', status: 'rjct', code, share: 1, paidAnyway: false })
      const { items } = await postReply(peer.urls.syncDisburse, disburseBody([payment(at)]))
      expect(items).toMatchObject([{ status: 'rjct', status_reason_code: code }])
      expect(await look(peer, [`reference-${at}`])).toEqual([`reference-${at} rjct ${code}`])
    }
    expect(await peer.summary()).toMatchObject({ paid: { count: 0 }, rejected: { count: codes.length } })
  })

  it('"fail" and "rjct" though the money moves', async () => {
    const peer = await peerForTest()
    await next(peer, { do: 'reject-items', status: 'fail', code: 'rjct.payment.failed', share: 1, paidAnyway: true })
    const { items } = await postReply(peer.urls.syncDisburse, disburseBody(payments(1)))
    expect(items).toMatchObject([{ status: 'fail' }])
    expect(await paidCount(peer)).toBe(1)
  })
})

describe('answers that are malformed', () => {
  const shapes: [Extract<Fault, { do: 'malformed' }>['form'], object][] = [
    ['html', { error: { code: 'http.reply-not-json' } }],
    ['empty', { error: { code: 'http.reply-not-json' } }],
    ['invalid-json', { error: { code: 'http.reply-not-json' } }],
    ['redirect', { error: { code: 'http.redirect-refused' } }],
    ['wrong-schema', { ok: true, value: { header: { status: 7 } } }],
    ['wrong-content-type', { ok: true, value: { message: { ack_status: 'ACK' } } }],
    ['twice', { ok: true, value: { message: { ack_status: 'ACK' } } }],
  ]
  it.each(shapes)('%s', async (form, expected) => {
    const peer = await peerForTest()
    await next(peer, { do: 'malformed', form, accepted: true })
    expect(jsonOf(await postAnswered(peer.urls.disburse, disburseBody(payments(1))))).toMatchObject(expected)
    expect(await paidCount(peer)).toBe(1)
  })

  it.each([
    ['huge-json', 'http.reply-too-large'],
    ['chunked-garbage', 'http.reply-garbled'],
  ] as const)('%s', async (form, code) => {
    const peer = await peerForTest()
    await next(peer, { do: 'malformed', form, accepted: false })
    const limits = { maximumReply: 1_000_000 }
    const answer = await post(peer.urls.disburse, disburseBody(payments(1)), limits)
    expect(answer).toMatchObject({ outcome: 'maybe-sent', fault: { code } })
    expect(await paidCount(peer)).toBe(0)
  })

  it('without a signature, or with a wrong one', async () => {
    const peer = await peerForTest()
    const ask = async () =>
      JSON.parse(new TextDecoder().decode((await postAnswered(peer.urls.syncStatus, statusBody(['r']))).body))
    await next(peer, { do: 'malformed', form: 'no-signature', accepted: true }, 'status')
    expect(await ask()).not.toHaveProperty('signature')
    const good = (await ask()).signature
    await next(peer, { do: 'malformed', form: 'wrong-signature', accepted: true }, 'status')
    expect((await ask()).signature).not.toBe(good)
  })
})

describe('look-ups that lie', () => {
  it.each([
    ['contradiction', [{ status: 'rjct' }]],
    ['wrong-amount', [{ status: 'succ', amount: '1.00' }]],
    ['wrong-payee', [{ payee_fa: 'account:somebody-else@elsewhere' }]],
    ['wrong-currency', [{ currency_code: 'XTS' }]],
    ['absent', []],
    ['twice', [{ status: 'succ' }, { status: 'succ' }]],
    ['unreadable', []],
  ] as const)('%s, once; then the truth', async (as, expected) => {
    const peer = await peerForTest()
    await post(peer.urls.disburse, disburseBody(payments(1)))
    await next(peer, { do: 'misreport', as, share: 1 }, 'status')
    const { items } = await postReply(peer.urls.syncStatus, statusBody(['reference-1']))
    expect(items).toMatchObject(expected)
    expect(items).toHaveLength(expected.length)
    expect(await look(peer, ['reference-1'])).toEqual(['reference-1 succ'])
  })

  it('contradicts a rejection too', async () => {
    const peer = await peerForTest()
    await post(peer.urls.disburse, disburseBody([payment(1, { amount: '7' })]))
    await next(peer, { do: 'misreport', as: 'contradiction', share: 1 }, 'status')
    expect(await look(peer, ['reference-1'])).toEqual(['reference-1 succ rjct.amount.invalid'])
  })
})

describe('reversal', () => {
  it('takes paid money back and says so from then on', async () => {
    const peer = await peerForTest()
    await post(peer.urls.disburse, disburseBody(payments(2)))
    await peer.order({ reverse: ['reference-1', 'nobody'] })
    expect(await look(peer, ['reference-1'])).toEqual(['reference-1 rjct rjct.payment.reversed'])
    expect(await peer.summary()).toMatchObject({ paid: { count: 1 }, reversed: { count: 1, hundredths: 1250 } })
  })
})

describe('faults by chance', () => {
  it('strike the same requests for the same seed, and stop when told', async () => {
    const rules = [
      { on: 'disburse' as const, probability: 0.5, fault: { do: 'drop' as const, when: 'before-reading' as const } },
    ]
    const run = async () => {
      const peer = await peerForTest({ seed: 7, rules })
      const outcomes: string[] = []
      for (let at = 0; at < 12; at += 1)
        outcomes.push((await post(peer.urls.disburse, disburseBody([payment(at)]))).outcome)
      return { peer, outcomes }
    }
    const first = await run()
    const second = await run()
    expect(first.outcomes).toEqual(second.outcomes)
    expect(new Set(first.outcomes)).toEqual(new Set(['answered', 'maybe-sent']))
    await first.peer.order({ rules: [] })
    for (let at = 20; at < 26; at += 1) await postAcknowledged(first.peer.urls.disburse, disburseBody([payment(at)]))
  })
})
