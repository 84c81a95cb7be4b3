import type { Bridge, BridgeReply, BridgeRequest } from '../../shared/contract/bridge.ts'

declare global {
  interface Window {
    /** Put there by the Electron preload; absent behind the loopback door. */
    readonly fieldOffice?: Bridge
  }
}

/** Whether a record can be opened beside this page: a browser has tabs, the desktop app one window. */
export const hasTabs = (): boolean => window.fieldOffice === undefined

/** The door this page came through: Electron's preload if it is there, else a WebSocket to the page's own origin. */
export function chooseBridge(): Bridge {
  return window.fieldOffice ?? webSocketBridge(`${location.origin.replace(/^http/, 'ws')}/api`)
}

const FIRST_PAUSE = 250
const LONGEST_PAUSE = 10_000

/** A bridge over a WebSocket, one JSON message per text frame. A broken line is tried again with growing pauses. */
export function webSocketBridge(url: string): Bridge {
  return {
    connect(onReply, onState) {
      let socket: WebSocket | undefined
      let pause = FIRST_PAUSE
      let timer: ReturnType<typeof setTimeout> | undefined
      let closed = false

      const open = (): void => {
        clearTimeout(timer)
        const opened = new WebSocket(url)
        socket = opened
        opened.onopen = () => {
          pause = FIRST_PAUSE
          onState(true)
        }
        opened.onmessage = (event) => onReply(JSON.parse(String(event.data)) as BridgeReply)
        opened.onclose = () => {
          if (closed || socket !== opened) return
          onState(false)
          timer = setTimeout(open, pause * (0.5 + Math.random() / 2))
          pause = Math.min(pause * 2, LONGEST_PAUSE)
        }
      }
      const openNow = (): void => {
        if (socket?.readyState === WebSocket.CLOSED) open()
      }
      window.addEventListener('online', openNow)
      window.addEventListener('focus', openNow)
      open()

      return {
        send(request: BridgeRequest) {
          if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(request))
        },
        close() {
          closed = true
          clearTimeout(timer)
          window.removeEventListener('online', openNow)
          window.removeEventListener('focus', openNow)
          socket?.close()
        },
      }
    },
  }
}
