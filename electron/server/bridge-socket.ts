import type { WebSocket } from 'ws'
import { findBridgeRequest } from '../core/doors/bridge-request.ts'
import type { ReplyRoutes } from '../core/doors/reply-routes.ts'

/** Close codes of the line, as the page sees them. */
export const closeCode = { shuttingDown: 1001, notText: 1003, malformed: 1008, tooLarge: 1009 } as const

/**
 * Carries one request or reply per text frame between a page and the core.
 * @param heartbeat milliseconds between two signs of life; a page that misses one is taken for gone.
 */
export function bridgeSocket(socket: WebSocket, client: string, routes: ReplyRoutes, heartbeat: number): void {
  const route = routes.open(client, (text) => {
    if (socket.readyState === socket.OPEN) socket.send(text)
  })

  let answered = true
  const timer = setInterval(() => {
    if (!answered) {
      socket.terminate()
      return
    }
    answered = false
    socket.ping()
  }, heartbeat)
  socket.on('pong', () => {
    answered = true
  })

  socket.on('message', (data, isBinary) => {
    answered = true
    if (isBinary) {
      socket.close(closeCode.notText, 'text frames only')
      return
    }
    const request = findBridgeRequest(data.toString())
    if (request === undefined) socket.close(closeCode.malformed, 'not a request')
    else route.send(request)
  })
  // A frame that is too large or broken: the library closes the line with the right code (1009, 1007, 1002) by itself, and
  // would end the process if nobody listened.
  socket.on('error', () => clearInterval(timer))
  socket.on('close', () => {
    clearInterval(timer)
    route.close()
  })
}
