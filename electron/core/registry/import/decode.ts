import { fail } from '../../../../shared/contract/result.ts'

export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const
export type Encoding = (typeof encodings)[number]

function byMark(start: Uint8Array): Encoding | undefined {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be'
  return start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf ? 'utf-8' : undefined
}

/** UTF-16 without a mark: in Latin text every second byte is nought. */
function byNoughts(start: Uint8Array): Encoding | undefined {
  const sample = start.subarray(0, 4_096)
  let even = 0
  let odd = 0
  for (const [at, byte] of sample.entries()) {
    if (byte !== 0) continue
    if (at % 2 === 0) even += 1
    else odd += 1
  }
  if (odd > sample.length / 8 && even < odd / 8) return 'utf-16le'
  if (even > sample.length / 8 && odd < even / 8) return 'utf-16be'
  return undefined
}

/**
 * The encoding of a text file: its mark, else UTF-16 by its noughts, else UTF-8 if all of it is valid, else
 * windows-1252 (Latin-1 as spreadsheets write it).
 *
 * @throws OfficeError `registry.file-empty`, `registry.file-not-a-table` for binary content
 */
export function detectEncoding(pieces: () => Iterable<Uint8Array>): Encoding {
  let first: Uint8Array | undefined
  for (const piece of pieces()) {
    first = piece
    break
  }
  if (first === undefined || first.length === 0) return fail('registry.file-empty')
  const known = byMark(first) ?? byNoughts(first)
  if (known !== undefined) return known
  // No text has these; a picture, an archive or an old spreadsheet does.
  if (first.subarray(0, 65_536).includes(0)) fail('registry.file-not-a-table')
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for (const piece of pieces()) decoder.decode(piece, { stream: true })
    decoder.decode()
    return 'utf-8'
  } catch {
    // Not valid UTF-8: the only fault a fatal decoder has.
    return 'windows-1252'
  }
}

/** The text of a file in pieces, without its byte-order mark. Bytes that mean nothing become U+FFFD, which the rules refuse. */
export function* decodeText(pieces: Iterable<Uint8Array>, encoding: Encoding): Generator<string> {
  const decoder = new TextDecoder(encoding)
  for (const piece of pieces) yield decoder.decode(piece, { stream: true })
  yield decoder.decode()
}
