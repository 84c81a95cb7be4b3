import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readSync, writeFileSync } from 'node:fs'

const SLICE = 1 << 20

export interface FileDigest {
  readonly bytes: number
  readonly sha256: string
}

/** Size and SHA-256 of a file; blocks, so only for threads beside the core. */
export const digestFile = (file: string): FileDigest => readThrough(file, () => undefined)

/** Copies a file so that it is on the disk when this returns; gives size and SHA-256 of what was read. */
export function copyFileDurably(from: string, to: string): FileDigest {
  const descriptor = openSync(to, 'wx', 0o600)
  try {
    const digest = readThrough(from, (slice) => writeFileSync(descriptor, slice))
    fsyncSync(descriptor)
    return digest
  } finally {
    closeSync(descriptor)
  }
}

export function syncFile(file: string): void {
  const descriptor = openSync(file, 'r+')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function readThrough(file: string, onSlice: (slice: Buffer) => void): FileDigest {
  const descriptor = openSync(file, 'r')
  try {
    const hash = createHash('sha256')
    const slice = Buffer.alloc(SLICE)
    let bytes = 0
    for (;;) {
      const read = readSync(descriptor, slice, 0, SLICE, null)
      if (read === 0) return { bytes, sha256: hash.digest('hex') }
      const part = slice.subarray(0, read)
      hash.update(part)
      onSlice(part)
      bytes += read
    }
  } finally {
    closeSync(descriptor)
  }
}
