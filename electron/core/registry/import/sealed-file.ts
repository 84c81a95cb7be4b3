import { createCipheriv, createDecipheriv } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { appendWhole, openDurably } from '../../store/write-durably.ts'

/*
 * An uploaded file lies on the disk only sealed: pieces of AES-256-GCM under a key that exists in memory alone, for one
 * upload. Each piece: 4 bytes of length, 16 of tag, the sealed bytes; the nonce counts the pieces.
 */

const TAG = 16
const HEAD = 4 + TAG

function nonceOf(piece: number): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUInt32BE(piece, 8)
  return nonce
}

/** Appends one piece; `piece` counts from 0. @throws OfficeError `store.disk-full`, `store.read-only`: it can be sent again then */
export function appendSealed(file: string, key: Uint8Array, piece: number, content: Uint8Array): void {
  const cipher = createCipheriv('aes-256-gcm', key, nonceOf(piece))
  const sealed = Buffer.concat([cipher.update(content), cipher.final()])
  const head = Buffer.alloc(4)
  head.writeUInt32BE(sealed.length)
  const descriptor = openDurably(file, 'a')
  try {
    appendWhole(descriptor, Buffer.concat([head, cipher.getAuthTag(), sealed]), { sync: false })
  } finally {
    closeSync(descriptor)
  }
}

/** Bytes that a piece takes in the file. */
export const sealedSize = (contentLength: number): number => HEAD + contentLength

/** One piece that begins at a byte of an open file; undefined behind the last. @throws Error when the file was touched */
function findSealedAt(descriptor: number, key: Uint8Array, piece: number, at: number): Buffer | undefined {
  const head = Buffer.alloc(HEAD)
  if (readSync(descriptor, head, 0, HEAD, at) !== HEAD) return undefined
  const sealed = Buffer.alloc(head.readUInt32BE(0))
  readSync(descriptor, sealed, 0, sealed.length, at + HEAD)
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(piece)).setAuthTag(head.subarray(4))
  return Buffer.concat([decipher.update(sealed), decipher.final()])
}

/** One piece that begins at a byte of an open file. @throws Error when the file was touched */
export function readSealedAt(descriptor: number, key: Uint8Array, piece: number, at: number): Buffer {
  const content = findSealedAt(descriptor, key, piece, at)
  if (content === undefined) throw new Error(`a sealed piece is missing: ${piece}`)
  return content
}

/** The pieces in order. @throws Error when the file was touched */
export function* readSealed(file: string, key: Uint8Array): Generator<Buffer> {
  const descriptor = openSync(file, 'r')
  try {
    let at = 0
    for (let piece = 0; ; piece++) {
      const content = findSealedAt(descriptor, key, piece, at)
      if (content === undefined) return
      yield content
      at += sealedSize(content.length)
    }
  } finally {
    closeSync(descriptor)
  }
}
