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
import type { KeyStore } from '../doors/key-store.ts'
import { canOpen } from '../store/database.ts'
import { writeDurably } from '../store/write-durably.ts'
import { openFromKeyStore, sealInKeyStore } from './key-store-seal.ts'
import { SealedBox, seal, unseal } from './sealing.ts'
import { systemKeyRing } from './system-key-ring.ts'

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

const recoveryFields = {
  /** Oldest first: at most the one that was proven and a newer one that was not yet. */
  recovery: z.array(RecoveryBox).default([]),
  /** Names of recovery keys that open nothing any more. */
  outdated: z.array(z.string()).default([]),
}

const Protected = z.discriminatedUnion('protection', [
  /** The store's key is sealed under the passphrase. */
  z.object({ version: z.literal(1), protection: z.literal('passphrase'), sealed: SealedBox, ...recoveryFields }),
  /** The store's key is sealed by the key store of the system; the office opens without asking anybody. */
  z.object({
    version: z.literal(1),
    protection: z.literal('key-store'),
    /** Which key store; another one opens nothing. */
    backEnd: z.string(),
    sealed: z.base64(),
    ...recoveryFields,
  }),
])
type Protected = z.infer<typeof Protected>

const SealedKeyFile = Protected.and(
  z.object({
    /** While the store's key is replaced: the file as it is to be once the store opens with the new key. */
    next: Protected.optional(),
  }),
)
type SealedKeyFile = z.infer<typeof SealedKeyFile>

const KeyFile = z.union([
  SealedKeyFile,
  /** The training office has no passphrase; its people are invented. */
  z.object({ version: z.literal(1), protection: z.literal('none'), key: z.base64url() }),
])

/** What opens an office's key: its passphrase, or the recovery key together with the passphrase that is to hold from now on. */
export type Opener = { readonly passphrase: string } | { readonly recoveryKey: string; readonly newPassphrase: string }

const PURPOSE = 'store key'
const RECOVERY_PURPOSE = 'store key by recovery key'
export const STORE_FILE = 'office.db'
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

/**
 * @param keyStore of the door that opens; the key ring of the system where left out
 * @throws OfficeError `vault.damaged`, `vault.wrong-passphrase`, `vault.key-store-*`, `store.locked` when a passphrase is needed
 */
export async function openKeyFile(
  directory: string,
  passphrase: string | undefined,
  keyStore: KeyStore = systemKeyRing(),
): Promise<Uint8Array> {
  return (await openWith(directory, { passphrase, keyStore })).key
}

/**
 * As {@link openKeyFile}, for whoever holds the folder: a replacement of the key that was cut off is brought to its end, or
 * forgotten where the store still opens with the key before.
 */
export async function openAndSettle(
  directory: string,
  passphrase: string | undefined,
  keyStore: KeyStore,
): Promise<Uint8Array> {
  const { key, file, cutOff } = await openWith(directory, { passphrase, keyStore })
  if (cutOff && file !== undefined) replaceKeyFile(directory, textOf(file))
  return key
}

/** The file that fits the store as it stands, and the key in it. */
async function openWith(
  directory: string,
  access: KeyAccess,
): Promise<{ readonly key: Uint8Array; readonly file: Protected | undefined; readonly cutOff: boolean }> {
  const whole = readKeyFile(directory)
  if (whole.protection === 'none') {
    return { key: Buffer.from(whole.key, 'base64url'), file: undefined, cutOff: false }
  }
  const { next, ...file } = whole
  const key = await keyIn(file, access)
  if (next === undefined) return { key, file, cutOff: false }
  if (canOpen(join(directory, STORE_FILE), { bytes: key })) return { key, file, cutOff: true }
  return { key: await keyIn(next, access), file: next, cutOff: true }
}

interface KeyAccess {
  readonly passphrase: string | undefined
  readonly keyStore: KeyStore
}

async function keyIn(file: Protected, { passphrase, keyStore }: KeyAccess): Promise<Uint8Array> {
  if (file.protection === 'key-store') return openFromKeyStore(keyStore, file.backEnd, file.sealed)
  if (passphrase === undefined) fail('store.locked')
  return (await unseal(file.sealed, passphrase, PURPOSE)) ?? fail('vault.wrong-passphrase')
}

