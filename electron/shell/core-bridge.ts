import type { IpcMain, IpcMainEvent, WebContents } from 'electron'
import { z } from 'zod'
import type { CoreThread } from '../core/core-thread-handle.ts'
import { findBridgeRequest, largestRequest } from '../core/doors/bridge-request.ts'
import { type ReplyRoute, routeReplies } from '../core/doors/reply-routes.ts'
import { bridgeChannel, type ToWindow } from './bridge-channel.ts'
import { isOfficeAddress } from './office-origin.ts'

const line = z.int().min(1)
const fromWindow = z.discriminatedUnion('does', [
  z.strictObject({ line, does: z.literal('open') }),
  z.strictObject({ line, does: z.literal('send'), request: z.string() }),
  z.strictObject({ line, does: z.literal('close') }),
])

/** How many lines one page may hold open. */
const mostLines = 16

type Sender = Pick<WebContents, 'id' | 'send' | 'isDestroyed' | 'once' | 'on'>

/** The main process's end of the line: checks who speaks, then what is said, then passes it to the core. */
export interface CoreBridge {
  /** The window is gone for good: its lines end and its sign-in is forgotten. */
  forgetWindow(): void
}

export function coreBridge(ipc: Pick<IpcMain, 'on'>, core: CoreThread): CoreBridge {
  const routes = routeReplies(core)
  const pages = new Map<number, Map<number, ReplyRoute>>()
  // One window at a time, so one client; it keeps its name over a reload and gets a new one when it was closed.
  let opened = 1
  const clientName = (): string => `window-${opened}`

  ipc.on(bridgeChannel, (event, text: unknown) => {
    if (!isOfficePage(event) || typeof text !== 'string' || text.length > 2 * largestRequest) return
    const message = findMessage(text)
    if (message === undefined) return
    const lines = linesOf(event.sender)
    const route = lines.get(message.line)
    if (message.does === 'open') {
      if (route === undefined && lines.size < mostLines) lines.set(message.line, openLine(event.sender, message.line))
    } else if (message.does === 'close') {
      route?.close()
      lines.delete(message.line)
    } else {
      const request = message.request.length > largestRequest ? undefined : findBridgeRequest(message.request)
      if (request !== undefined) route?.send(request)
    }
  })

  function openLine(sender: Sender, number: number): ReplyRoute {
    const tell = (message: ToWindow): void => {
      if (!sender.isDestroyed()) sender.send(bridgeChannel, JSON.stringify(message))
    }
    tell({ line: number, tells: 'state', up: true })
    return routes.open(clientName(), (reply) => tell({ line: number, tells: 'reply', reply }))
  }

  function linesOf(sender: Sender): Map<number, ReplyRoute> {
    const known = pages.get(sender.id)
    if (known !== undefined) return known
    const lines = new Map<number, ReplyRoute>()
    pages.set(sender.id, lines)
    // A reload starts a new page that numbers its lines from one again.
    sender.on('did-start-navigation', (details) => {
      if (details.isMainFrame && !details.isSameDocument) closeAll(lines)
    })
    sender.once('destroyed', () => {
      closeAll(lines)
      pages.delete(sender.id)
    })
    return lines
  }

  return {
    forgetWindow() {
      for (const lines of pages.values()) closeAll(lines)
      core.forget(clientName())
      opened += 1
    },
  }
}

function closeAll(lines: Map<number, ReplyRoute>): void {
  for (const route of lines.values()) route.close()
  lines.clear()
}

/** Only the main frame of the office's own page is listened to. */
function isOfficePage(event: Pick<IpcMainEvent, 'senderFrame'>): boolean {
  const frame = event.senderFrame
  return frame !== null && frame.parent === null && isOfficeAddress(frame.url)
}

function findMessage(text: string): z.infer<typeof fromWindow> | undefined {
  try {
    return fromWindow.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
