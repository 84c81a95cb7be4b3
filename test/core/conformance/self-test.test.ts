import { afterEach, describe, expect, test } from 'vitest'
import { type DuplicateProof, duplicateProof } from '../../../electron/core/conformance/duplicate-proof.ts'
import { SelfTests } from '../../../electron/core/conformance/self-tests.ts'
import { generateMessageKey } from '../../../electron/core/vault/message-keys.ts'
import type { Behaviour } from '../../../electron/peers/payment-system/behaviour.ts'
import type { PeerOptionsInput } from '../../../electron/peers/payment-system/peer-options.ts'
import type { ConformanceCheck, ConformanceOutcome } from '../../../shared/model/conformance.ts'
import type { ManagerSettings } from '../dispatch/approved-batches.ts'
import { Scene } from '../dispatch/scene.ts'
import { until } from '../dispatch/sending-office.ts'

/* The self-test against payment systems that keep the protocol, and against some that do not. */

let scene: Scene
afterEach(() => scene.close())

const begin = async (
  settings: ManagerSettings = {},
  behaviour: Partial<Behaviour> = {},
  options: Partial<PeerOptionsInput> = {},
): Promise<void> => {
  scene = await Scene.open(settings, behaviour, options)
}

const sandbox = {
  programmeId: 'programme',
  payeeAddress: 'account:777@sandbox',
  payeeName: 'Sandbox holder',
  amount: 100,
  currency: 'ETB',
}

type Findings = Partial<Record<ConformanceCheck, readonly [ConformanceOutcome, string]>>

async function tested(
  withMoney = false,
  onFound: (check: ConformanceCheck) => void = () => undefined,
): Promise<Findings> {
  const tests = new SelfTests(scene.office)
  const order = { managerId: 'manager', officerId: 'administrator', sandbox: withMoney ? sandbox : null }
  const findings: Findings = {}
  for await (const { check, outcome, finding } of tests.run(order, new AbortController().signal)) {
    findings[check] = [outcome, finding?.code ?? '']
    onFound(check)
  }
  return findings
}

test('no money moves without a sandbox account, and each check is told once', async () => {
  await begin()
  const findings = await tested()
  expect(Object.keys(findings)).toHaveLength(16)
  expect(findings.reach).toEqual(['good', ''])
  expect(findings.reply).toEqual(['good', ''])
  expect(findings['status-by-references']).toEqual(['good', ''])
  expect(findings['status-by-transaction']).toEqual(['good', ''])
  expect(findings['errors-told']).toEqual(['good', ''])
  expect(findings['sandbox-send']).toEqual(['not-tried', ''])
  expect(await scene.ledger()).toEqual([])
})

test('what is doubtful about a sandbox without security is said', async () => {
  await begin()
  const findings = await tested()
  expect(findings.encrypted).toEqual(['doubt', 'conformance.not-encrypted'])
  expect(findings['sign-in-wanted']).toEqual(['doubt', 'conformance.anybody-may-ask'])
  expect(findings.signature).toEqual(['doubt', 'conformance.unsigned'])
  expect(findings['reply-signed']).toEqual(['doubt', 'conformance.replies-unsigned'])
})

describe('duplicate protection', () => {
  const elsewhere = { paymentEndpointUrl: 'https://payments.example.org/disburse' }
  const manager = () => scene.office.store.get('paymentManager', 'manager')
  const proof = (): DuplicateProof => duplicateProof(scene.office.store, manager())

  test.each(['sync', 'async'] as const)('is shown where the payment system has it (%s)', async (mode) => {
    await begin({ mode }, { duplicateProtection: true })
    expect(proof()).toBe('unproven')
    const findings = await tested(true)
    expect(findings['sandbox-send']).toEqual(['good', ''])
    expect(findings['sandbox-repeat']).toEqual(['good', ''])
    expect(findings['sandbox-reference']).toEqual(
      mode === 'sync' ? ['good', ''] : ['doubt', 'conformance.reference-unclear'],
    )
    expect(findings['sandbox-result']).toEqual(['good', ''])
    expect(proof()).toBe('proven')
    expect((await scene.ledger()).map(({ paidCount }) => paidCount)).toEqual([1])
  })

  test.each([
    ['sync', ['bad', 'conformance.repeat-not-recognised']],
    // Acknowledged under the name of the first time, and paid twice all the same.
    ['async', ['doubt', 'conformance.repeat-unclear']],
  ] as const)('is not shown where a repeated message is paid again (%s)', async (mode, repeat) => {
    await begin({ mode }, { duplicateProtection: false })
    const findings = await tested(true)
    expect(findings['sandbox-repeat']).toEqual(repeat)
    expect(proof()).toBe('disproven')
    await until('paid more than once', async () => (await scene.ledger()).some(({ paidCount }) => paidCount > 1))
  })

  test('of one endpoint says nothing about another', async () => {
    await begin({}, { duplicateProtection: true })
    await tested(true)
    expect(duplicateProof(scene.office.store, { ...manager(), ...elsewhere })).toBe('unproven')
  })

  test('that was vouched for before holds until a test with money or another endpoint says otherwise', async () => {
    await begin({ duplicateProtectionProven: true }, { duplicateProtection: false })
    const { store } = scene.office
    expect(proof()).toBe('proven')
    expect(duplicateProof(store, { ...manager(), ...elsewhere })).toBe('unproven')
    expect(duplicateProof(store, { ...manager(), id: null })).toBe('unproven')
    await tested()
    expect(proof()).toBe('proven')
    await tested(true)
    expect(proof()).toBe('disproven')
  })

  test('is not touched by a test that could not send anything twice', async () => {
    await begin({}, { duplicateProtection: true })
    await tested(true)
    await scene.peer.stop()
    expect((await tested(true)).reach?.[0]).toBe('bad')
    expect(proof()).toBe('proven')
  })

  test('test money stands in the audit trail before it leaves', async () => {
    await begin()
    await tested(true)
    const actions = scene.office.store.sql('SELECT action FROM audit ORDER BY position').pluck().all()
    expect(actions).toContain('conformance.sandbox-payment')
    expect(actions.indexOf('conformance.sandbox-payment')).toBeLessThan(actions.indexOf('conformance.tested'))
  })
})

