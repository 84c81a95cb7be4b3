import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { fail } from '../../../shared/contract/result.ts'
import {
  makeRecoveryKey,
  RECOVERY_KEY_BYTES,
  type RecoveryKey,
  readRecoveryKey,
} from '../../../shared/rules/recovery-key.ts'
import { writeDurably } from '../store/write-durably.ts'
import { SealedBox, seal, unseal } from './sealing.ts'

/** The store's key sealed a second time, under a recovery key. */
const RecoveryBox = z.object({
  tag: z.string(),
  /** Epoch milliseconds. */
  madeAt: z.number(),
  /** When somebody typed the key back; null before. */
  provenAt: z.number().nullable(),
  sealed: SealedBox,
})
export type RecoveryFacts = Omit<z.infer<typeof RecoveryBox>, 'sealed'>

const SealedKeyFile = z.object({
  version: z.literal(1),
  protection: z.literal('passphrase'),
  sealed: SealedBox,
  /** Oldest first: at most the one that was proven and a newer one that was not yet. */
  recovery: z.array(RecoveryBox).default([]),
  /** Names of recovery keys that open nothing any more. */
  outdated: z.array(z.string()).default([]),
})
type SealedKeyFile = z.infer<typeof SealedKeyFile>

const KeyFile = z.discriminatedUnion('protection', [
  /** A real office: the store's key is sealed under the passphrase. */
  SealedKeyFile,
  /** The training office has no passphrase; its people are invented. */
  z.object({ version: z.literal(1), protection: z.literal('none'), key: z.base64url() }),
])

/** What opens an office's key: its passphrase, or the recovery key together with the passphrase that is to hold from now on. */
export type Opener = { readonly passphrase: string } | { readonly recoveryKey: string; readonly newPassphrase: string }

const PURPOSE = 'store key'
const RECOVERY_PURPOSE = 'store key by recovery key'
const fileIn = (directory: string): string => join(directory, 'keys.json')

export const hasKeyFile = (directory: string): boolean => existsSync(fileIn(directory))

/** Makes the store's key and its file. `passphrase` is undefined in the training office only. */
export async function createKeyFile(directory: string, passphrase: string | undefined): Promise<Uint8Array> {
  if (hasKeyFile(directory)) fail('vault.already-there')
  const key = randomBytes(32)
  const content: z.input<typeof KeyFile> =
    passphrase === undefined
      ? { version: 1, protection: 'none', key: key.toString('base64url') }
      : { version: 1, protection: 'passphrase', sealed: await seal(key, passphrase, PURPOSE) }
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  replaceKeyFile(directory, textOf(content))
  return key
}

/** @throws OfficeError `vault.damaged`, `vault.wrong-passphrase`, `store.locked` when a passphrase is needed */
export async function openKeyFile(directory: string, passphrase: string | undefined): Promise<Uint8Array> {
  const file = readKeyFile(directory)
  if (file.protection === 'none') return Buffer.from(file.key, 'base64url')
  if (passphrase === undefined) fail('store.locked')
  return (await unseal(file.sealed, passphrase, PURPOSE)) ?? fail('vault.wrong-passphrase')
}

/**
 * Opens the key by either way. By the recovery key there is a new content for the file, in which the new passphrase holds;
 * the caller puts it where it belongs.
 *
 * @throws OfficeError `vault.damaged`, `vault.wrong-passphrase`, `vault.recovery-key-*`, `vault.no-recovery-key`
 */
export async function openKey(
  directory: string,
  opener: Opener,
): Promise<{ readonly key: Uint8Array; readonly keyFile: string | undefined }> {
  if ('passphrase' in opener) return { key: await openKeyFile(directory, opener.passphrase), keyFile: undefined }
  const file = readSealedFile(directory)
  const { key } = await openByRecoveryKey(file, opener.recoveryKey)
  return { key, keyFile: textOf({ ...file, sealed: await seal(key, opener.newPassphrase, PURPOSE) }) }
}

/** Durable when it returns; a torn write leaves the old content. */
export const replaceKeyFile = (directory: string, content: string): void => writeDurably(fileIn(directory), content)

/** As it stands, to put it back. */
export const keyFileText = (directory: string): string => readFileSync(fileIn(directory), 'utf8')

