import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { fail } from '../../../shared/contract/result.ts'
import { syncDirectory } from '../store/database.ts'
import { SealedBox, seal, unseal } from './sealing.ts'

const KeyFile = z.discriminatedUnion('protection', [
  /** A real office: the store's key is sealed under the passphrase. */
  z.object({ version: z.literal(1), protection: z.literal('passphrase'), sealed: SealedBox }),
  /** The training office has no passphrase; its people are invented. */
  z.object({ version: z.literal(1), protection: z.literal('none'), key: z.base64url() }),
])

const PURPOSE = 'store key'
const fileIn = (directory: string): string => join(directory, 'keys.json')

export const hasKeyFile = (directory: string): boolean => existsSync(fileIn(directory))

/** Makes the store's key and its file. `passphrase` is undefined in the training office only. */
export async function createKeyFile(directory: string, passphrase: string | undefined): Promise<Uint8Array> {
  if (hasKeyFile(directory)) fail('vault.already-there')
  const key = randomBytes(32)
  const content: z.infer<typeof KeyFile> =
    passphrase === undefined
      ? { version: 1, protection: 'none', key: key.toString('base64url') }
      : { version: 1, protection: 'passphrase', sealed: await seal(key, passphrase, PURPOSE) }
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  writeDurably(fileIn(directory), `${JSON.stringify(content, null, 2)}\n`)
  return key
}

/** @throws OfficeError `vault.damaged`, `vault.wrong-passphrase`, `store.locked` when a passphrase is needed */
export async function openKeyFile(directory: string, passphrase: string | undefined): Promise<Uint8Array> {
  const parsed = KeyFile.safeParse(readJson(fileIn(directory)))
  if (!parsed.success) fail('vault.damaged', {}, parsed.error)
  if (parsed.data.protection === 'none') return Buffer.from(parsed.data.key, 'base64url')
  if (passphrase === undefined) fail('store.locked')
  return (await unseal(parsed.data.sealed, passphrase, PURPOSE)) ?? fail('vault.wrong-passphrase')
}

/** Whether the office can be opened without asking anybody. */
export function needsPassphrase(directory: string): boolean {
  const parsed = KeyFile.safeParse(readJson(fileIn(directory)))
  return !parsed.success || parsed.data.protection === 'passphrase'
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    return fail('vault.damaged', {}, error)
  }
}

/** Written beside, synced, renamed: a torn write leaves the old content. */
function writeDurably(file: string, content: string): void {
  const beside = `${file}.new`
  const descriptor = openSync(beside, 'w', 0o600)
  try {
    writeSync(descriptor, content)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  renameSync(beside, file)
  syncDirectory(dirname(file))
}
