import type { BrowserContext } from 'playwright'
import { WebSocket } from 'ws'
import { type Api, createApi } from '../../renderer/api/client.ts'
import { openConnection } from '../../renderer/api/connection.ts'
import type { Bridge } from '../../shared/contract/bridge.ts'

/**
 * The core's API as the officer who is signed in at a browser: what the screens say can be held against what the store says.
 *
 * @param origin of the browser door at which the context was let in
 */
export async function openOfficeApi(
  context: BrowserContext,
  origin: string,
): Promise<{ readonly api: Api; close(): void }> {
  const cookies = await context.cookies(origin)
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
  const bridge: Bridge = {
    connect(onReply, onState) {
      const socket = new WebSocket(`${origin.replace(/^http/, 'ws')}/api`, { origin, headers: { cookie } })
      socket.on('open', () => onState(true))
      socket.on('message', (data) => onReply(JSON.parse(String(data))))
      socket.on('close', () => onState(false))
      return { send: (request) => socket.send(JSON.stringify(request)), close: () => socket.close() }
    },
  }
  const connection = openConnection(bridge)
  return { api: createApi(connection), close: () => connection.close() }
}
