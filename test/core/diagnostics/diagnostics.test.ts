import { randomUUID } from 'node:crypto'
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DiagnosticReport } from '../../../electron/core/diagnostics/diagnose.ts'
import { runDesk } from '../../../electron/core/doors/desk.ts'
import { putSecret } from '../../../electron/core/vault/secrets.ts'
import { newId } from '../../../shared/model/ids.ts'
import { managerSettings } from '../dispatch/approved-batches.ts'
import { individual, put } from '../district.ts'
import { newOffice, type OpenOffice, PASSPHRASE } from '../open-office.ts'

let office: OpenOffice
beforeEach(async () => {
  ;({ office } = await newOffice())
})
afterEach(() => office.close())

/** Words that stand nowhere else: long enough that no count, code or version holds one by chance. */
const word = fc
  .array(fc.constantFrom(...'abcdefghijkmnoprstuvwxyzABCDEFXYZለመሠረሰاحمد0123456789'), { minLength: 9, maxLength: 20 })
  .map((letters) => `w${letters.join('')}`)
const digits = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 11, maxLength: 13 }).map((all) => all.join(''))

/** Fills every place where people, offices and secrets are named, and gives back what was written there. */
function fill(words: readonly string[], numbers: readonly string[]): string[] {
  const open = office.core.getOffice()
  const id = randomUUID().slice(0, 8)
  const [name, family, address, area, tag, provider, receiver, payer, secret, cycle, journal, text] = words as string[]
  const [phone, account, identity, theirs] = numbers as string[]
  const now = Date.now()
  const person = individual(`R${id}`, {
    name: `${name} ${family}`,
    givenName: name ?? '',
    familyName: family ?? '',
    address: address ?? '',
    area: area ?? '',
    tags: [tag ?? ''],
    phoneNumbers: [{ id: `phone-${id}`, number: `+${phone}`, preferred: true, disabled: false }],
  })
  put(open, 'registrant', person)
  put(open, 'identityNumber', {
    id: newId(),
    removed: false,
    registrantId: person.id,
    type: 'UIN',
    value: identity ?? '',
    status: 'unverified',
    expiresOn: null,
    importId: '',
  } as Parameters<typeof put<'identityNumber'>>[2])
  const manager = managerSettings(
    {
      disburse: `https://example.org/${encodeURIComponent(receiver ?? '')}`,
      status: `https://example.org/${encodeURIComponent(payer ?? '')}`,
    },
    { payerName: payer ?? '', payerAddress: `account:${account}`, receiverId: receiver ?? '', name: provider ?? '' },
  )
  put(open, 'paymentManager', { ...manager, id: `manager-${id}`, profile: journal?.slice(0, 40) ?? '', signature: '' })
  put(open, 'delivery', {
    id: newId(),
    transmissionId: `transmission-${id}`,
    batchId: `batch-${id}`,
    part: '1',
    post: 1,
    outcome: 'refused',
    httpStatus: 500,
    code: text ?? '',
    text: `${name} ${theirs}`,
    correlationId: theirs ?? '',
  } as Parameters<typeof put<'delivery'>>[2])
  open.store.transaction('officer', (tx) => {
    putSecret(tx, 'manager-secret', `manager-${id}`, secret ?? '')
    tx.mark('office-name', cycle ?? '')
    tx.audit({ action: 'test.secret', subjectKind: 'secret', subjectId: id })
    tx.sql(
      `INSERT INTO job VALUES (?, 'test.job', ?, ?, '{}', 'attention', ?, NULL, 1, '', NULL, ?, NULL, ?, NULL)`,
    ).run(
      newId(),
      `${family}-${id}`,
      JSON.stringify({ name }),
      now,
      JSON.stringify({ code: text, params: { name } }),
      now,
    )
  })
  return [...words, ...numbers].filter((one) => one !== '')
}

