import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { fail } from '../../../shared/contract/result.ts'
import type { Installer } from '../../../shared/model/update.ts'
import type { Http } from '../http/http.ts'
import { ANNOUNCEMENT_FILE, LARGEST_ANNOUNCEMENT } from './announcement.ts'

/** Where an announcement and its installers lie: a channel on a web server, or a folder on a stick. */
export interface UpdateSource {
  /** The announcement, not verified. @throws OfficeError `updates.*`, `http.*` */
  announcement(): Promise<string>
  /** Bytes of an installer from a place on, in pieces. @throws OfficeError `updates.*`, `http.*` */
  pieces(installer: Installer, from: number): AsyncGenerator<Uint8Array>
}

/** Small enough for a thin line to bring one between two cuts, and for the core to hold one. */
const PIECE = 1 << 20
const timeLimit = { connect: 20_000, total: 10 * 60_000, quiet: 60_000 }

/** @param url of the folder: announcement and installers lie side by side */
export function channelSource(http: Pick<Http, 'request'>, url: string, signal: AbortSignal): UpdateSource {
  const addressOf = (name: string): string => `${url.replace(/\/+$/, '')}/${encodeURIComponent(name)}`
  const ask = async (name: string, most: number, range?: string): Promise<{ status: number; body: Uint8Array }> => {
    const answer = await http.request(
      {
        method: 'GET',
        url: addressOf(name),
        headers: range === undefined ? {} : { range },
        timeLimit,
        maximumReply: most,
      },
      signal,
    )
    if (answer.outcome !== 'answered') return fail(answer.fault.code, answer.fault.params)
    return answer
  }
  return {
    async announcement() {
      const { status, body } = await ask(ANNOUNCEMENT_FILE, LARGEST_ANNOUNCEMENT)
      return status === 200 ? textOf(body) : fail('updates.not-found')
    },
    async *pieces({ name, bytes }, from) {
      for (let at = from; at < bytes; ) {
        const end = Math.min(at + PIECE, bytes) - 1
        const { status, body } = await ask(name, PIECE, `bytes=${at}-${end}`)
        // A small file may come whole, from a server that knows no ranges.
        const isWhole = status === 200 && at === 0 && body.length === bytes
        if (!isWhole && (status !== 206 || body.length !== end - at + 1)) fail('updates.file-missing', { file: name })
        yield body
        at += body.length
      }
    },
  }
}

export function folderSource(folder: string): UpdateSource {
  if (!isAbsolute(folder)) fail('updates.folder-missing')
  const opened = async <T>(name: string, read: (file: FileHandle) => Promise<T>, missing: () => never): Promise<T> => {
    let file: FileHandle
    try {
      file = await open(join(folder, name), 'r')
    } catch {
      // Whatever the system says of it, there is no such file that can be read.
      return missing()
    }
    try {
      return await read(file)
    } finally {
      await file.close()
    }
  }
  return {
    announcement: () =>
      opened(
        ANNOUNCEMENT_FILE,
        async (file) => {
          const { bytesRead, buffer } = await file.read(Buffer.alloc(LARGEST_ANNOUNCEMENT + 1), 0)
          return bytesRead > LARGEST_ANNOUNCEMENT ? fail('updates.not-readable') : textOf(buffer.subarray(0, bytesRead))
        },
        () => fail('updates.folder-missing'),
      ),
    async *pieces({ name, bytes }, from) {
      const file = await open(join(folder, name), 'r').catch(() => fail('updates.file-missing', { file: name }))
      try {
        for (let at = from; at < bytes; ) {
          const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(PIECE, bytes - at)), 0, undefined, at)
          if (bytesRead === 0) fail('updates.file-changed', { file: name })
          yield buffer.subarray(0, bytesRead)
          at += bytesRead
        }
      } finally {
        await file.close()
      }
    },
  }
}

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

/** SHA-256 of what lies in a file, a piece at a time. */
export async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  const handle = await open(file, 'r')
  try {
    for await (const chunk of handle.createReadStream({ autoClose: false })) hash.update(chunk)
  } finally {
    await handle.close()
  }
  return hash.digest('hex')
}
