import { createPublicKey, verify } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ReplyEnvelope } from '../../../shared/contract/g2p-connect.ts'
import { makeCertificate } from '../certificates/certificate.ts'
import {
  disburseBody,
  look,
  officeKeys,
  payment,
  payments,
  peerForTest,
  post,
  postAcknowledged,
  postAnswered,
  postJson,
  postReply,
  signedContent,
  statusBody,
} from './sender.ts'

describe('disburse', () => {
  it('asynchronously: acknowledges, pays, and tells by references, transaction and correlation', async () => {
    const peer = await peerForTest()
    const ack = await postAcknowledged(peer.urls.disburse, disburseBody(payments(2)))
    expect(ack).toMatchObject({ ack_status: 'ACK' })
    const paid = ['reference-1 succ', 'reference-2 succ']
    expect(await look(peer, ['reference-1', 'reference-2', 'reference-3'])).toEqual(paid)
    for (const [type, value] of [
      ['transaction_id', 'transaction-1'],
      ['correlation_id', ack.correlation_id],
    ] as const) {
      const { items, header } = await postReply(peer.urls.syncStatus, statusBody(value, type))
      expect(items.map((item) => `${item.reference_id} ${item.status}`)).toEqual(paid)
      expect(header).toMatchObject({ action: 'on-disburse', status: 'succ', total_count: 2, completed_count: 2 })
    }
    expect(await peer.summary()).toMatchObject({
      entries: { count: 2, hundredths: 2500 },
      paid: { count: 2, hundredths: 2500 },
      waiting: { count: 0 },
      traffic: { disburse: 1, status: 3 },
    })
  })

  it('synchronously: answers each item and signs the reply', async () => {
    const peer = await peerForTest({ held: true })
    await peer.order({ advance: 86_400_000 })
    const raw = await postJson(peer.urls.syncDisburse, disburseBody(payments(2)))
    const reply = ReplyEnvelope.parse(raw)
    expect(reply.header).toMatchObject({ action: 'on-disburse', status: 'rcvd', total_count: 2 })
    const [head = '', payload = '', mark = ''] = (reply.signature ?? '').split('.')
    const body = raw as { header: unknown; message: unknown }
    expect(Buffer.from(payload, 'base64url').toString()).toBe(signedContent(body.header, body.message))
    const { iat } = JSON.parse(Buffer.from(head, 'base64url').toString())
    expect(iat * 1000).toBeLessThanOrEqual(Date.now())
    const key = createPublicKey({ key: { ...peer.publicKey }, format: 'jwk' })
    expect(verify(null, Buffer.from(`${head}.${payload}`), key, Buffer.from(mark, 'base64url'))).toBe(true)
  })

  it.each([
    ['amount without a point', { amount: '100' }, 'rjct.amount.invalid'],
    ['amount with three decimals', { amount: '1.005' }, 'rjct.amount.invalid'],
    ['negative amount', { amount: '-1.00' }, 'rjct.amount.invalid'],
    ['currency in small letters', { currency_code: 'etb' }, 'rjct.currency_code.invalid'],
    ['schedule without a zone', { scheduled_timestamp: '2026-03-01 10:00:00' }, 'rjct.schedule_ts.invalid'],
    ['address of a missing phone', { payee_fa: 'phone:False' }, 'rjct.payee_fa.invalid'],
    ['address without its number', { payee_fa: 'iban:@ABCDETAA' }, 'rjct.payee_fa.invalid'],
    ['empty payer', { payer_fa: '' }, 'rjct.payer_fa.invalid'],
    ['empty reference', { reference_id: ' ' }, 'rjct.reference_id.invalid'],
  ])('refuses one item for its %s and takes the other', async (_case, change, code) => {
    const peer = await peerForTest()
    const { items } = await postReply(peer.urls.syncDisburse, disburseBody([payment(1), payment(2, change)]))
    expect(items.map((item) => [item.status, item.status_reason_code])).toEqual([
      ['rcvd', ''],
      ['rjct', code],
    ])
    expect((await peer.summary()).paid.count).toBe(1)
  })

  it.each([
    ['a count that is wrong', { total_count: 3 }, 'err.request.bad', 'rjct.total_count.invalid'],
    ['a time without a zone', { message_ts: '2026-03-01 10:00:00.0' }, 'err.request.bad', 'rjct.message_ts.invalid'],
    ['another version', { version: '0.1.0' }, 'err.version.not_supported', 'rjct.version.invalid'],
    ['another action', { action: 'search' }, 'err.request.bad', 'rjct.action.not_supported'],
    ['another receiver', { receiver_id: 'x' }, 'err.receiver_id.invalid', 'err.receiver_id.invalid'],
  ])('refuses a message with %s', async (_case, header, ackCode, headerCode) => {
    const peer = await peerForTest()
    const text = disburseBody(payments(1), { header })
    const ack = await postAcknowledged(peer.urls.disburse, text)
    expect(ack).toMatchObject({ ack_status: 'ERR', error: { code: ackCode } })
    const reply = await postReply(peer.urls.syncDisburse, text)
    expect(reply.header).toMatchObject({ status: 'rjct', status_reason_code: headerCode })
    expect((await peer.summary()).entries.count).toBe(0)
  })

  it('refuses what is not JSON, lacks members, or holds too many payments', async () => {
    const peer = await peerForTest({ behaviour: { maximumCount: 2 } })
    expect(await postAcknowledged(peer.urls.disburse, '{"half":')).toMatchObject({ ack_status: 'ERR' })
    expect(await postAnswered(peer.urls.syncDisburse, '{}')).toMatchObject({ status: 400 })
    const reply = await postReply(peer.urls.syncDisburse, disburseBody(payments(3)))
    expect(reply.header.status_reason_code).toBe('rjct.total_count.limit_exceeded')
    expect((await peer.summary()).entries.count).toBe(0)
  })
})

