import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runDesk } from '../../../electron/core/doors/desk.ts'
import { openDatabase } from '../../../electron/core/store/database.ts'
import { openKeyFile } from '../../../electron/core/vault/key-file.ts'
import { verified } from '../audit/exported.ts'
import { newOffice, OpenOffice, PASSPHRASE } from '../open-office.ts'
import { districtFile } from './district-file.ts'

let directory: string
const spare: number[] = []

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'field-office-desk-'))
})
afterEach(() => {
  for (const descriptor of spare.splice(0)) {
    try {
      closeSync(descriptor)
    } catch {
      // The desk closes what it has read.
    }
  }
  rmSync(directory, { recursive: true, force: true })
})

const at = (name: string): string => join(directory, name)

/** A descriptor with the passphrase behind it, as a shell hands one over. */
function passphraseDescriptor(passphrase = PASSPHRASE): string {
  writeFileSync(at('passphrase'), passphrase)
  const descriptor = openSync(at('passphrase'), 'r')
  spare.push(descriptor)
  return String(descriptor)
}

interface Said {
  readonly signingKey: unknown
  readonly keyId: string
  readonly problems: readonly { readonly path: string }[]
}

async function desk(...argv: string[]): Promise<{ code: number; said: Said; explained: string }> {
  let said: unknown
  let explained = ''
  const code = await runDesk(argv, {
    say: (answer) => {
      said = answer
    },
    explain: (text) => {
      explained = text
    },
    wordsOf: ({ params }) => Object.values(params).join(' '),
  })
  return { code, said: said as Said, explained }
}

test('from a new trust root to an office that opens with it', async () => {
  const root = await desk('trust-root', '--out', at('root.json'), '--passphrase-fd', passphraseDescriptor())
  expect(root).toMatchObject({ code: 0, said: { trustRoot: { kty: 'OKP' } } })
  expect(await desk('trust-root', '--out', at('root.json'), '--passphrase-fd', passphraseDescriptor())).toMatchObject({
    code: 2,
  })
  const admin = await desk('officer-key', '--id', 'admin', '--secrets', at('secrets.json'))
  const signing = await desk('signing-key', '--secrets', at('secrets.json'))
  const { file } = await districtFile()
  const [officer] = file.officers
  const [manager] = file.paymentManagers
  const draft = {
    ...file,
    trustRoot: undefined,
    officers: [{ ...officer, signingKey: admin.said.signingKey, signature: undefined }],
    paymentManagers: [
      {
        ...manager,
        authentication: { kind: 'none' },
        signing: { kind: 'jws', keyId: signing.said.keyId, alg: 'EdDSA', lifetime: 600 },
        signature: undefined,
      },
    ],
  }
  writeFileSync(at('draft.json'), JSON.stringify(draft))
  const sign = (passphrase?: string) =>
    desk(
      ...['sign-provision', '--file', at('draft.json'), '--out', at('signed.json'), '--secrets', at('secrets.json')],
      ...['--trust-root', at('root.json'), '--passphrase-fd', passphraseDescriptor(passphrase)],
    )
  expect(await sign('not the passphrase')).toMatchObject({
    code: 1,
    explained: expect.stringContaining('vault.wrong-passphrase'),
  })
  expect(await sign()).toMatchObject({ code: 0, said: { officers: 1, paymentManagers: 1, connectors: 1 } })
  expect(await desk('check-provision', '--file', at('signed.json'), '--secrets', at('secrets.json'))).toMatchObject({
    code: 0,
    said: { problems: [] },
  })
  const office = new OpenOffice({
    provisionFile: at('signed.json'),
    provisionSecretsFile: at('secrets.json'),
    passphrase: PASSPHRASE,
  })
  await office.core.start()
  const { pin } = JSON.parse(readFileSync(at('secrets.json'), 'utf8')).officers.admin
  expect(await office.get('session.signIn', { officerId: 'admin', pin })).toMatchObject({ mustChangePin: true })
  await office.close()
})

test('a file that was tampered with is found out', async () => {
  const { file, secrets } = await districtFile()
  writeFileSync(
    at('signed.json'),
    JSON.stringify({ ...file, officers: file.officers.map((one) => ({ ...one, roles: ['administrator'] })) }),
  )
  writeFileSync(at('secrets.json'), JSON.stringify(secrets))
  const answer = await desk('check-provision', '--file', at('signed.json'), '--secrets', at('secrets.json'))
  expect(answer.code).toBe(1)
  expect(answer.said.problems.map(({ path }) => path)).toContain('officers[1].signature')
})

test('the audit trail of a closed office is walked, and a changed row is found', async () => {
  const { office } = await newOffice()
  const verify = () => desk('verify-audit', '--data', office.directory, '--passphrase-fd', passphraseDescriptor())
  expect(await verify()).toMatchObject({ code: 1, explained: expect.stringContaining('store.in-use') })
  await office.close({ keep: true })
  expect(await verify()).toMatchObject({ code: 0, said: { break: null } })
  const folder = join(office.directory, 'office')
  const database = openDatabase(join(folder, 'office.db'), { bytes: await openKeyFile(folder, PASSPHRASE) }, 'write')
  database.exec("DROP TRIGGER audit_no_update; UPDATE audit SET action = 'nothing.happened' WHERE position = 1")
  database.close()
  expect(await verify()).toMatchObject({ code: 1, said: { break: { position: 1, kind: 'altered' } } })
  rmSync(office.directory, { recursive: true, force: true })
})

test('the audit trail of a closed office leaves as signed lines, once, and the export is in it', async () => {
  const { office } = await newOffice()
  await office.close({ keep: true })
  const file = at('trail.jsonl')
  const key = at('key.jwk')
  const take = (...more: string[]) =>
    desk('audit-export', file, '--data', office.directory, '--passphrase-fd', passphraseDescriptor(), ...more)
  expect(await take('--until', '2001-01-01')).toMatchObject({ code: 1 })
  expect(await take('--from', 'yesterday')).toMatchObject({ code: 2, explained: expect.stringContaining('--from') })
  const made = await take('--public-key', key)
  expect(made).toMatchObject({ code: 0, said: { first: 1, keyId: expect.any(String), publicKey: { kty: 'OKP' } } })
  expect(await take()).toMatchObject({ code: 2, explained: 'the file is already there' })
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  expect(JSON.parse(lines.at(-2) ?? '')).toMatchObject({ action: 'audit.exported', officerId: 'office' })
  expect(await verified(file, '--key', key)).toMatchObject({ code: 0, said: { entries: lines.length - 1 } })
  rmSync(office.directory, { recursive: true, force: true })
})

test('a command that is not known, or misses what it needs, says what there is', async () => {
  expect(await desk('make-tea')).toMatchObject({ code: 2, explained: expect.stringContaining('verify-audit') })
  expect(await desk('verify-audit')).toMatchObject({ code: 2, explained: '--data is missing' })
  expect(await desk('verify-audit', '--colour', 'red')).toMatchObject({ code: 2 })
})
