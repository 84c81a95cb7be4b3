import { afterEach, describe, expect, test } from 'vitest'
import type { ErrorCode } from '../../../shared/contract/errors.ts'
import { makeCertificate } from '../../peers/certificates/certificate.ts'
import { Scene } from './scene.ts'
import { paymentsOf, statesOf, until } from './sending-office.ts'

/* A payment system that answers as none should: each way has its code, and nothing is lost or settled by it. */

let scene: Scene
afterEach(() => scene.close())

const forms = [
  ['html', 'http.reply-not-json'],
  ['huge-json', 'http.reply-too-large'],
  ['invalid-json', 'http.reply-not-json'],
  ['empty', 'http.reply-not-json'],
  ['wrong-schema', 'channel.reply-not-understood'],
  ['chunked-garbage', 'http.reply-garbled'],
] as const satisfies readonly (readonly [string, ErrorCode])[]

const paidOnce = async (batchId: string, count: number): Promise<void> => {
  await until('all paid', () => statesOf(scene.office, batchId).paid === count)
  const ledger = await scene.ledger()
  expect(ledger.length).toBe(count)
  expect(ledger.every(({ paidCount }) => paidCount === 1)).toBe(true)
}

const statusFault = (): string | undefined =>
  scene.office.scheduler.queue.findByKey('dispatch.status', 'manager')?.fault?.code

describe('a bad answer to a post that was taken', () => {
  test.each(forms)('%s: unknown with %s, looked up, paid once', async (form, code) => {
    scene = await Scene.open({}, { duplicateProtection: false })
    await scene.script({ on: 'disburse', fault: { do: 'malformed', form, accepted: true }, times: 1 })
    // Nothing can be looked up before the test has seen the state.
    await scene.script({ on: 'status', fault: { do: 'drop', when: 'before-reading' }, times: 3 })
    const batchId = await scene.send(3)
    await until('unknown', () => statesOf(scene.office, batchId).unknown === 3)
    expect(paymentsOf(scene.office, batchId).map(({ reasonCode }) => reasonCode)).toEqual([code, code, code])
    await paidOnce(batchId, 3)
    expect(paymentsOf(scene.office, batchId).every(({ reasonCode }) => reasonCode === '')).toBe(true)
  })

  test('a reply that calls itself plain text but is one is read', async () => {
    scene = await Scene.open({}, { duplicateProtection: false })
    await scene.script({
      on: 'disburse',
      fault: { do: 'malformed', form: 'wrong-content-type', accepted: true },
      times: 1,
    })
    await scene.script({
      on: 'status',
      fault: { do: 'malformed', form: 'wrong-content-type', accepted: true },
      times: 1,
    })
    const batchId = await scene.send(2)
    await paidOnce(batchId, 2)
    expect(scene.deliveries(batchId).map(({ outcome }) => outcome)).toEqual(['posting', 'answered'])
  })
})

describe('a bad answer to a post that was not taken', () => {
  test.each(forms)('%s: unknown with %s, never paid by it, never lost', async (form, code) => {
    scene = await Scene.open({}, { duplicateProtection: false })
    await scene.script({ on: 'disburse', fault: { do: 'malformed', form, accepted: false }, times: 1 })
    const batchId = await scene.send(2)
    await until('unknown', () => statesOf(scene.office, batchId).unknown === 2)
    expect(await scene.attention(batchId)).toBe('dispatch.resend-needs-approval')
    const said = scene.office.store
      .sql("SELECT body ->> '$.code' FROM delivery WHERE batch_id = ? AND outcome = 'unknown'")
      .pluck()
      .all(batchId)
    expect(said).toEqual([code])
    expect((await scene.ledger()).length).toBe(0)
    scene.office.dispatch.approveResend('approver', batchId, '1')
    await paidOnce(batchId, 2)
  })

  test('a redirect is not followed: refused before anything was taken', async () => {
    scene = await Scene.open({}, { duplicateProtection: false })
    await scene.script({ on: 'disburse', fault: { do: 'malformed', form: 'redirect', accepted: false }, times: 1 })
    const batchId = await scene.send(2)
    expect(await scene.attention(batchId)).toBe('dispatch.refused')
    expect(scene.job(batchId)?.fault?.params).toEqual({ code: 'http.307' })
    expect(statesOf(scene.office, batchId)).toEqual({ queued: 2 })
    expect((await scene.ledger()).length).toBe(0)
  })
})

describe('a bad answer to a look-up', () => {
  test.each([...forms, ['redirect', 'http.redirect-refused']] as const)(
    '%s: %s at the job, nothing settled and nothing denied',
    async (form, code) => {
      scene = await Scene.open({}, { duplicateProtection: false })
      await scene.script({ on: 'status', fault: { do: 'malformed', form, accepted: true }, times: 3 })
      const batchId = await scene.send(2)
      await until('a look-up failed', () => statusFault() === code)
      expect(statesOf(scene.office, batchId)).toEqual({ acknowledged: 2 })
      expect(scene.office.store.sql('SELECT count(*) FROM absence').pluck().get()).toBe(0)
      await paidOnce(batchId, 2)
    },
  )
})

test('an expired certificate: nothing leaves, and after some tries an officer is asked', async () => {
  const yesterday = new Date(Date.now() - 86_400_000)
  const { certificate, key } = makeCertificate({
    name: 'payments.example.org',
    for: ['127.0.0.1', 'localhost'],
    validFrom: new Date(yesterday.getTime() - 86_400_000),
    validTo: yesterday,
    isAuthority: true,
  })
  scene = await Scene.open({ certificateAuthority: certificate }, {}, { tls: { certificate, key } })
  const batchId = await scene.send(2)
  expect(await scene.attention(batchId)).toBe('http.certificate-expired')
  expect(scene.office.store.get('batch', batchId).attention).toBe('http.certificate-expired')
  expect(statesOf(scene.office, batchId)).toEqual({ queued: 2 })
  expect(scene.deliveries(batchId).every(({ outcome }) => outcome === 'posting' || outcome === 'never-sent')).toBe(true)
  expect((await scene.ledger()).length).toBe(0)
})
