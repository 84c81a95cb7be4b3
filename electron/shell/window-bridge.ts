import type { IpcRenderer } from 'electron'
import type { Bridge, BridgeReply } from '../../shared/contract/bridge.ts'
import { bridgeChannel, type FromWindow, type ToWindow } from './bridge-channel.ts'

/** The window's end of the line to the core. Runs in the sandboxed preload script; only JSON text passes. */
export function windowBridge(ipc: Pick<IpcRenderer, 'send' | 'on'>): Bridge {
  interface Line {
    readonly onReply: (reply: BridgeReply) => void
    readonly onState: (up: boolean) => void
  }
  const lines = new Map<number, Line>()
  let lastLine = 0
  const tell = (message: FromWindow): void => ipc.send(bridgeChannel, JSON.stringify(message))

  ipc.on(bridgeChannel, (_event, text: string) => {
    const message: ToWindow = JSON.parse(text)
    const line = lines.get(message.line)
    if (message.tells === 'reply') line?.onReply(JSON.parse(message.reply))
    else line?.onState(message.up)
  })

  return {
    connect(onReply, onState) {
      lastLine += 1
      const line = lastLine
      lines.set(line, { onReply, onState })
      tell({ line, does: 'open' })
      return {
        send: (request) => tell({ line, does: 'send', request: JSON.stringify(request) }),
        close() {
          lines.delete(line)
          tell({ line, does: 'close' })
        },
      }
    },
  }
}
