import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { OFFICE } from '../../../electron/core/store/store.ts'
import { Scene } from './scene.ts'
import { paymentsOf, statesOf, until } from './sending-office.ts'

/*
 * A payment system that takes fewer payments in one message than the settings say. Without duplicate protection there:
 * whatever is posted twice is paid twice.
 */

let scene: Scene
afterEach(() => scene.close())

const paidOnce = async (batchId: string, count: number): Promise<void> => {
  await until('all paid', () => statesOf(scene.office, batchId).paid === count)
  const ledger = await scene.ledger()
  expect(ledger.length).toBe(count)
  expect(ledger.every(({ paidCount }) => paidCount === 1)).toBe(true)
}

const outcomes = (batchId: string): string[] =>
  scene
    .deliveries(batchId)
    .filter(({ outcome }) => outcome !== 'posting')
    .map(({ part, outcome }) => `${part} ${outcome}`)

/** The journal as a kill leaves it between the refusal and the first half. */
function endJournalWithRefusal(directory: string): void {
  const journal = join(directory, 'dispatch-journal.jsonl')
  const lines = readFileSync(journal, 'utf8').split('\n')
  const refusal = lines.findIndex((line) => line.includes('"too-large"'))
  writeFileSync(journal, `${lines.slice(0, refusal + 1).join('\n')}\n`)
}

test.each(['sync', 'async'] as const)('a message that is too large goes in halves, paid once (%s)', async (mode) => {
  scene = await Scene.open({ partSize: 5, mode }, { duplicateProtection: false, maximumCount: 2 })
  const batchId = await scene.send(7)
  await paidOnce(batchId, 7)
  const taken = mode === 'sync' ? 'answered' : 'acknowledged'
  expect(outcomes(batchId)).toEqual([
    '1 too-large',
    '1.1 too-large',
    `1.1.1 ${taken}`,
    `1.1.2 ${taken}`,
    `1.2 ${taken}`,
    `2 ${taken}`,
  ])
  // Other messages, the same references: what was approved is what was paid.
  const messages = scene.office.store
    .sql('SELECT DISTINCT body ->> ? FROM transmission')
    .pluck()
    .all('$.messageId') as string[]
  expect(messages.length).toBe(6)
})

test('a gateway that finds the body too large is believed, but the halves are asked about first', async () => {
  scene = await Scene.open({ partSize: 4 }, { duplicateProtection: false })
  // It lies: the payments were taken in all the same.
  await scene.script({
    on: 'disburse',
    fault: { do: 'http-error', status: 413, accepted: true, code: '', retryAfter: null },
    times: 1,
  })
  const batchId = await scene.send(4)
  await until('somebody has to look', () => (statesOf(scene.office, batchId).review ?? 0) === 4)
  const ledger = await scene.ledger()
  expect(ledger.map(({ paidCount }) => paidCount)).toEqual([1, 1, 1, 1])
})

test('a single payment that is too large stands before an officer', async () => {
  scene = await Scene.open({ partSize: 2 }, { duplicateProtection: false })
  await scene.script({
    on: 'disburse',
    fault: { do: 'http-error', status: 413, accepted: false, code: '', retryAfter: null },
    times: 3,
  })
  const batchId = await scene.send(2)
  expect(await scene.attention(batchId)).toBe('dispatch.refused')
  // Which half is refused first depends on whose look-up is still fresh; a slow machine brings both.
  const [whole, ...halves] = outcomes(batchId)
  expect(whole).toBe('1 too-large')
  expect(halves.length).toBeGreaterThan(0)
  for (const half of halves) expect(half).toMatch(/^1\.[12] refused$/)
  expect(await scene.ledger()).toEqual([])
})

test('an older store that knows nothing of the halves puts them back from the journal', async () => {
  scene = await Scene.open({ partSize: 4 }, { duplicateProtection: false, maximumCount: 2 })
  scene.office.dispatch.stopAll('approver', true)
  const batchId = await scene.send(4)
  const copy = await scene.copy()
  scene.office.dispatch.stopAll('approver', false)
  await paidOnce(batchId, 4)
  await scene.restore(copy)
  await scene.office.dispatch.confirmRestored('administrator')
  scene.office.dispatch.stopAll('approver', false)
  await paidOnce(batchId, 4)
  expect(outcomes(batchId)).toEqual(['1 too-large', '1.1 unknown', '1.2 unknown'])
})