describe('duplicates', () => {
  it('with protection: the same message or reference is refused and paid once', async () => {
    const peer = await peerForTest()
    const text = disburseBody(payments(1))
    await post(peer.urls.syncDisburse, text)
    const again = await postReply(peer.urls.syncDisburse, text)
    expect(again.header).toMatchObject({ status: 'rjct', status_reason_code: 'rjct.message_id.duplicate' })
    expect(await postAcknowledged(peer.urls.disburse, text)).toMatchObject({
      ack_status: 'ERR',
      error: { code: 'rjct.message_id.duplicate' },
    })
    const renewed = await postReply(peer.urls.syncDisburse, disburseBody(payments(1)))
    expect(renewed.items).toMatchObject([{ status: 'rjct', status_reason_code: 'rjct.reference_id.duplicate' }])
    await peer.order({ behaviour: { duplicateAnswer: 'acknowledged' } })
    expect(await postAcknowledged(peer.urls.disburse, text)).toMatchObject({ ack_status: 'ACK' })
    expect(await peer.summary()).toMatchObject({ paid: { count: 1 }, paidMoreThanOnce: { count: 0 } })
  })

  it('without protection: each delivery is paid, and the ledger shows it', async () => {
    const peer = await peerForTest({ behaviour: { duplicateProtection: false } })
    const text = disburseBody(payments(1))
    await post(peer.urls.disburse, text)
    await post(peer.urls.disburse, text)
    await post(peer.urls.syncDisburse, disburseBody(payments(1)))
    expect(await peer.summary()).toMatchObject({
      entries: { count: 1 },
      deliveries: 3,
      paidMoreThanOnce: { count: 1, hundredths: 2500 },
    })
    expect(await peer.ledger()).toMatchObject([{ paidCount: 3, paidHundredths: 3750, deliveries: 3 }])
  })
})

