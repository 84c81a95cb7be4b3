import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { z } from 'zod'
import { fail } from '../../../../shared/contract/result.ts'
import { FILE_VERSION, FileHeader, Release } from '../../../../shared/model/central-file.ts'
import { Officer } from '../../../../shared/model/officer.ts'
import { failAsDisk, writeWhole } from '../../store/write-durably.ts'

/** The header is written last, into room kept for it, since only then the parts are counted. */
const HEADER_ROOM = 2_048
/** Characters of one line: a part is folded and far shorter. */
const LONGEST_LINE = 90_000_000

/** What the last line holds once it is opened. */
export const Closing = z.object({
  /** Compact JWS (EdDSA) over the manifest. */
  manifest: z.string().max(20_000_000),
  /** Officers of the maker, for a reader who does not know them yet. Each carries an administrator's signature. */
  officers: z.array(Officer).max(10_000),
  releases: z.array(Release).max(10_000),
})
export type Closing = z.infer<typeof Closing>

/** Writes a file of changes line by line. */
export class FileWriter {
  readonly #handle: FileHandle
  #size = HEADER_ROOM

  private constructor(handle: FileHandle) {
    this.#handle = handle
  }

  static async create(path: string): Promise<FileWriter> {
    const writer = new FileWriter(await open(path, 'w', 0o600).catch(failAsDisk))
    await writeWhole(writer.#handle, Buffer.from(headerLine('')), 0)
    return writer
  }

  async add(line: string): Promise<void> {
    const bytes = Buffer.from(`${line}\n`)
    await writeWhole(this.#handle, bytes, this.#size)
    this.#size += bytes.length
  }

  /** @returns bytes of the whole file */
  async finish(header: FileHeader): Promise<number> {
    await writeWhole(this.#handle, Buffer.from(headerLine(JSON.stringify(header))), 0)
    await this.#handle.sync()
    await this.close()
    return this.#size
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}

const headerLine = (text: string): string => `${text.padEnd(HEADER_ROOM - 1, ' ')}\n`

/**
 * The lines of a file in order, none longer than a line of this format can be.
 *
 * @throws OfficeError `central-files.damaged` when the last line is cut off
 */
export async function* linesOf(path: string): AsyncGenerator<string> {
  let rest: Buffer[] = []
  let length = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
    let from = 0
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, from)) {
      rest.push(chunk.subarray(from, end))
      yield Buffer.concat(rest).toString('latin1')
      rest = []
      length = 0
      from = end + 1
    }
    rest.push(chunk.subarray(from))
    length += chunk.length - from
    if (length > LONGEST_LINE) fail('central-files.damaged')
  }
  if (length > 0) fail('central-files.damaged')
}

/**
 * What the first line says.
 *
 * @throws OfficeError `central-files.not-a-file`, `central-files.from-the-future`
 */
export function readHeader(line: string): FileHeader {
  let content: unknown
  try {
    content = JSON.parse(line)
  } catch {
    return fail('central-files.not-a-file')
  }
  const known = z.object({ format: z.literal('g2p-changes'), version: z.int().min(1) }).safeParse(content)
  if (!known.success) return fail('central-files.not-a-file')
  if (known.data.version > FILE_VERSION) return fail('central-files.from-the-future')
  const header = FileHeader.safeParse(content)
  return header.success ? header.data : fail('central-files.damaged')
}
