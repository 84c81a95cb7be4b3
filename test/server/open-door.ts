import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { nonceMark } from '../../electron/core/doors/screen-files.ts'
import { type BrowserDoor, type BrowserDoorOptions, openBrowserDoor } from '../../electron/server/browser-door.ts'
import { FakeCore } from '../core/doors/fake-core.ts'

export interface OpenedDoor {
  readonly core: FakeCore
  readonly door: BrowserDoor
  readonly folder: string
}

/** A real door on a free port, with small screens and a core that answers `test.echo`. Closed when the test ends. */
export async function openDoor(options: Partial<BrowserDoorOptions> = {}): Promise<OpenedDoor> {
  const folder = await mkdtemp(join(tmpdir(), 'door-'))
  const screens = join(folder, 'screens')
  await mkdir(join(screens, 'assets'), { recursive: true })
  await writeFile(join(screens, 'index.html'), `<meta property="csp-nonce" nonce="${nonceMark}"><p>Office</p>`)
  await writeFile(join(screens, 'assets', 'index-B3xq9_aZ.js'), 'export {}')
  await writeFile(join(screens, 'assets', 'plain.js'), 'export {}')
  await writeFile(join(screens, '.hidden.js'), 'hidden')
  await writeFile(join(folder, 'secret.txt'), 'outside')
  const core = new FakeCore()
  const door = await openBrowserDoor({ core, screens, port: 0, ...options })
  onTestFinished(async () => {
    await door.close()
    await rm(folder, { recursive: true })
  })
  return { core, door, folder }
}

export interface Answered {
  readonly status: number
  readonly headers: NodeJS.Dict<string | string[]>
  readonly body: string
}

/** A request as it stands: no cleaning of the path, any Host. */
export function ask(
  door: BrowserDoor,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port: door.port, path, method, headers, agent: false }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (text: string) => {
        body += text
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
    call.on('error', reject)
    call.end()
  })
}

/** Uses a fresh launch link and gives the cookie of the new session. */
export async function signInBrowser(door: BrowserDoor): Promise<string> {
  const link = new URL(door.newLink())
  const answer = await ask(door, link.pathname + link.search)
  const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0]
  if (answer.status !== 303 || cookie === undefined) throw new Error(`the launch link gave ${answer.status}`)
  return cookie
}

/** A line to the core, opened as a page of the door would; rejects with the status when it is turned away. */
export function openLine(
  door: BrowserDoor,
  cookie: string,
  { origin = door.origin, path = '/api', host }: { origin?: string | undefined; path?: string; host?: string } = {},
): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${door.port}${path}`, {
    headers: { cookie, ...(origin === '' ? {} : { origin }), ...(host === undefined ? {} : { host }) },
  })
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket))
    socket.once('unexpected-response', (_request, response) => reject(new Error(String(response.statusCode))))
    socket.once('error', reject)
  })
}

/** The next message on a line. */
export function nextMessage(socket: WebSocket): Promise<unknown> {
  return new Promise((resolve) => socket.once('message', (data) => resolve(JSON.parse(data.toString()))))
}

/** The code a line is closed with. */
export function closed(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => socket.once('close', resolve))
}
