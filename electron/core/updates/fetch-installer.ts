import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { fail } from '../../../shared/contract/result.ts'
import type { Installer } from '../../../shared/model/update.ts'
import { failAsDisk, writeWhole } from '../store/write-durably.ts'
import { digestOf, type UpdateSource } from './update-source.ts'

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0

/**
 * Brings an installer into a folder of the office and verifies its digest; what an earlier try brought is gone on with. The
 * folder then holds that installer and nothing else.
 *
 * @returns its path
 * @throws OfficeError `updates.file-*`, `store.disk-full`, `http.*`
 */
export async function fetchInstaller(
  source: UpdateSource,
  installer: Installer,
  folder: string,
  onBytes: (bytes: number) => void,
): Promise<string> {
  const { name, bytes, sha256 } = installer
  const file = join(folder, name)
  const part = join(folder, `${sha256}.part`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const other of readdirSync(folder)) {
    if (![file, part].includes(join(folder, other))) rmSync(join(folder, other), { recursive: true, force: true })
  }
  if (sizeOf(file) === bytes && (await digestOf(file)) === sha256) return file
  try {
    await fill(source, installer, part, onBytes)
  } catch (error) {
    return failAsDisk(error)
  }
  if ((await digestOf(part)) !== sha256) {
    rmSync(part)
    fail('updates.file-changed', { file: name })
  }
  renameSync(part, file)
  return file
}

async function fill(
  source: UpdateSource,
  installer: Installer,
  part: string,
  onBytes: (bytes: number) => void,
): Promise<void> {
  if (sizeOf(part) > installer.bytes) rmSync(part)
  let at = sizeOf(part)
  const output = await open(part, 'a', 0o600)
  try {
    onBytes(at)
    for await (const piece of source.pieces(installer, at)) {
      await writeWhole(output, piece, 'end')
      at += piece.length
      onBytes(at)
    }
    await output.sync()
  } finally {
    await output.close()
  }
}
