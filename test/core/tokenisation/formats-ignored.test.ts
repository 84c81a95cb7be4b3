import { afterEach, expect, test } from 'vitest'
import { adviseDelivery } from '../../../electron/core/tokenisation/delivery-advice.ts'
import { CONNECTOR, TokenScene } from './scene.ts'

let scene: TokenScene
afterEach(() => scene.close())

const state = (): string | undefined => scene.office.store.find('connector', CONNECTOR)?.state
const asked = () => adviseDelivery(scene.office, { mtsUrl: scene.peer.origin }, true)

test('a seeder that knows no output formats is refused by the test and at the start, and nobody is sent', async () => {
  scene = await TokenScene.open(3, {}, { version: '1.0.3' })
  const { seeder, download } = await asked()
  expect(seeder).toMatchObject({ reached: false, fault: { code: 'tokenisation.formats-ignored' } })
  expect(download.works).toBe(false)
  await expect(scene.office.tokenisation.start('administrator', CONNECTOR)).rejects.toThrow(
    'tokenisation.formats-ignored',
  )
  expect(state()).toBe('draft')
  expect(scene.peer.ledger()).toEqual([])
})

test('a run that meets one ends with that sentence, marks nobody and takes no token', async () => {
  scene = await TokenScene.open(3, { chunkSize: 2 }, { version: '1.0.3' })
  const run = await scene.run()
  expect(run).toMatchObject({
    state: 'failed',
    fault: { code: 'tokenisation.formats-ignored' },
    requests: 1,
    counts: { tokenised: 0, refused: 0 },
  })
  for (const n of [1, 2, 3]) expect(scene.tokenOf(n)).toBeUndefined()
})

test('one that knows them starts, and so does a connector whose seeder cannot be asked', async () => {
  scene = await TokenScene.open(0)
  expect((await asked()).seeder).toEqual({ reached: true, fault: null })
  await scene.office.tokenisation.start('administrator', CONNECTOR)
  expect(state()).toBe('started')
  await scene.office.tokenisation.stop('administrator', CONNECTOR)
  await scene.set({ mtsUrl: 'http://127.0.0.1:9' })
  await scene.office.tokenisation.start('administrator', CONNECTOR)
  expect(state()).toBe('started')
})
