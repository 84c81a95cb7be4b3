import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { startG2pConnectPeer } from '../../../electron/peers/g2p-connect/start-g2p-connect-peer.ts'
import { hundredthsOf } from '../../../electron/peers/payment-system/ledger-entry.ts'
import { ALL_PAID, plannedOutcome, TRAINING } from '../../../electron/peers/payment-system/outcome.ts'
import {
  disburseBody,
  ledgerFileForTest,
  look,
  payment,
  payments,
  peerForTest,
  post,
  postReply,
  statusBody,
} from './sender.ts'

describe('the ledger', () => {
  it('outlives a kill, with what was paid, what is due, and what came before', async () => {
    const ledgerFile = ledgerFileForTest()
    const profile = { ...ALL_PAID, paidAfter: [0, 10_000] as [number, number] }
    const text = disburseBody(payments(20))
    const first = await peerForTest({ ledgerFile, profile, held: true })
    await post(first.urls.disburse, text)
    await first.order({ advance: 5_000 })
    const before = await first.ledger()
    const paidBefore = before.filter((entry) => entry.paidCount > 0).length
    expect(paidBefore).toBeGreaterThan(0)
    expect(paidBefore).toBeLessThan(20)
    await first.kill()
    appendFileSync(ledgerFile, '{"kind":"accepted","half a li')

    const second = await peerForTest({ ledgerFile, profile, held: true, port: first.port })
    expect(second.urls).toEqual(first.urls)
    expect(second.publicKey).toEqual(first.publicKey)
    const again = await postReply(second.urls.syncDisburse, text)
    expect(again.header.status_reason_code).toBe('rjct.message_id.duplicate')
    await second.order({ advance: 20_000 })
    const after = await second.ledger()
    expect(after.map((entry) => [entry.referenceId, entry.paidCount])).toEqual(
      before.map((entry) => [entry.referenceId, 1]),
    )
    await second.kill()

    const third = await peerForTest({ ledgerFile, profile, held: true })
    expect(await third.ledger()).toEqual(after)
  })

  it('is read page by page', async () => {
    const peer = await peerForTest()
    await post(peer.urls.disburse, disburseBody(payments(5)))
    const first = await peer.ledgerPage(0, 3)
    expect(first.next).toBe(3)
    const second = await peer.ledgerPage(3, 3)
    expect(second.next).toBeNull()
    expect([...first.entries, ...second.entries]).toEqual(await peer.ledger())
  })

  it('keeps what was sent as it was sent', async () => {
    const peer = await peerForTest()
    const item = payment(1, { note: 'Payment for March', purpose: 'Cash', meta: { cycle: 'c-1' }, amount: '100.0' })
    await post(peer.urls.disburse, disburseBody([item]))
    expect(await peer.ledger()).toMatchObject([
      { disbursement: item, senderId: 'office.example.org', paidHundredths: 10_000 },
    ])
  })

  it('counts amounts without rounding', () => {
    fc.assert(
      fc.property(fc.nat(9_999_999), fc.nat(99), (units, cents) => {
        expect(hundredthsOf(`${units}.${String(cents).padStart(2, '0')}`)).toBe(units * 100 + cents)
        expect(hundredthsOf(`${units}.${cents % 10}`)).toBe(units * 100 + (cents % 10) * 10)
      }),
    )
  })
})

describe('outcomes', () => {
  it('can be foretold from seed and address', async () => {
    const profile = { ...TRAINING, rejected: { 'rjct.payee_fa.invalid': 0.3 }, reversed: { share: 0.2, after: 1_000 } }
    const peer = await peerForTest({ seed: 3, profile, held: true })
    const items = payments(60)
    await post(peer.urls.disburse, disburseBody(items))
    await peer.order({ advance: 600_000 })
    const expected = items.map((item) => {
      const outcome = plannedOutcome(profile, 3, item.payee_fa)
      if (outcome.kind === 'rejected') return `${item.reference_id} rjct ${outcome.code}`
      return `${item.reference_id} ${outcome.kind === 'reversed' ? 'rjct rjct.payment.reversed' : 'succ'}`
    })
    expect(new Set(expected.map((text) => text.split(' ').slice(1).join(' '))).size).toBe(3)
    expect(
      await look(
        peer,
        items.map((item) => item.reference_id),
      ),
    ).toEqual(expected)
  })

  it('in the training office show every code, late ones and reversals among few thousand', () => {
    const outcomes = Array.from({ length: 5_000 }, (_, at) => plannedOutcome(TRAINING, 1, `account:${at}@bank`))
    const codes = new Set(outcomes.flatMap((outcome) => (outcome.kind === 'rejected' ? [outcome.code] : [])))
    expect([...codes].sort()).toEqual(Object.keys(TRAINING.rejected).sort())
    const kinds = new Set(outcomes.map((outcome) => outcome.kind))
    expect(kinds).toEqual(new Set(['paid', 'late', 'rejected', 'reversed']))
    expect(outcomes.filter((outcome) => outcome.kind === 'paid').length).toBeGreaterThan(4_500)
  })
})

describe('as a thread, where the executable cannot be run as plain Node', () => {
  it('pays, stops in order, and its ledger is there for the next one', async () => {
    const options = { ledgerFile: ledgerFileForTest(), controlToken: 'control-token-of-tests' }
    const first = await startG2pConnectPeer(options, 'thread')
    await post(first.urls.disburse, disburseBody(payments(3)))
    await first.stop()
    const second = await startG2pConnectPeer(options, 'thread')
    expect((await second.ledger()).map(({ paidCount }) => paidCount)).toEqual([1, 1, 1])
    await second.kill()
  })
})

describe('the process', () => {
  it('ends by itself when its parent is killed', async () => {
    const starter = fileURLToPath(new URL('./start-and-wait.ts', import.meta.url))
    const parent = spawn(process.execPath, [starter, ledgerFileForTest()], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = await once(createInterface({ input: parent.stdout }), 'line')
    const peer: { pid: number; origin: string } = JSON.parse(String(line))
    expect((await post(`${peer.origin}/disburse`, '{}')).outcome).toBe('answered')
    parent.kill('SIGKILL')
    await once(parent, 'exit')
    await expect.poll(() => isAlive(peer.pid), { timeout: 60_000 }).toBe(false)
  })

  it('says so when it cannot start', async () => {
    const busy = await peerForTest()
    const start = startG2pConnectPeer({
      ledgerFile: ledgerFileForTest(),
      controlToken: 'control-token-of-tests',
      port: busy.port,
    })
    await expect(start).rejects.toThrow('ended before it was ready')
  })

  it('carries 20,000 payments in messages of 500, and tells what that cost it', async () => {
    const peer = await peerForTest()
    for (let part = 0; part < 40; part += 1) {
      const items = Array.from({ length: 500 }, (_, at) => payment(part * 500 + at))
      await post(peer.urls.disburse, disburseBody(items, { message: { transaction_id: `transaction-${part}` } }))
      const references = items.map((item) => item.reference_id)
      const { items: told } = await postReply(peer.urls.syncStatus, statusBody(references))
      expect(told).toHaveLength(500)
    }
    const summary = await peer.summary()
    expect(summary.paid).toEqual({ count: 20_000, hundredths: 25_000_000 })
    console.log(JSON.stringify({ name: 'peer-processor-time-20000', value: summary.processorTime, unit: 'ms' }))
  })
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
