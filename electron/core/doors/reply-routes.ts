import type { BridgeRequest } from '../../../shared/contract/bridge.ts'
import { failure } from '../../../shared/contract/result.ts'
import type { CoreThread } from '../core-thread-handle.ts'
import { type PackedReply, packReply, replyText } from './packed-reply.ts'

/** One window's line to the core. */
export interface ReplyRoute {
  send(request: BridgeRequest): void
  /** The window is gone: what it still waits for is cancelled. */
  close(): void
}

export interface ReplyRoutes {
  /**
   * Several lines may share a client (two tabs of one session); each gets only its own replies.
   *
   * @param deliver gets each as JSON text of a `BridgeReply`
   */
  open(client: string, deliver: (text: string) => void): ReplyRoute
}

interface Pending {
  readonly client: string
  readonly kind: 'call' | 'subscribe'
  readonly deliver: (reply: PackedReply) => void
}

/**
 * Windows number their requests by themselves, so two windows, or one before and after a reload, use the same numbers. Towards
 * the core every request gets a number of its own, and the reply finds its way back.
 */
export function routeReplies(core: CoreThread): ReplyRoutes {
  const pending = new Map<number, Pending>()
  let lastId = 0
  let stopped = false

  core.onReply((client, reply) => {
    const target = pending.get(reply.id)
    if (target === undefined || target.client !== client) return
    if (reply.kind !== 'event') pending.delete(reply.id)
    target.deliver(reply)
  })
  core.onCrash(() => {
    stopped = true
    for (const target of pending.values()) target.deliver(stoppedReply(target.kind))
    pending.clear()
  })

  return {
    open(client, deliver) {
      const own = new Map<number, number>()
      return {
        send(request) {
          if (request.kind === 'cancel') {
            const id = own.get(request.id)
            if (id !== undefined) core.send(client, { kind: 'cancel', id })
            return
          }
          if (stopped) {
            deliver(replyText(stoppedReply(request.kind), request.id))
            return
          }
          // A number that is still in use would mix up two answers; the older request gives way.
          const older = own.get(request.id)
          if (older !== undefined) cancel(core, pending, client, older)
          lastId += 1
          own.set(request.id, lastId)
          const { id: localId, kind } = request
          pending.set(lastId, {
            client,
            kind,
            deliver(reply) {
              if (reply.kind !== 'event') own.delete(localId)
              deliver(replyText(reply, localId))
            },
          })
          core.send(client, { ...request, id: lastId })
        },
        close() {
          for (const id of own.values()) cancel(core, pending, client, id)
          own.clear()
        },
      }
    },
  }
}

function cancel(core: CoreThread, pending: Map<number, Pending>, client: string, id: number): void {
  if (pending.delete(id)) core.send(client, { kind: 'cancel', id })
}

/** Its number is the one it is delivered under. */
const stoppedReply = (kind: 'call' | 'subscribe'): PackedReply =>
  packReply({ kind: kind === 'call' ? 'result' : 'end', id: 0, result: failure('api.core-stopped') })
