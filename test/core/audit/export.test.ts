import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuditRow } from '../../../electron/core/audit/audit-log.ts'
import { hire, newOffice, type OpenOffice } from '../open-office.ts'
import { exported, loadVerifier, type Verdict, type VerifyFile, verified } from './exported.ts'

interface Seal {
  readonly installationId: string
  readonly officerId: string
  readonly after: { readonly position: number; readonly hash: string }
  readonly head: { readonly position: number; readonly hash: string }
  readonly keyId: string
  readonly publicKey: { readonly x: string }
}

let folder: string
let office: OpenOffice
let auditor: string
let middle: number
let file: string
let lines: string[]
let verifyFile: VerifyFile

const NEWLINE = 0x0a
const newlinesOf = (bytes: Uint8Array): number[] => [...bytes.keys()].filter((at) => bytes[at] === NEWLINE)

const rowsOf = (text: string): AuditRow[] =>
  text
    .trimEnd()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as AuditRow)
const sealOf = (text: string): Seal => JSON.parse(text.trimEnd().split('\n').at(-1) as string) as Seal
const write = (name: string, text: string | Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'field-office-export-'))
  verifyFile = await loadVerifier()
  office = (await newOffice()).office
  auditor = await hire(office, 'auditor', ['auditor'], '605918')
  await hire(office, 'clerk', ['clerk'], '716029')
  middle = Date.now() + 1
  while (Date.now() <= middle) await setTimeout(1)
  for (const officeName of ['Ägypten 🌊', 'A "quoted" \\ name', 'District office']) {
    await office.get('setup.change', { officeName, autoLockMinutes: 0 })
  }
  file = await exported(office, {}, 'auditor')
  lines = file.trimEnd().split('\n')
})
afterAll(async () => {
  await office.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('an export of the trail', () => {
  test('holds every entry as it is hashed, its own as the last, and a seal', async () => {
    const rows = rowsOf(file)
    const { rows: page } = await office.get<{ rows: AuditRow[] }>('audit.page', { limit: 500 })
    expect(rows).toEqual(page.toReversed().slice(0, rows.length))
    expect(rows.at(-1)).toMatchObject({ action: 'audit.exported', officerId: auditor })
    for (const { hash, ...hashed } of rows) {
      expect(
        createHash('sha256')
          .update(String(canonicalize(hashed)))
          .digest('hex'),
      ).toBe(hash)
    }
    const { store } = office.core.getOffice()
    const last = rows.at(-1)
    expect(sealOf(file)).toMatchObject({
      installationId: store.installationId,
      officerId: auditor,
      after: { position: 0, hash: '0'.repeat(64) },
      head: { position: last?.position, hash: last?.hash },
    })
  })

  test('is verified by the script with the key that the office shows', async () => {
    const { keyId, publicKey } = await office.get<{ keyId: string; publicKey: object }>('audit.deviceKey')
    const path = write('whole.jsonl', file)
    const key = write('public.jwk', JSON.stringify(publicKey))
    const { head } = sealOf(file)
    expect(await verified(path, '--key', key, '--head', `${head.position}:${head.hash}`)).toMatchObject({
      code: 0,
      said: { whole: true, break: null, entries: rowsOf(file).length, keyId },
      explained: expect.stringContaining('WHOLE'),
    })
    expect(await office.get('audit.deviceKey')).toEqual({ keyId, publicKey })
  })

  test('of some days is verified too, and joins the one before it', async () => {
    const late = await exported(office, { from: middle }, 'auditor')
    const early = await exported(office, { until: middle }, 'auditor')
    expect(rowsOf(late)[0]).toMatchObject({ action: 'office.changed' })
    expect(sealOf(late).after).toEqual(sealOf(early).head)
    for (const [name, text] of [
      ['late', late],
      ['early', early],
    ] as const) {
      expect(await verified(write(`${name}.jsonl`, text)), name).toMatchObject({ code: 0 })
    }
    expect(rowsOf(early).length + rowsOf(late).length).toBe(rowsOf(late).at(-1)?.position)
  })

  test('of days in which nothing happened is refused', async () => {
    expect(await office.codeOf('audit.exportBegin', { from: 1, until: 2 }, 'auditor')).toBe('audit.nothing-to-export')
  })

  test('is for auditors and administrators, each their own', async () => {
    expect(await office.codeOf('audit.exportBegin', {}, 'clerk')).toBe('api.not-your-role')
    const { id } = await office.get<{ id: string }>('audit.exportBegin', {}, 'auditor')
    expect(await office.codeOf('audit.exportPiece', { id, done: 0 })).toBe('audit.export-gone')
    await office.get('audit.exportEnd', { id }, 'auditor')
    expect(await office.codeOf('audit.exportPiece', { id, done: 0 }, 'auditor')).toBe('audit.export-gone')
  })
})

describe('the verifier finds', () => {
  const judged = (text: string | Uint8Array, expected?: object): Promise<Verdict> =>
    verifyFile(write('tried.jsonl', text), expected)
  const joined = (some: readonly string[]): string => some.map((line) => `${line}\n`).join('')

  test.each<[string, (at: number) => string[], number, string]>([
    ['an entry that is gone', (at) => lines.toSpliced(at, 1), 1, 'missing'],
    ['the first entry gone', () => lines.slice(1), 0, 'missing'],
    ['an entry twice', (at) => lines.toSpliced(at, 0, lines[at] as string), 2, 'unlinked'],
    ['the last entries gone', () => [...lines.slice(0, -3), lines.at(-1) as string], -1, 'tail-cut'],
    ['no seal', () => lines.slice(0, -1), -2, 'tail-cut'],
    ['nothing at all', () => [], 0, 'tail-cut'],
  ])('%s', async (_, tamper, where, kind) => {
    const at = 4
    const position = where < 0 ? lines.length + (where === -1 ? -2 : 0) : where === 0 ? 1 : at + where
    expect(await judged(joined(tamper(at)))).toMatchObject({ whole: false, break: { position, kind } })
  })

  test('an entry that was altered and hashed anew, by the one behind it', async () => {
    const { hash, ...hashed } = JSON.parse(lines[3] as string) as AuditRow
    const forged = { ...hashed, officerId: 'somebody else' }
    const anew = createHash('sha256')
      .update(String(canonicalize(forged)))
      .digest('hex')
    const text = joined(lines.toSpliced(3, 1, String(canonicalize({ ...forged, hash: anew }))))
    expect((await judged(text)).break).toEqual({ position: 5, kind: 'unlinked' })
  })

  test('a seal that another device signed, and an entry that is not the one known from elsewhere', async () => {
    const { office: other } = await newOffice()
    try {
      const foreign = await exported(other)
      const { publicKey, head } = sealOf(file)
      const last = sealOf(foreign).head.position
      expect((await judged(foreign)).whole).toBe(true)
      expect((await judged(foreign, { key: publicKey })).break).toEqual({ position: last, kind: 'other-key' })
      const swapped = joined([...lines.slice(0, -1), foreign.trimEnd().split('\n').at(-1) as string])
      expect((await judged(swapped)).whole).toBe(false)
      expect((await judged(file, { head: { ...head, hash: 'f'.repeat(64) } })).break).toEqual({
        position: head.position,
        kind: 'altered',
      })
      expect((await judged(file, { head: { position: head.position + 2, hash: head.hash } })).break).toEqual({
        position: head.position + 1,
        kind: 'tail-cut',
      })
    } finally {
      await other.close()
    }
  })

  test('every flipped bit of every byte that is tried', async () => {
    const bytes = Buffer.from(file)
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (at, bit) => {
        const flipped = Buffer.from(bytes)
        flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << bit), at)
        const { whole, break: found } = await judged(flipped)
        expect(whole).toBe(false)
        // The line in which it lies, or the seal. The last line and the seal in one are no seal any more, and no last line.
        const line = bytes.subarray(0, at).filter((byte) => byte === NEWLINE).length + 1
        const isBetween = bytes[at] === NEWLINE
        expect([line, Math.min(line, lines.length - 1), ...(isBetween ? [line - 1] : [])]).toContain(found?.position)
      }),
      { numRuns: 300, examples: newlinesOf(bytes).map((at): [number, number] => [at, 0]) },
    )
  })

  test('every removed, repeated or swapped line', async () => {
    const line = fc.nat(lines.length - 1)
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('remove', 'repeat', 'swap'), line, line, async (how, one, other) => {
        const text = [...lines]
        if (how === 'remove') text.splice(one, 1)
        else if (how === 'repeat') text.splice(other, 0, lines[one] as string)
        else {
          fc.pre(one !== other)
          text[one] = lines[other] as string
          text[other] = lines[one] as string
        }
        expect((await judged(joined(text))).whole).toBe(false)
      }),
      { numRuns: 200 },
    )
  })
})

describe('the script as a command', () => {
  test('ends with 1 and a sentence for a broken file', async () => {
    const path = write('broken.jsonl', file.replace('office.created', 'office.crested'))
    const at = rowsOf(file).find(({ action }) => action === 'office.created')?.position
    expect(await verified(path)).toMatchObject({
      code: 1,
      said: { whole: false, break: { position: at, kind: 'altered' } },
      explained: `BROKEN: entry ${at} was altered.\n`,
    })
  })

  test.each([[[]], [['there-is-none.jsonl']], [['a', 'b']], [['a', '--head', '12']], [['a', '--colour', 'red']]])(
    'ends with 2 where nothing was verified: %s',
    async (argv) => {
      const { code, said, explained } = await verified(...argv)
      expect({ code, said }).toEqual({ code: 2, said: undefined })
      expect(explained).not.toBe('')
    },
  )
})
