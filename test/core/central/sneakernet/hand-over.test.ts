import { generateKeyPairSync } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { putCentralSettings } from '../../../../electron/core/central/settings.ts'
import { handOver } from '../../../../electron/core/central/sneakernet/hand-over.ts'
import { addRecipient } from '../../../../electron/core/central/sneakernet/recipients.ts'
import { OFFICE } from '../../../../electron/core/store/store.ts'
import { OfficeError } from '../../../../shared/contract/result.ts'
import { approvedBatch, PIN } from '../../dispatch/approved-batches.ts'
import { Scene } from '../../dispatch/scene.ts'
import { until } from '../../dispatch/sending-office.ts'

const OTHER = 'another-installation'
let scene: Scene | undefined
afterEach(async () => {
  await scene?.close()
  scene = undefined
})

/** An office that sends by itself, so that only the hand-over can be what holds a batch back. */
async function giver(): Promise<Scene> {
  const made = await Scene.open()
  scene = made
  const { store } = made.office
  belong(made, true)
  const { x } = generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' })
  const encryptionKey = { kty: 'OKP', crv: 'X25519', x }
  const card = { format: 'g2p-office', version: 1, district: 'north', officeName: 'Hills', encryptionKey }
  await addRecipient(store, OFFICE, JSON.stringify({ ...card, installationId: OTHER }))
  belong(made, false)
  return made
}

/**
 * Belongs to the district or works alone. Alone it claims by itself, so that no central server stands in the way of what a
 * giver could send.
 */
function belong({ office: { store } }: Scene, member: boolean): void {
  const url = 'http://127.0.0.1:9'
  const settings = { url, district: 'north', user: 'giver', certificateAuthority: '', everyMinutes: 1_440 }
  store.transaction(OFFICE, (tx) => {
    if (member) putCentralSettings(tx, settings)
    else {
      tx.mark('central-settings', '')
      // It pays alone again: what was handed over is the only thing that can keep it from paying.
      tx.mark('sole-office', '1')
    }
    tx.audit({ action: 'test.settings', subjectKind: 'office', subjectId: 'giver' })
  })
}

async function give(made: Scene, batchId: string): Promise<void> {
  const { office, world } = made
  const { store, guard } = office
  const officer = store.get('officer', world.approver.id)
  belong(made, true)
  try {
    await handOver({ store, guard, now: () => office.time.now() }, officer, { batchId, to: OTHER, pin: PIN })
  } finally {
    belong(made, false)
  }
}

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'fine',
    (error: unknown) => (error instanceof OfficeError ? error.fault.code : String(error)),
  )

const approved = (made: Scene, name: string, from: number) =>
  approvedBatch(made.world, { name, count: 3, from, now: made.office.time.now() })

describe('a batch that was handed over', () => {
  it('never leaves the giver, while another one does', async () => {
    const made = await giver()
    const given = await approved(made, 'given', 0)
    const kept = await approved(made, 'kept', 10)
    await give(made, given.batchId)
    made.office.dispatch.send(made.world.clerk.id, [given.batchId, kept.batchId])
    expect(await made.attention(given.batchId)).toBe('central-files.handed-over')
    await until('the other is paid', () => made.office.store.get('batch', kept.batchId).state === 'settled')
    expect(made.deliveries(given.batchId)).toEqual([])
    expect(await codeOf(give(made, given.batchId))).toBe('central-files.handed-over')
  })

  it('never leaves an older copy of the giver either, even when an administrator confirms it', async () => {
    const made = await giver()
    const given = await approved(made, 'given', 0)
    const copy = await made.copy()
    await give(made, given.batchId)
    await made.restore(copy)
    expect(made.office.store.sql('SELECT count(*) FROM handed_over').pluck().get()).toBe(0)
    expect(made.office.guard.doubt).toBe('dispatch.restored')
    await made.office.dispatch.confirmRestored(made.world.administrator.id)
    made.office.dispatch.send(made.world.clerk.id, [given.batchId])
    expect(await made.attention(given.batchId)).toBe('central-files.handed-over')
    expect(made.deliveries(given.batchId)).toEqual([])
    expect(await made.ledger()).toEqual([])
  })

  it('cannot be given once something of it has left', async () => {
    const made = await giver()
    const sent = await made.send(3, 'sent', 20)
    await until('posted', () => made.deliveries(sent).length > 0)
    expect(await codeOf(give(made, sent))).toBe('central-files.not-to-hand-over')
  })
})