/** The recovery keys that open this office: the last that was proven, and a newer one that was not yet. */
export const recoveryFacts = (directory: string): readonly RecoveryFacts[] => {
  const file = readKeyFile(directory)
  return file.protection === 'none' ? [] : file.recovery.map(({ sealed: _, ...facts }) => facts)
}

/**
 * Seals the store's key under a new recovery key as well. The last one that was proven opens until the new one is proven, so
 * that a key that nobody has written down costs nothing.
 *
 * @returns the key as it is to be printed, and the content of the file with it
 */
export async function addRecoveryKey(
  directory: string,
  key: Uint8Array,
  madeAt: number,
): Promise<{ readonly text: string; readonly tag: string; readonly keyFile: string }> {
  const file = readSealedFile(directory)
  const taken = new Set([...file.outdated, ...file.recovery.map(({ tag }) => tag)])
  let made = makeRecoveryKey(randomBytes(RECOVERY_KEY_BYTES))
  while (taken.has(made.key.tag)) made = makeRecoveryKey(randomBytes(RECOVERY_KEY_BYTES))
  const { tag } = made.key
  const sealed = await seal(key, secretOf(made.key), RECOVERY_PURPOSE)
  const kept = file.recovery.filter(({ provenAt }) => provenAt !== null)
  const given = file.recovery.filter(({ provenAt }) => provenAt === null)
  const recovery = [...kept, { tag, madeAt, provenAt: null, sealed }]
  const outdated = [...file.outdated, ...given.map((box) => box.tag)]
  return { text: made.text, tag, keyFile: textOf({ ...file, recovery, outdated }) }
}

/**
 * The content of the file once the newest recovery key was typed back: older ones open nothing any more.
 *
 * @throws OfficeError `vault.recovery-key-*`, `vault.no-recovery-key`
 */
export async function proveRecoveryKey(
  directory: string,
  typed: string,
  provenAt: number,
): Promise<{ readonly tag: string; readonly keyFile: string }> {
  const file = readSealedFile(directory)
  const { tag } = await openByRecoveryKey(file, typed)
  const newest = file.recovery.at(-1) ?? fail('vault.no-recovery-key')
  // The one before is still good, but it is not the one that was just made.
  if (newest.tag !== tag) fail('vault.recovery-key-outdated')
  const outdated = [...file.outdated, ...file.recovery.slice(0, -1).map((box) => box.tag)]
  return { tag, keyFile: textOf({ ...file, recovery: [{ ...newest, provenAt }], outdated }) }
}

/** Whether the office can be opened without asking anybody. */
export function needsPassphrase(directory: string): boolean {
  const parsed = KeyFile.safeParse(readJson(fileIn(directory)))
  return !parsed.success || parsed.data.protection === 'passphrase'
}

async function openByRecoveryKey(file: SealedKeyFile, typed: string): Promise<{ key: Uint8Array; tag: string }> {
  if (file.recovery.length === 0) fail('vault.no-recovery-key')
  const read = readRecoveryKey(typed)
  if (read.kind === 'length') fail('vault.recovery-key-length', { found: read.found, wanted: read.wanted })
  if (read.kind === 'group') fail('vault.recovery-key-group', { group: read.group })
  const { tag } = read.key
  if (file.outdated.includes(tag)) fail('vault.recovery-key-outdated')
  const box = file.recovery.find((candidate) => candidate.tag === tag) ?? fail('vault.recovery-key-other')
  const key = await unseal(box.sealed, secretOf(read.key), RECOVERY_PURPOSE)
  return { key: key ?? fail('vault.recovery-key-other'), tag }
}

const secretOf = ({ tag, secret }: RecoveryKey): string => `${tag}${secret}`

function readKeyFile(directory: string): z.infer<typeof KeyFile> {
  const parsed = KeyFile.safeParse(readJson(fileIn(directory)))
  return parsed.success ? parsed.data : fail('vault.damaged', {}, parsed.error)
}

/** The training office has nothing to recover. */
function readSealedFile(directory: string): SealedKeyFile {
  const file = readKeyFile(directory)
  return file.protection === 'passphrase' ? file : fail('backup.not-in-training')
}

const textOf = (content: z.input<typeof KeyFile>): string => `${JSON.stringify(content, null, 2)}\n`

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    return fail('vault.damaged', {}, error)
  }
}