describe('no test money leaves', () => {
  const actions = () => scene.office.store.sql('SELECT action FROM audit').pluck().all()

  test('while all sending is stopped; questions go on', async () => {
    await begin()
    scene.office.dispatch.stopAll('clerk', true)
    await expect(tested(true)).rejects.toThrow('dispatch.stopped')
    expect(actions()).not.toContain('conformance.sandbox-payment')
    expect((await tested()).reach).toEqual(['good', ''])
    expect(await scene.ledger()).toEqual([])
    scene.office.dispatch.stopAll('clerk', false)
    expect((await tested(true))['sandbox-send']).toEqual(['good', ''])
  })

  test.each([
    ['reach', 0],
    ['sandbox-send', 1],
  ] as const)('once all sending is stopped while a test runs (after %s)', async (last, messages) => {
    await begin({}, { duplicateProtection: false })
    const stopAfter = (check: ConformanceCheck): void => {
      if (check === last) scene.office.dispatch.stopAll('clerk', true)
    }
    await expect(tested(true, stopAfter)).rejects.toThrow('dispatch.stopped')
    expect((await scene.ledger()).map(({ paidCount }) => paidCount)).toEqual(Array(messages).fill(1))
    expect(actions()).not.toContain('conformance.tested')
  })

  test('from a restored store before an administrator has confirmed it', async () => {
    await begin()
    const copy = await scene.copy()
    await scene.send(1)
    await scene.restore(copy)
    const before = (await scene.peer.summary()).traffic.disburse
    await expect(tested(true)).rejects.toThrow('dispatch.restored')
    expect((await tested()).reach).toEqual(['good', ''])
    expect((await scene.peer.summary()).traffic.disburse).toBe(before)
  })
})

describe('an endpoint that is not as it should be', () => {
  test('nobody listens', async () => {
    await begin()
    await scene.peer.stop()
    const findings = await tested()
    expect(findings.reach).toEqual(['bad', 'http.not-reachable'])
    expect(findings.reply).toEqual(['not-tried', ''])
  })

  test('a wrong secret', async () => {
    await begin({ authentication: { kind: 'bearer' } }, {}, { authentication: { kind: 'bearer', token: 'right' } })
    scene.keepSecret('manager-secret', 'manager', 'wrong')
    expect((await tested())['sign-in']).toEqual(['bad', 'channel.sign-in-refused'])
  })

  test('a right secret, and nobody without it is let in', async () => {
    await begin({ authentication: { kind: 'bearer' } }, {}, { authentication: { kind: 'bearer', token: 'right' } })
    scene.keepSecret('manager-secret', 'manager', 'right')
    const findings = await tested()
    expect(findings['sign-in']).toEqual(['good', ''])
    expect(findings['sign-in-wanted']).toEqual(['good', ''])
  })

  test('a reply that nobody can read', async () => {
    await begin()
    await scene.script({ on: 'status', fault: { do: 'malformed', form: 'html', accepted: true }, times: 1 })
    expect((await tested()).reply).toEqual(['bad', 'http.reply-not-json'])
  })
})

describe('signatures', () => {
  const signed = async (required: boolean): Promise<void> => {
    await begin({}, {}, { signatures: { required, keys: [] } })
    const { keyId } = await generateMessageKey(scene.office.store, 'administrator', 'signing', 'ed25519')
    const { store } = scene.office
    const manager = store.get('paymentManager', 'manager')
    store.transaction('administrator', (transaction) => {
      transaction.put('paymentManager', { ...manager, signing: { kind: 'jws', keyId, alg: 'EdDSA', lifetime: 600 } })
      transaction.audit({ action: 'test.manager', subjectKind: 'paymentManager', subjectId: 'manager' })
    })
  }

  test('a payment system that does not know the key says so', async () => {
    await signed(true)
    const findings = await tested()
    expect(findings.signature?.[0]).toBe('bad')
    expect(findings.signature?.[1]).toBe('conformance.signature-refused')
  })

  test('one that answers a changed message does not check signatures', async () => {
    await signed(false)
    expect((await tested())['signature-checked']).toEqual(['doubt', 'conformance.signature-not-checked'])
  })
})