test('killed before the refusal was written down: the journal knows it', async () => {
  scene = await Scene.open({ partSize: 2 }, { duplicateProtection: false, maximumCount: 1 })
  scene.office.dispatch.stopAll('approver', true)
  const batchId = await scene.send(2)
  const copy = await scene.copy()
  scene.office.dispatch.stopAll('approver', false)
  await paidOnce(batchId, 2)
  // As after a kill between the two: the halves never left, and the journal ends with the refusal.
  await scene.restore(copy, endJournalWithRefusal)
  await scene.office.dispatch.confirmRestored('administrator')
  scene.office.dispatch.stopAll('approver', false)
  await until('the halves stand in review or are known', () =>
    ['review', 'acknowledged', 'paid'].some((state) => statesOf(scene.office, batchId)[state as 'paid'] === 2),
  )
  expect((await scene.ledger()).map(({ paidCount }) => paidCount)).toEqual([1, 1])
})

describe('a store copied while a message that is too large was on its way', () => {
  /** The copy knows that the post began; the journal knows that it was refused for its size. */
  async function copiedInFlight(halves: 'paid' | 'lost'): Promise<{ batchId: string; copy: string }> {
    scene = await Scene.open({ partSize: 4, apiTimeout: 5 }, { duplicateProtection: false, maximumCount: 2 })
    await scene.script({ on: 'disburse', fault: { do: 'answer-late', after: 300 }, times: 1 })
    if (halves === 'lost') {
      await scene.script({ on: 'disburse', fault: { do: 'drop', when: 'before-accepting' }, times: 2 })
    }
    const batchId = await scene.send(4)
    await until('on its way', () => scene.deliveries(batchId).length === 1)
    const copy = await scene.copy()
    if (halves === 'paid') await paidOnce(batchId, 4)
    else await until('both halves lost', () => outcomes(batchId).length === 3)
    expect(outcomes(batchId)[0]).toBe('1 too-large')
    return { batchId, copy }
  }

  const postings = (batchId: string): string[] =>
    scene
      .deliveries(batchId)
      .filter(({ outcome }) => outcome === 'posting')
      .map(({ part, post }) => `${part} ${post}`)

  test('as after a kill: the halves go, and the whole is posted no more', async () => {
    const { batchId, copy } = await copiedInFlight('lost')
    await scene.restore(copy, endJournalWithRefusal)
    expect(scene.office.dispatch.status().doubt).toBeNull()
    await paidOnce(batchId, 4)
    expect(postings(batchId)).toEqual(['1 1', '1.1 1', '1.2 1'])
    expect((await scene.peer.summary()).traffic.disburse).toBe(5)
  })

  test('and restored when its halves were paid: nothing of it leaves again', async () => {
    const { batchId, copy } = await copiedInFlight('paid')
    await scene.restore(copy)
    await scene.office.dispatch.confirmRestored('administrator')
    await paidOnce(batchId, 4)
    expect(postings(batchId)).toEqual(['1 1', '1.1 1', '1.2 1'])
    expect((await scene.peer.summary()).traffic.disburse).toBe(3)
  })

  test('halves whose payments were asked about before the refusal was known wait for an approver, and leave', async () => {
    const { batchId, copy } = await copiedInFlight('lost')
    await scene.restore(copy, endJournalWithRefusal)
    // As when the job had to wait for its next try while the status job asked already.
    const { store } = scene.office
    store.transaction(OFFICE, (tx) => {
      for (const { id } of paymentsOf(scene.office, batchId).slice(0, 3)) {
        const { changedAt, changedBy, ...payment } = tx.get('payment', id)
        tx.put('payment', { ...payment, state: 'unknown' })
      }
      tx.audit({ action: 'test.asked', subjectKind: 'batch', subjectId: batchId })
    })
    expect(await scene.attention(batchId)).toBe('dispatch.resend-needs-approval')
    for (const { part, mayApproveResend } of scene.office.dispatch.parts(batchId)) {
      if (mayApproveResend) scene.office.dispatch.approveResend('approver', batchId, part)
    }
    await paidOnce(batchId, 4)
  })
})