/**
 * Opens the key by either way. By the recovery key there is a new content for the file, in which the new passphrase holds;
 * the caller puts it where it belongs.
 *
 * @throws OfficeError `vault.damaged`, `vault.wrong-passphrase`, `vault.recovery-key-*`, `vault.no-recovery-key`,
 *   `vault.needs-recovery-key` for a passphrase where none was set
 */
export async function openKey(
  directory: string,
  opener: Opener,
): Promise<{ readonly key: Uint8Array; readonly keyFile: string | undefined }> {
  if ('passphrase' in opener) {
    if (protectionOf(directory).by === 'key-store') fail('vault.needs-recovery-key')
    return { key: await openKeyFile(directory, opener.passphrase), keyFile: undefined }
  }
  const { next, ...file } = readSealedFile(directory)
  for (const candidate of next === undefined ? [file] : [next, file]) {
    try {
      const { key } = await openByRecoveryKey(candidate, opener.recoveryKey)
      if (next !== undefined && !canOpen(join(directory, STORE_FILE), { bytes: key })) continue
      return { key, keyFile: textOf(await underPassphrase(candidate, key, opener.newPassphrase)) }
    } catch (error) {
      if (candidate === file) throw error
    }
  }
  return fail('vault.recovery-key-outdated')
}

/** By what an office is opened; `backEnd` names the key store of the system. */
export type Protection =
  | { readonly by: 'passphrase' | 'none'; readonly backEnd: null }
  | { readonly by: 'key-store'; readonly backEnd: string }

/** @throws OfficeError `vault.damaged` */
export function protectionOf(directory: string): Protection {
  const file = readKeyFile(directory)
  return file.protection === 'key-store'
    ? { by: 'key-store', backEnd: file.backEnd }
    : { by: file.protection, backEnd: null }
}

/**
 * The content of the file with the key sealed by the key store instead; opened again before it is given out.
 *
 * @throws OfficeError `vault.recovery-key-first` before a recovery key was proven; `vault.key-store-*`
 */
export async function moveToKeyStore(directory: string, key: Uint8Array, keyStore: KeyStore): Promise<string> {
  const { version, recovery, outdated } = readSealedFile(directory)
  // Whoever loses the key ring has nothing else.
  if (!recovery.some(({ provenAt }) => provenAt !== null)) fail('vault.recovery-key-first')
  return textOf({
    version,
    protection: 'key-store',
    ...(await sealInKeyStore(keyStore, key)),
    recovery,
    outdated,
  })
}

/** The content of the file with the key sealed under a passphrase; opened again before it is given out. */
export async function moveToPassphrase(directory: string, key: Uint8Array, passphrase: string): Promise<string> {
  const { next: _, ...file } = readSealedFile(directory)
  const moved = await underPassphrase(file, key, passphrase)
  const opened = await unseal(moved.sealed, passphrase, PURPOSE)
  if (opened === undefined || !opened.equals(key)) fail('vault.damaged')
  return textOf(moved)
}

async function underPassphrase({ version, recovery, outdated }: Protected, key: Uint8Array, passphrase: string) {
  const sealed = await seal(key, passphrase, PURPOSE)
  return { version, protection: 'passphrase', sealed, recovery, outdated } as const
}

/** The two contents of the file while the store's key is replaced: with both keys, and with the new one alone. */
export interface Replacement {
  readonly between: string
  readonly after: string
  readonly tag: string
}

/**
 * Seals a new key the way the present one is sealed, and under a new recovery key; the recovery keys of the present one open
 * nothing of the new.
 *
 * @param access with which the present key was opened
 * @throws OfficeError `backup.not-in-training`, `vault.key-store-*`
 */
