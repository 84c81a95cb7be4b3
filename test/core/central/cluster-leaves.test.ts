import { afterEach, beforeEach, expect, it } from 'vitest'
import { registrantId } from '../../../shared/model/ids.ts'
import { ask, basic } from '../../peers/couchdb/couch-client.ts'
import { type District, openDistrict } from '../district.ts'
import { CentralDistrict, contentOf, sync } from './central-district.ts'

let central: CentralDistrict
let first: District

beforeEach(async () => {
  central = await CentralDistrict.open('town', 'hills')
  first = await openDistrict({ households: 1 })
  await central.join(first.office, 'town')
})

afterEach(async () => {
  await first.close()
  await central.close()
})

it('what two parts of a cluster took while they were apart is both seen, and all offices come to the same', async () => {
  const id = registrantId('P1')
  const { office: second } = await central.member('hills')
  await sync(first.office)
  await sync(second)
  await sync(first.office)
  const document = central.records.find(`registrant:${id}`) as Record<string, unknown>
  const [, root = ''] = String(document._rev).split('-')
  const later = (node: string): string => `${String(document.changedAt).slice(0, 9)}-000${node}-${'a'.repeat(10)}`
  const versions = [
    { ...document, name: 'Abebe', changedAt: later('x'), _rev: '2-a', _revisions: { start: 2, ids: ['a', root] } },
    { ...document, area: 'South', changedAt: later('y'), _rev: '2-b', _revisions: { start: 2, ids: ['b', root] } },
  ]
  const written = await ask('POST', `${central.peer.origin}/g2p-north/_bulk_docs`, {
    headers: basic('admin', 'admin-password'),
    body: { new_edits: false, docs: versions },
  })
  expect(written.status).toBe(201)

  for (let contact = 0; contact < 3; contact += 1) {
    await sync(first.office)
    await sync(second)
  }
  expect(contentOf(second)).toEqual(contentOf(first.office))
  expect(first.office.central.receiptOf('registrant', id)).toBeDefined()
  const known = first.office.store
    .sql("SELECT earlier, later FROM central_conflict WHERE kind = 'registrant' AND record_id = ?")
    .all(id) as { earlier: string; later: string }[]
  const { name, area } = first.office.store.get('registrant', id)
  // Both were kept, or an officer is asked about what could not be.
  const said = JSON.stringify([{ name, area }, ...known])
  expect(said).toContain('Abebe')
  expect(said).toContain('South')
  expect(await sync(second)).toMatchObject({ pulled: 0, pushed: 0 })
})