describe('who may send', () => {
  it('asks for a bearer token', async () => {
    const peer = await peerForTest({ authentication: { kind: 'bearer', token: 'secret' } })
    const text = disburseBody(payments(1))
    expect(await postAnswered(peer.urls.disburse, text)).toMatchObject({ status: 401 })
    const headers = { authorization: 'Bearer secret' }
    expect(await postAnswered(peer.urls.disburse, text, { headers })).toMatchObject({ status: 200 })
  })

  it('issues tokens to clients, with the expiry as text, and refuses expired and revoked ones', async () => {
    const authentication = { kind: 'oauth2', clientId: 'office', clientSecret: 'secret', expiresIn: 60 } as const
    const peer = await peerForTest({ authentication })
    const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' } }
    const ask = (secret: string) =>
      post(peer.urls.token, `grant_type=client_credentials&client_id=office&client_secret=${secret}`, form)
    expect(await ask('wrong')).toMatchObject({ status: 401 })
    const token = async () => {
      const answer = await ask('secret')
      if (answer.outcome !== 'answered') throw new Error('no token')
      const reply: Record<string, string> = JSON.parse(new TextDecoder().decode(answer.body))
      expect(reply).toMatchObject({ token_type: 'Bearer', expires_in: '60' })
      return { headers: { authorization: `Bearer ${reply.access_token}` } }
    }
    const first = await token()
    expect(await postAnswered(peer.urls.syncStatus, statusBody(['r']), first)).toMatchObject({ status: 200 })
    await peer.order({ advance: 60_000 })
    expect(await postAnswered(peer.urls.syncStatus, statusBody(['r']), first)).toMatchObject({ status: 401 })
    const second = await token()
    await peer.order({ revokeTokens: true })
    expect(await postAnswered(peer.urls.syncStatus, statusBody(['r']), second)).toMatchObject({ status: 401 })
  })

  it('verifies signatures over header and message', async () => {
    const keys = officeKeys()
    const peer = await peerForTest({ signatures: { required: true, keys: [keys.publicKey] } })
    const good = disburseBody(payments(1), {}, keys)
    const parts: { header: unknown; message: unknown } = JSON.parse(good)
    const content = signedContent(parts.header, parts.message)
    const seconds = Math.floor(Date.now() / 1000)
    const withSignature = (signature: string | null) => JSON.stringify({ ...parts, signature })
    const codeOf = async (text: string) => (await postAcknowledged(peer.urls.disburse, text)).error?.code
    expect(await codeOf(withSignature(null))).toBe('err.signature.missing')
    expect(await codeOf(withSignature('placeholder'))).toBe('err.signature.invalid')
    expect(await codeOf(withSignature(officeKeys().sign(content)))).toBe('err.signature.invalid')
    expect(await codeOf(withSignature(keys.sign(content, { exp: seconds - 60 })))).toBe('err.signature.invalid')
    expect(await codeOf(withSignature(keys.sign(content, { iat: seconds + 3_600 })))).toBe('err.signature.invalid')
    expect(await codeOf(good.replace('12.50', '99.50'))).toBe('err.signature.invalid')
    expect((await peer.summary()).entries.count).toBe(0)
    expect(await postAcknowledged(peer.urls.disburse, good)).toMatchObject({ ack_status: 'ACK' })
  })

  it('knows its senders', async () => {
    const peer = await peerForTest({ senderIds: ['somebody.else'] })
    const ack = await postAcknowledged(peer.urls.disburse, disburseBody(payments(1)))
    expect(ack.error?.code).toBe('err.sender_id.invalid')
  })

  it('lets nobody without the control token read the ledger', async () => {
    const peer = await peerForTest()
    expect(await postAnswered(`${peer.origin}/control`, '{}')).toMatchObject({ status: 404 })
  })

  it('speaks TLS with the certificate it is given', async () => {
    const { certificate, key } = makeCertificate({ name: 'peer', for: ['127.0.0.1'] })
    const peer = await peerForTest({ tls: { certificate, key } })
    const text = disburseBody(payments(1))
    expect(await post(peer.urls.disburse, text)).toMatchObject({
      outcome: 'never-sent',
      fault: { code: 'http.certificate-untrusted' },
    })
    expect((await peer.summary()).traffic.disburse).toBe(0)
    const trusted = { certificateAuthority: certificate }
    expect(await postAnswered(peer.urls.disburse, text, trusted)).toMatchObject({ status: 200 })
  })
})

