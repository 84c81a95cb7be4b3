import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { AuditPiece } from '../../../electron/core/audit/exports.ts'
import type { OpenOffice } from '../open-office.ts'

/*
 * Exports as an auditor takes them, and the verifier as it is shipped: a process of its own.
 */

/** The whole file, fetched in pieces like the screen does. */
export async function exported(office: OpenOffice, period: object = {}, window = 'window'): Promise<string> {
  const { id, after } = await office.get<{ id: string; after: number }>('audit.exportBegin', period, window)
  const pieces: Buffer[] = []
  for (let done = after; ; ) {
    const piece = await office.get<AuditPiece>('audit.exportPiece', { id, done }, window)
    pieces.push(Buffer.from(piece.content, 'base64'))
    done = piece.done
    if (piece.last) break
  }
  await office.get('audit.exportEnd', { id }, window)
  return Buffer.concat(pieces).toString('utf8')
}

export interface Verdict {
  readonly whole: boolean
  readonly entries: number
  readonly break: { readonly position: number; readonly kind: string } | null
  readonly first: number | null
  readonly last: { readonly position: number; readonly hash: string } | null
  readonly keyId: string | null
}

const SCRIPT = fileURLToPath(new URL('../../../resources/audit/verify-audit.mjs', import.meta.url))

/** Runs the verifier that is shipped. */
export async function verified(
  ...argv: string[]
): Promise<{ readonly code: number; readonly said: Verdict | undefined; readonly explained: string }> {
  const child = spawn(process.execPath, [SCRIPT, ...argv])
  let [said, explained] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8')
  })
  child.stderr.on('data', (chunk: Buffer) => {
    explained += chunk.toString('utf8')
  })
  const [code] = (await once(child, 'close')) as [number]
  return { code, said: said === '' ? undefined : (JSON.parse(said) as Verdict), explained }
}

export type VerifyFile = (file: string, expected?: object) => Promise<Verdict>

/** The same rules without a process, for properties that are tried many times. */
export const loadVerifier = async (): Promise<VerifyFile> =>
  ((await import(SCRIPT)) as { verifyFile: VerifyFile }).verifyFile
