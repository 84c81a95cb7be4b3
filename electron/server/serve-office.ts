import { openCoreThread } from '../core/core-thread-handle.ts'
import { ArgumentError, coreOptions, readOfficeArguments } from '../core/doors/office-arguments.ts'
import { proxyInEnvironment } from '../core/http/proxy-words.ts'
import { PortTakenError } from './port-taken.ts'

/** Runs the browser door until the process is told to stop; gives the exit code. */
export async function serveOffice(argv: readonly string[]): Promise<number> {
  const json = argv.includes('--json')
  try {
    const officeArguments = readOfficeArguments(argv, true)
    // The door is loaded while the core opens in its own thread.
    const [core, { attendDoor }] = await Promise.all([
      openCoreThread(coreOptions(officeArguments, 'browser'), {
        findProxy: async (origin) => proxyInEnvironment(origin, process.env),
      }),
      import('./attend-door.ts'),
    ])
    try {
      return await attendDoor(core, officeArguments)
    } finally {
      await core.close()
    }
  } catch (error) {
    report(json, refusalOf(error))
    return 1
  }
}

interface Refusal {
  readonly error: string
  readonly message: string
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof ArgumentError) return { error: 'arguments', message: `${error.message}.` }
  if (error instanceof PortTakenError) {
    const message = `Port ${error.port} is taken by another program. Choose another with --port, or leave it out.`
    return { error: 'port-taken', message }
  }
  const text = error instanceof Error ? error.message : String(error)
  if (text === 'store.in-use') {
    return {
      error: text,
      message: 'This data folder is open in another window of the office. Use that one, or close it first.',
    }
  }
  return { error: 'not-opened', message: `The office could not be opened: ${text}` }
}

function report(json: boolean, refusal: Refusal): void {
  if (json) process.stdout.write(`${JSON.stringify(refusal)}\n`)
  process.stderr.write(`${refusal.message}\n`)
}