describe('status', () => {
  it.each(['list', 'list-with-nulls'] as const)('also in the shape of a %s', async (statusShape) => {
    const peer = await peerForTest({ behaviour: { statusShape, statusTxnType: 'disburse' } })
    await post(peer.urls.disburse, disburseBody(payments(1)))
    const reply = await postReply(peer.urls.syncStatus, statusBody(['nobody', 'reference-1']))
    const nothing = statusShape === 'list' ? [] : [null]
    expect(reply.message).toMatchObject({
      txnstatus_response: { txn_type: 'disburse', txn_status: [...nothing, { reference_id: 'reference-1' }] },
    })
    expect(reply.items).toMatchObject([{ reference_id: 'reference-1', status: 'succ' }])
  })

  it('in part, when the reply is limited', async () => {
    const peer = await peerForTest({ behaviour: { statusLimit: 2 } })
    await post(peer.urls.disburse, disburseBody(payments(3)))
    const { header, items } = await postReply(peer.urls.syncStatus, statusBody('transaction-1', 'transaction_id'))
    expect(header).toMatchObject({ total_count: 3, completed_count: 2 })
    expect(items).toHaveLength(2)
  })

  it('says that a reference is unknown, when it is so by nature', async () => {
    const peer = await peerForTest({ behaviour: { unknownReferences: 'rejected' } })
    expect(await look(peer, ['nobody'])).toEqual(['nobody rjct rjct.reference_id.invalid'])
  })

  it('moves from received over pending to paid as time goes by', async () => {
    const profile = {
      paidAfter: [60_000, 60_000] as [number, number],
      rejected: {},
      late: { share: 0, after: 0 },
      reversed: { share: 0, after: 0 },
    }
    const peer = await peerForTest({ held: true, profile })
    await post(peer.urls.disburse, disburseBody([payment(1)]))
    expect(await look(peer, ['reference-1'])).toEqual(['reference-1 rcvd'])
    await peer.order({ advance: 31_000 })
    expect(await look(peer, ['reference-1'])).toEqual(['reference-1 pdng'])
    await peer.order({ advance: 29_000 })
    expect(await look(peer, ['reference-1'])).toEqual(['reference-1 succ'])
  })

  it('waits for the scheduled time', async () => {
    const peer = await peerForTest({ held: true })
    const scheduled = new Date(Date.now() + 3_600_000).toISOString()
    await post(peer.urls.disburse, disburseBody([payment(1, { scheduled_timestamp: scheduled })]))
    expect((await peer.summary()).paid.count).toBe(0)
    expect((await peer.order({ advance: 3_700_000 })).paid.count).toBe(1)
  })

  it('asynchronously: acknowledges and calls back', async () => {
    const peer = await peerForTest()
    await post(peer.urls.disburse, disburseBody(payments(1)))
    const called = Promise.withResolvers<unknown>()
    const office = createServer((request, reply) => {
      let text = ''
      request.on('data', (chunk) => {
        text += chunk
      })
      request.on('end', () => {
        reply.end()
        called.resolve(JSON.parse(text))
      })
    })
    office.listen(0, '127.0.0.1')
    await once(office, 'listening')
    onTestFinished(() => void office.close())
    const address = office.address()
    const sender_uri = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/on-status`
    const ack = await postAcknowledged(
      peer.urls.status,
      statusBody(['reference-1'], undefined, { header: { sender_uri } }),
    )
    expect(ack.ack_status).toBe('ACK')
    expect(await called.promise).toMatchObject({ message: { txnstatus_response: { txn_type: 'on-disburse' } } })
    expect(await postAcknowledged(peer.urls.status, statusBody(['reference-1']))).toMatchObject({ ack_status: 'NACK' })
  })
})