export async function replacementOf(
  directory: string,
  key: Uint8Array,
  recoveryKey: MadeRecoveryKey,
  access: KeyAccess,
): Promise<Replacement> {
  const { next: _, ...file } = readSealedFile(directory)
  const { tag } = recoveryKey.key
  const { madeAt, provenAt } = recoveryKey
  const sealed = await seal(key, secretOf(recoveryKey.key), RECOVERY_PURPOSE)
  const fields = {
    version: 1 as const,
    recovery: [{ tag, madeAt, provenAt, sealed }],
    outdated: [...file.outdated, ...file.recovery.map((box) => box.tag)],
  }
  const next: Protected =
    file.protection === 'key-store'
      ? { ...fields, protection: 'key-store', ...(await sealInKeyStore(access.keyStore, key)) }
      : {
          ...fields,
          protection: 'passphrase',
          sealed: await seal(key, access.passphrase ?? fail('store.locked'), PURPOSE),
        }
  return { between: textOf({ ...file, next }), after: textOf(next), tag }
}

/** A recovery key before anything is sealed under it. */
export interface MadeRecoveryKey {
  readonly text: string
  readonly key: RecoveryKey
  /** Epoch milliseconds. */
  readonly madeAt: number
  readonly provenAt: number | null
}

/** A recovery key of a name that no key of this office ever had. */
export function newRecoveryKey(directory: string, madeAt: number): MadeRecoveryKey {
  const file = readSealedFile(directory)
  const taken = new Set([...file.outdated, ...file.recovery.map(({ tag }) => tag)])
  let made = makeRecoveryKey(randomBytes(RECOVERY_KEY_BYTES))
  while (taken.has(made.key.tag)) made = makeRecoveryKey(randomBytes(RECOVERY_KEY_BYTES))
  return { ...made, madeAt, provenAt: null }
}

/**
 * Compares what was typed with a key that is not in the file yet.
 *
 * @throws OfficeError `vault.recovery-key-length`, `vault.recovery-key-group`, `vault.recovery-key-outdated`
 */
export function requireTypedBack(made: MadeRecoveryKey, typed: string): void {
  const { tag, secret } = readTyped(typed)
  if (tag !== made.key.tag || secret !== made.key.secret) fail('vault.recovery-key-outdated')
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
  const made = newRecoveryKey(directory, madeAt)
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

/** Whether somebody has to give a passphrase. */
export function needsPassphrase(directory: string): boolean {
  const parsed = KeyFile.safeParse(readJson(fileIn(directory)))
  return !parsed.success || parsed.data.protection === 'passphrase'
}

async function openByRecoveryKey(file: Protected, typed: string): Promise<{ key: Uint8Array; tag: string }> {
  if (file.recovery.length === 0) fail('vault.no-recovery-key')
  const read = readTyped(typed)
  const { tag } = read
  if (file.outdated.includes(tag)) fail('vault.recovery-key-outdated')
  const box = file.recovery.find((candidate) => candidate.tag === tag) ?? fail('vault.recovery-key-other')
  const key = await unseal(box.sealed, secretOf(read), RECOVERY_PURPOSE)
  return { key: key ?? fail('vault.recovery-key-other'), tag }
}

/** @throws OfficeError `vault.recovery-key-length`, `vault.recovery-key-group` */
function readTyped(typed: string): RecoveryKey {
  const read = readRecoveryKey(typed)
  if (read.kind === 'length') fail('vault.recovery-key-length', { found: read.found, wanted: read.wanted })
  if (read.kind === 'group') fail('vault.recovery-key-group', { group: read.group })
  return read.key
}

const secretOf = ({ tag, secret }: RecoveryKey): string => `${tag}${secret}`

function readKeyFile(directory: string): z.infer<typeof KeyFile> {
  const parsed = KeyFile.safeParse(readJson(fileIn(directory)))
  return parsed.success ? parsed.data : fail('vault.damaged', {}, parsed.error)
}

/** The training office has nothing to recover. */
function readSealedFile(directory: string): SealedKeyFile {
  const file = readKeyFile(directory)
  return file.protection === 'none' ? fail('backup.not-in-training') : file
}

const textOf = (content: z.input<typeof KeyFile>): string => `${JSON.stringify(content, null, 2)}\n`

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    return fail('vault.damaged', {}, error)
  }
}
