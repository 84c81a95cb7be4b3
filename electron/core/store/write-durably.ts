import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, renameSync, writeFileSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fail } from '../../../shared/contract/result.ts'
import { syncDirectory } from './database.ts'

/**
 * Replaces a small file: written beside, synced, renamed, so that it has the old content or the new one and never a part.
 *
 * @throws OfficeError `store.disk-full`, `store.read-only`; the old content stays then
 */
export function writeDurably(file: string, content: string): void {
  const beside = `${file}.new`
  try {
    const descriptor = openSync(beside, 'w', 0o600)
    try {
      // Not `writeSync`: a disk that is nearly full takes a part without a fault.
      writeFileSync(descriptor, content)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(beside, file)
    syncDirectory(dirname(file))
  } catch (error) {
    failAsDisk(error)
  }
}

/** Opens a file for writing; readable by its owner only where it is made. @throws OfficeError `store.disk-full`, `store.read-only` */
export function openDurably(file: string, flags: 'a' | 'a+' | 'w' | 'wx'): number {
  try {
    return openSync(file, flags, 0o600)
  } catch (error) {
    return failAsDisk(error)
  }
}

/**
 * Adds to the end of a file, whole or not at all: what comes next would be glued to half of it.
 *
 * @throws OfficeError `store.disk-full`, `store.read-only`; the file is as it was then
 */
export function appendWhole(descriptor: number, bytes: Uint8Array, { sync }: { readonly sync: boolean }): void {
  const before = fstatSync(descriptor).size
  try {
    // Not `writeSync`: a disk that is nearly full takes a part without a fault.
    writeFileSync(descriptor, bytes)
    if (sync) fsyncSync(descriptor)
  } catch (error) {
    ftruncateSync(descriptor, before)
    failAsDisk(error)
  }
}

/**
 * Writes all of it, at a place of an open file or at its end: a disk that is nearly full takes a part without a fault.
 *
 * @throws OfficeError `store.disk-full`, `store.read-only`; a part of it may stand there then
 */
export async function writeWhole(handle: FileHandle, bytes: Uint8Array, at: number | 'end'): Promise<void> {
  try {
    for (let done = 0; done < bytes.length; ) {
      const place = at === 'end' ? null : at + done
      done += (await handle.write(bytes, done, bytes.length - done, place)).bytesWritten
    }
  } catch (error) {
    failAsDisk(error)
  }
}

/** Names what a disk says when it takes no more. @throws OfficeError `store.disk-full`, `store.read-only`; else the error itself */
export function failAsDisk(error: unknown): never {
  const code = diskFaultOf(error)
  if (code !== undefined) fail(code, {}, error)
  throw error
}

/** What an error of the system says about a disk that takes no more, if it does. */
export function diskFaultOf(error: unknown): 'store.disk-full' | 'store.read-only' | undefined {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') return 'store.disk-full'
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') return 'store.read-only'
  return undefined
}
