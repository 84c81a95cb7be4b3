import type { Bridge, BridgeReply, BridgeRequest } from '../../shared/contract/bridge.ts'
import type { Fault } from '../../shared/contract/result.ts'
import { OfficeFault } from './office-fault.ts'

/** What somebody who follows a subscription gets told. */
export interface Follower {
  event(data: unknown): void
  /** The core ended it; with a fault if it broke. It is not called for one's own `stop`. */
  end(fault: Fault | undefined): void
}

/** Calls and subscriptions over one bridge, told apart by their numbers. */
export interface Connection {
  /** @throws OfficeFault with the core's fault, `api.cancelled` on abort, `api.line-to-core-lost` if the line broke. */
  call(path: string, input: unknown, options: { signal?: AbortSignal; write: boolean }): Promise<unknown>
  /** Follows until stopped; taken up again by itself after the line broke. @returns how to stop it. */
  follow(path: string, input: unknown, follower: Follower): () => void
  /** @returns how to stop listening. */
  onState(listener: (up: boolean) => void): () => void
  close(): void
}

interface OpenCall {
  readonly request: BridgeRequest
  /** A command that may have been carried out must not be repeated when the line returns; a question may. */
  readonly write: boolean
  resolve(value: unknown): void
  reject(error: OfficeFault): void
}

interface OpenSubscription {
  readonly request: BridgeRequest
  readonly follower: Follower
}

const lineLost: Fault = { code: 'api.line-to-core-lost', params: {} }

/** Opens the bridge. Requests made while the line is down wait until it is up. */
export function openConnection(bridge: Bridge): Connection {
  const calls = new Map<number, OpenCall>()
  const subscriptions = new Map<number, OpenSubscription>()
  const stateListeners = new Set<(up: boolean) => void>()
  let lastId = 0
  let up = false

  const onReply = (reply: BridgeReply): void => {
    if (reply.kind === 'result') {
      const open = calls.get(reply.id)
      calls.delete(reply.id)
      if (reply.result.ok) open?.resolve(reply.result.value)
      else open?.reject(new OfficeFault(reply.result.error))
    } else if (reply.kind === 'event') subscriptions.get(reply.id)?.follower.event(reply.data)
    else {
      const open = subscriptions.get(reply.id)
      subscriptions.delete(reply.id)
      open?.follower.end(reply.result.ok ? undefined : reply.result.error)
    }
  }

  const onState = (nowUp: boolean): void => {
    if (nowUp === up) return
    up = nowUp
    if (up) {
      for (const { request } of [...calls.values(), ...subscriptions.values()]) connection.send(request)
    } else {
      for (const [id, open] of calls) {
        if (!open.write) continue
        calls.delete(id)
        open.reject(new OfficeFault(lineLost))
      }
    }
    for (const listener of stateListeners) listener(up)
  }

  const connection = bridge.connect(onReply, onState)
  const send = (request: BridgeRequest): void => {
    if (up) connection.send(request)
  }

  return {
    call(path, input, { signal, write }) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(new OfficeFault({ code: 'api.cancelled', params: {} }))
        lastId += 1
        const id = lastId
        const request: BridgeRequest = { kind: 'call', id, path, input }
        const cancel = (): void => {
          if (!calls.delete(id)) return
          send({ kind: 'cancel', id })
          reject(new OfficeFault({ code: 'api.cancelled', params: {} }))
        }
        const done = (): void => signal?.removeEventListener('abort', cancel)
        calls.set(id, {
          request,
          write,
          resolve: (value) => {
            done()
            resolve(value)
          },
          reject: (error) => {
            done()
            reject(error)
          },
        })
        signal?.addEventListener('abort', cancel)
        send(request)
      })
    },
    follow(path, input, follower) {
      lastId += 1
      const id = lastId
      const request: BridgeRequest = { kind: 'subscribe', id, path, input }
      subscriptions.set(id, { request, follower })
      send(request)
      return () => {
        if (subscriptions.delete(id)) send({ kind: 'cancel', id })
      }
    },
    onState(listener) {
      stateListeners.add(listener)
      listener(up)
      return () => void stateListeners.delete(listener)
    },
    close: () => connection.close(),
  }
}
