import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { CoreThread } from '../core/core-thread-handle.ts'
import { ArgumentError, type OfficeArguments } from '../core/doors/office-arguments.ts'
import { type BrowserDoor, openBrowserDoor } from './browser-door.ts'
import { onEndAsked } from './end-in-order.ts'
import { PortTakenError } from './port-taken.ts'
import { openSystemBrowser } from './system-browser.ts'

/**
 * Where the office is found when no port is given. It stays the same because a browser keeps what it remembers (language,
 * replica) per port.
 */
const usualPort = 47_200

/** Holds the browser door open until the process is told to stop; gives the exit code. @throws PortTakenError, ArgumentError */
export async function attendDoor(core: CoreThread, officeArguments: OfficeArguments): Promise<number> {
  const ended = untilEnded(core)
  const door = await openDoor(core, officeArguments.port)
  announce(door, officeArguments)
  if (!officeArguments.noOpen && !officeArguments.json) openSystemBrowser(door.newLink())
  const stopAsking = offerLinks(door, officeArguments)
  const code = await ended
  stopAsking()
  await door.close()
  return code
}

async function openDoor(core: CoreThread, port: number | undefined): Promise<BrowserDoor> {
  const screens = fileURLToPath(new URL('../renderer', import.meta.url))
  if (!existsSync(screens)) throw new ArgumentError('The screens are not built yet; run "npm run build" first')
  if (port !== undefined) return openBrowserDoor({ core, screens, port })
  try {
    return await openBrowserDoor({ core, screens, port: usualPort })
  } catch (error) {
    if (error instanceof PortTakenError) return openBrowserDoor({ core, screens, port: 0 })
    throw error
  }
}

/** Resolves with the exit code: asked to stop, or the core broke down. A second signal ends at once. */
function untilEnded(core: CoreThread): Promise<number> {
  return new Promise((resolve) => {
    core.onCrash((error) => {
      process.stderr.write(`The office has stopped: ${error.message}\n`)
      resolve(1)
    })
    let asked = false
    const stop = (): void => {
      if (asked) process.exit(1)
      asked = true
      resolve(0)
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
    onEndAsked(() => resolve(0))
  })
}

function announce(door: BrowserDoor, { json, dataDirectory }: OfficeArguments): void {
  const url = door.newLink()
  if (json) {
    const line = { url, origin: door.origin, port: door.port, dataDirectory, pid: process.pid }
    process.stdout.write(`${JSON.stringify(line)}\n`)
    return
  }
  process.stdout.write(
    `The office in ${dataDirectory} is open. This link works once, within ten minutes:\n\n  ${url}\n\n` +
      'Press Enter for a new link, Ctrl+C to close the office.\n',
  )
}

/** Every line on standard input asks for one more link: for a second browser, or because the first link was used up. */
function offerLinks(door: BrowserDoor, { json, passphraseDescriptor }: OfficeArguments): () => void {
  if (passphraseDescriptor === 0) return () => undefined
  const give = (chunk: Buffer): void => {
    for (const _ of chunk.toString().matchAll(/\n/g)) {
      const url = door.newLink()
      process.stdout.write(json ? `${JSON.stringify({ url })}\n` : `\n  ${url}\n`)
    }
  }
  process.stdin.on('data', give)
  // A closed or missing input only means that nobody will ask.
  process.stdin.on('error', () => process.stdin.off('data', give))
  return () => {
    process.stdin.off('data', give)
    process.stdin.destroy()
  }
}
