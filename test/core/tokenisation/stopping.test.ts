import { setImmediate as breathe } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { OFFICE } from '../../../electron/core/store/store.ts'
import { consentId, identityNumberId } from '../../../shared/model/ids.ts'
import { individual } from '../district.ts'
import { CONNECTOR, idOf, TokenScene, until, VID, vidOf } from './scene.ts'

let scene: TokenScene
afterEach(() => scene.close())

const ids = (people: number): string[] => Array.from({ length: people }, (_, index) => idOf(index + 1))

/** People who wait to be sent, or for an answer, in whatever run. */
const open = (): number =>
  scene.office.store.sql("SELECT count(*) FROM token_item WHERE state IN ('chosen', 'sent')").pluck().get() as number

const auditOf = (action: string): { readonly people?: number }[] =>
  (scene.office.store.sql('SELECT detail FROM audit WHERE action = ?').pluck().all(action) as string[]).map((detail) =>
    JSON.parse(detail),
  )

test('a large run that is stopped lets its people go piece by piece, each on record, and another run takes them', async () => {
  scene = await TokenScene.open(0)
  const { tokenisation } = scene.office
  const id = await tokenisation.runNow('administrator', CONNECTOR, ids(2_600))
  await tokenisation.stopRun('administrator', id)
  expect(scene.view(id)).toMatchObject({ state: 'stopped' })
  expect(open()).toBe(0)
  expect(auditOf('tokenisation.run-stopped')).toHaveLength(1)
  const pieces = auditOf('tokenisation.people-taken-out').map(({ people }) => people ?? 0)
  expect(pieces.length).toBeGreaterThan(3)
  expect(Math.max(...pieces)).toBeLessThanOrEqual(500)
  expect((await scene.run(ids(2_600))).counts.people).toBe(2_600)
})

test('people of a run that was being stopped when the office was shut are in the next one', async () => {
  scene = await TokenScene.open(0)
  await scene.office.tokenisation.runNow('administrator', CONNECTOR, ids(3))
  scene.office.store.housekeeping((sql) => sql("UPDATE token_run SET state = 'stopped', ended_at = 1").run())
  await scene.reopen()
  expect((await scene.run(ids(3))).counts.people).toBe(3)
})

test('a run that is stopped while its people are chosen keeps none of them', async () => {
  scene = await TokenScene.open(0)
  const { store, tokenisation } = scene.office
  store.transaction(OFFICE, (transaction) => {
    for (let n = 1; n <= 1_100; n += 1) {
      const registrantId = idOf(n)
      const common = { removed: false, registrantId } as const
      transaction.put(
        'registrant',
        individual(`P${n}`, { gender: 'male', birthdate: '1976-01-01', address: 'Lake Road' }),
      )
      const number = { type: VID, value: vidOf(n), status: 'valid', expiresOn: null, importId: '' } as const
      transaction.put('identityNumber', { id: identityNumberId(registrantId, VID), ...common, ...number })
      const consent = { purpose: 'mosip-token', given: true, on: '2026-01-01', how: 'paper', note: '' } as const
      transaction.put('consent', { id: consentId(registrantId, 'mosip-token'), ...common, ...consent })
    }
    transaction.audit({ action: 'registry.imported', subjectKind: 'import', subjectId: 'people' })
  })
  const id = await tokenisation.runNow('administrator', CONNECTOR, null)
  while (open() === 0) await breathe()
  expect(scene.view(id).state).toBe('choosing')
  await tokenisation.stopRun('administrator', id)
  await until(() => scene.office.scheduler.queue.findByKey('tokenise.run', CONNECTOR) === undefined)
  expect(open()).toBe(0)
  expect(scene.peer.summary().records).toBe(0)
})
