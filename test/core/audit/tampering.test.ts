import { copyFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { TrailVerdict } from '../../../electron/core/audit/verify-trail.ts'
import { openDatabase } from '../../../electron/core/store/database.ts'
import type { UpkeepStatus } from '../../../electron/core/upkeep/upkeep.ts'
import { openKeyFile } from '../../../electron/core/vault/key-file.ts'
import { ADMIN_PIN, hire, newOffice, OpenOffice, PASSPHRASE } from '../open-office.ts'
import { exported, verified } from './exported.ts'

/*
 * Somebody with the key of the store works on its file while the office is closed. What was done is found and named when
 * the office is open again, before any officer's work covers it.
 */

let office: OpenOffice
let folder: string
const extra: string[] = []

beforeEach(async () => {
  office = (await newOffice()).office
  folder = join(office.directory, 'office')
  for (let count = 0; count < 6; count += 1) {
    await office.get('setup.change', { officeName: `Office ${count}`, autoLockMinutes: 0 })
  }
})
afterEach(async () => {
  await office.close()
  for (const directory of extra.splice(0)) rmSync(directory, { recursive: true, force: true })
})

/** Opens the office again, with its administrator signed in: entries are written before anything is verified. */
async function reopen(): Promise<void> {
  office = new OpenOffice({ dataDirectory: office.directory })
  await office.core.start()
  await office.get('setup.unlock', { passphrase: PASSPHRASE })
  const { officers } = await office.get<{ officers: { id: string }[] }>('setup.status')
  await office.get('session.signIn', { officerId: officers[0]?.id, pin: ADMIN_PIN })
}

/** Closes the office, changes its file as whoever has the key can, and opens it again. */
async function tamper(...sql: string[]): Promise<void> {
  await office.close({ keep: true })
  const database = openDatabase(join(folder, 'office.db'), { bytes: await openKeyFile(folder, PASSPHRASE) }, 'write')
  database.exec('DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete')
  for (const statement of sql) database.exec(statement)
  database.close()
  await reopen()
}

const verify = (): Promise<TrailVerdict> => office.get<TrailVerdict>('audit.verify')
const newest = async (): Promise<number> => (await office.get<{ total: number }>('audit.page', { limit: 1 })).total
const doubt = (): string | undefined => office.core.getOffice().dispatch.status().doubt?.code

describe('an entry of the trail', () => {
  test('with one byte of any of its columns flipped is found, in the program and in an export', async () => {
    const columns = ['moment', 'officer_id', 'action', 'subject_kind', 'subject_id', 'detail', 'previous', 'hash']
    await tamper()
    const { store } = office.core.getOffice()
    const file = join(office.directory, 'export.jsonl')
    for (const [index, column] of columns.entries()) {
      const position = index + 2
      const before = store.sql(`SELECT ${column} FROM audit WHERE position = ?`).pluck().get(position) as string
      const put = (value: string): void =>
        store.housekeeping((sql) => {
          sql(`UPDATE audit SET ${column} = ? WHERE position = ?`).run(value, position)
        })
      for (const at of new Set([0, Math.floor(before.length / 2), before.length - 1])) {
        const flipped = Buffer.from(before)
        flipped.writeUInt8(flipped.readUInt8(at) ^ 1, at)
        put(flipped.toString())
        const { break: found, upTo } = await verify()
        const kind = column === 'previous' ? 'unlinked' : 'altered'
        expect(found, `${column} ${at}`).toMatchObject({ position, kind, row: { position } })
        expect(upTo?.position).toBe(position - 1)
      }
      writeFileSync(file, await exported(office))
      const { code, said } = await verified(file)
      expect({ code, position: said?.break?.position }, column).toEqual({ code: 1, position })
      put(before)
    }
    expect((await verify()).break).toBeNull()
  })

  test('at another position is found', async () => {
    await tamper('UPDATE audit SET position = 5000 WHERE position = 4')
    expect((await verify()).break).toEqual({ position: 4, kind: 'missing', row: null })
  })

  test('that is gone is found', async () => {
    await tamper('DELETE FROM audit WHERE position = 5')
    expect((await verify()).break).toEqual({ position: 5, kind: 'missing', row: null })
  })
})

describe('the end of the trail', () => {
  test('cut off is found, although officers worked on before anybody looked', async () => {
    const last = await newest()
    await tamper(`DELETE FROM audit WHERE position > ${last - 4}`)
    await office.get('setup.change', { officeName: 'Afterwards', autoLockMinutes: 0 })
    for (let count = 0; count < 8; count += 1) {
      await office.get('setup.change', { officeName: `Covered ${count}`, autoLockMinutes: 0 })
    }
    expect((await verify()).break).toMatchObject({ position: last - 3, kind: 'tail-cut' })
    // The journal beside the store knows it, too: nothing is sent.
    expect(doubt()).toBe('dispatch.restored')
    await office.close({ keep: true })
    await reopen()
    expect((await verify()).break).toMatchObject({ position: last - 3, kind: 'tail-cut' })
  })

  test('written anew behind the last entry is found', async () => {
    const before = await newest()
    await tamper(`INSERT INTO audit SELECT position + 1, moment, officer_id, action, subject_kind, subject_id, detail, hash,
      hex(randomblob(32)) FROM audit WHERE position = (SELECT max(position) FROM audit)`)
    const { break: found } = await verify()
    expect(found?.kind).toBe('added')
    expect(found?.position).toBeGreaterThan(before)
  })

  test('that the central server acknowledged has to be there', async () => {
    const head = { position: 3, hash: 'f'.repeat(64) }
    office.core
      .getOffice()
      .store.housekeeping((_, mark) => mark('central-acknowledged', JSON.stringify({ epoch: 1, head, at: 1 })))
    expect((await verify()).break).toMatchObject({ position: 3, kind: 'altered' })
  })
})

describe('what was found', () => {
  const status = (): Promise<UpkeepStatus> => office.get<UpkeepStatus>('upkeep.status')

  test('stands in the trail and stays visible after a new start, until somebody takes note of it', async () => {
    await tamper("UPDATE audit SET action = 'nothing.happened' WHERE position = 2")
    expect(await office.get('upkeep.run')).toMatchObject({
      audit: { state: 'found', noted: false, verdict: { break: { position: 2, row: { action: 'nothing.happened' } } } },
    })
    await verify()
    await hire(office, 'clerk', ['clerk'], '605918')
    expect(await office.get('upkeep.status', undefined, 'clerk')).toMatchObject({
      audit: { state: 'found', verdict: { break: { position: 2, kind: 'altered', row: null } } },
    })
    const { rows } = await office.get<{ rows: { detail: string }[] }>('audit.page', {
      limit: 10,
      action: 'audit.break-found',
    })
    expect(rows.map(({ detail }) => JSON.parse(detail))).toEqual([{ position: 2, kind: 'altered' }])
    await office.close({ keep: true })
    await reopen()
    const fault = { code: 'upkeep.audit-broken', params: { position: 2, context: 'altered' } }
    expect((await status()).audit).toMatchObject({ state: 'found', fault, noted: false })
    await office.get('upkeep.note')
    expect((await status()).audit).toMatchObject({ state: 'found', fault, noted: true })
    await office.get('upkeep.run')
    expect((await status()).audit).toMatchObject({ state: 'found', fault, noted: true })
  })

  test('goes once the trail is whole again, and there is nothing to take note of', async () => {
    await tamper("UPDATE audit SET action = action || 'x' WHERE position = 2")
    await verify()
    office.core.getOffice().store.housekeeping((sql) => {
      sql("UPDATE audit SET action = rtrim(action, 'x') WHERE position = 2").run()
    })
    const whole = await verify()
    expect(whole).toMatchObject({ break: null, since: { position: 1 }, upTo: { position: whole.checked } })
    expect((await status()).audit).toMatchObject({ state: 'fine', fault: null })
    expect(await office.codeOf('upkeep.note')).toBe('upkeep.nothing-to-note')
    const { total } = await office.get<{ total: number }>('audit.page', { limit: 1, action: 'audit.found-whole' })
    expect(total).toBe(1)
  })
})

describe('the database file', () => {
  test('of another office does not open', async () => {
    const { office: other } = await newOffice()
    await other.close({ keep: true })
    extra.push(other.directory)
    await office.close({ keep: true })
    copyFileSync(join(other.directory, 'office', 'office.db'), join(folder, 'office.db'))
    office = new OpenOffice({ dataDirectory: office.directory })
    await office.core.start()
    expect(await office.codeOf('setup.unlock', { passphrase: PASSPHRASE })).toBe('store.wrong-key')
  })

  test('of another office, with its key, sends nothing', async () => {
    const { office: other } = await newOffice()
    await other.close({ keep: true })
    extra.push(other.directory)
    await office.close({ keep: true })
    for (const name of ['office.db', 'keys.json']) {
      copyFileSync(join(other.directory, 'office', name), join(folder, name))
    }
    await reopen()
    expect(doubt()).toBe('dispatch.moved')
  })

  test('of an earlier day sends nothing', async () => {
    await office.close({ keep: true })
    const copy = mkdtempSync(join(tmpdir(), 'field-office-older-'))
    extra.push(copy)
    cpSync(folder, copy, { recursive: true })
    await reopen()
    await office.get('setup.change', { officeName: 'Later', autoLockMinutes: 0 })
    await office.close({ keep: true })
    copyFileSync(join(copy, 'office.db'), join(folder, 'office.db'))
    await reopen()
    expect(doubt()).toBe('dispatch.restored')
  })
})
