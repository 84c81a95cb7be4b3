import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { processEnvironment } from '../../electron/process-environment.ts'

const serve = fileURLToPath(new URL('../../out/main/serve.js', import.meta.url))

export interface OfficeOptions {
  /** Kept when the office ends; without it the office gets a folder of its own that is removed with it. */
  readonly data?: string
  readonly port?: number
  readonly arguments?: readonly string[]
}

/** An officer of each role at an office; by their names on the sign-in screen. */
export type Officers = Readonly<
  Record<'clerk' | 'approver' | 'administrator', { readonly name: string; readonly pin: string }>
>

/** The built office behind the browser door, in a process of its own. */
export interface RunningOffice {
  /** The first launch link; good for one browser. */
  readonly url: string
  readonly origin: string
  readonly data: string
  readonly process: ChildProcess
  /** Who works there, where it is not the training office's own. */
  readonly officers?: Officers
  /** One more launch link, for a second browser. */
  newLink(): Promise<string>
  /** Ends the office as the officer would; gives the exit code. */
  close(): Promise<number | null>
}

/** @throws with what the office said when it does not open. */
export async function startOffice(options: OfficeOptions = {}): Promise<RunningOffice> {
  const data = options.data ?? (await mkdtemp(join(tmpdir(), 'office-')))
  const child = spawn(
    process.execPath,
    [serve, '--json', '--data', data, '--port', String(options.port ?? 0), ...(options.arguments ?? [])],
    { stdio: ['pipe', 'pipe', 'pipe'], env: processEnvironment(process.env) },
  )
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const nextLine = async (): Promise<{ url: string; origin: string }> => {
    const line = await lines.next()
    const message = line.done ? {} : JSON.parse(line.value)
    if (typeof message.url !== 'string') throw new Error(`the office did not open: ${errors}`)
    return message
  }
  const { url, origin } = await nextLine()
  return {
    url,
    origin,
    data,
    process: child,
    async newLink() {
      child.stdin.write('\n')
      return (await nextLine()).url
    },
    async close() {
      child.kill('SIGTERM')
      const code = await ended
      if (options.data === undefined) await rm(data, { recursive: true, force: true })
      return code
    },
  }
}