describe('the report', () => {
  test('holds no name, number, address or secret of an office, whatever is written in it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(word, { minLength: 12, maxLength: 12 }),
        fc.uniqueArray(digits, { minLength: 4, maxLength: 4 }),
        async (words, numbers) => {
          const written = fill(words, numbers)
          const report = JSON.stringify(await office.get('diagnostics.report'))
          const lower = report.toLowerCase()
          expect(written.filter((one) => lower.includes(one.toLowerCase()))).toEqual([])
        },
      ),
      { numRuns: 25 },
    )
    const report = JSON.stringify(await office.get('diagnostics.report'))
    for (const named of ['Almaz', 'almaz', office.directory, PASSPHRASE]) expect(report).not.toContain(named)
  })

  test('tells what helps: versions, checks, counts, jobs with their codes, clock and line', async () => {
    fill(
      Array.from({ length: 12 }, (_, index) => `word-${index}-0000`),
      ['11111111111', '22222222222', '33333333333', '44444444444'],
    )
    const report = await office.get<DiagnosticReport>('diagnostics.report')
    expect(report).toMatchObject({
      format: 1,
      door: 'test',
      training: false,
      machine: { platform: process.platform, node: process.versions.node },
      counts: { registrant: 1, officer: 1, payment: 0 },
      jobs: [{ kind: 'test.job', state: 'attention', code: 'other', count: 1 }],
      faults: [{ outcome: 'refused', code: 'other', httpStatus: 500, count: 1 }],
      managers: [{ kind: 'g2p-connect', profile: 'other', signing: 'placeholder' }],
      line: { up: true, cut: false },
      clock: { code: null },
      sending: { stopped: false, doubt: null },
    })
    expect(report.folder['office.db']).toBeGreaterThan(0)
  })
})

describe('the command', () => {
  async function run(...more: readonly string[]) {
    const said: Record<string, unknown>[] = []
    const code = await runDesk(['diagnostics', '--data', office.directory, ...more], {
      wordsOf: ({ code: name }) => name,
      say: (answer) => said.push(answer as Record<string, unknown>),
      explain: (text) => said.push({ explained: text }),
    })
    return { code, said: said[0] ?? {} }
  }

  test('tells of a closed office under its passphrase, and without it of program and files only', async () => {
    await office.close({ keep: true })
    const outside = await run()
    expect(outside.code).toBe(0)
    expect(outside.said).toMatchObject({ door: 'command-line', folder: { 'keys.json': expect.any(Number) } })
    expect(outside.said).not.toHaveProperty('counts')
    const folder = mkdtempSync(join(tmpdir(), 'passphrase-'))
    writeFileSync(join(folder, 'passphrase'), PASSPHRASE)
    const whole = await run('--passphrase-fd', String(openSync(join(folder, 'passphrase'), 'r')))
    rmSync(folder, { recursive: true })
    expect(whole).toMatchObject({ code: 0, said: { counts: { officer: 1 }, jobs: expect.any(Array) } })
    expect(JSON.stringify(whole.said)).not.toContain('almaz')
  })

  test('tells by a code why an office does not open', async () => {
    await office.close({ keep: true })
    const folder = mkdtempSync(join(tmpdir(), 'passphrase-'))
    writeFileSync(join(folder, 'passphrase'), 'not the passphrase')
    const report = await run('--passphrase-fd', String(openSync(join(folder, 'passphrase'), 'r')))
    rmSync(folder, { recursive: true })
    expect(report).toMatchObject({ code: 1, said: { code: 'vault.wrong-passphrase', machine: { arch: process.arch } } })
  })

  test('refuses an office that is open', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'passphrase-'))
    writeFileSync(join(folder, 'passphrase'), PASSPHRASE)
    const descriptor = openSync(join(folder, 'passphrase'), 'r')
    const { code, said } = await run('--passphrase-fd', String(descriptor))
    expect({ code, said }).toMatchObject({ code: 1, said: { explained: expect.stringContaining('store.in-use') } })
    rmSync(folder, { recursive: true })
  })
})
