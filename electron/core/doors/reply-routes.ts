import type { BridgeReply, BridgeRequest } from '../../../shared/contract/bridge.ts'
import { failure } from '../../../shared/contract/result.ts'
import type { CoreThread } from '../core-thread-handle.ts'

/** One window's line to the core. */
export interface ReplyRoute {
  send(request: BridgeRequest): void
  /** The window is gone: what it still waits for is cancelled. */
  close(): void
}

export interface ReplyRoutes {
  /** Several lines may share a client (two tabs of one session); each gets only its own replies. */
  open(client: string, deliver: (reply: BridgeReply) => void): ReplyRoute
}

interface Pending {
  readonly client: string
  readonly localId: number
  readonly kind: 'call' | 'subscribe'
  readonly deliver: (reply: BridgeReply) => void
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
    target.deliver({ ...reply, id: target.localId })
  })
  core.onCrash(() => {
    stopped = true
    for (const target of pending.values()) target.deliver(stoppedReply(target.kind, target.localId))
    pending.clear()
  })

  return {
    open(client, deliver) {
      const own = new Map<number, number>()
      const deliverOwn = (reply: BridgeReply): void => {
        if (reply.kind !== 'event') own.delete(reply.id)
        deliver(reply)
      }
      return {
        send(request) {
          if (request.kind === 'cancel') {
            const id = own.get(request.id)
            if (id !== undefined) core.send(client, { kind: 'cancel', id })
            return
          }
          if (stopped) {
            deliver(stoppedReply(request.kind, request.id))
            return
          }
          // A number that is still in use would mix up two answers; the older request gives way.
          const older = own.get(request.id)
          if (older !== undefined) cancel(core, pending, client, older)
          lastId += 1
          own.set(request.id, lastId)
          pending.set(lastId, { client, localId: request.id, kind: request.kind, deliver: deliverOwn })
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

const stoppedReply = (kind: 'call' | 'subscribe', id: number): BridgeReply =>
  kind === 'call'
    ? { kind: 'result', id, result: failure('api.core-stopped') }
    : { kind: 'end', id, result: failure('api.core-stopped') }
