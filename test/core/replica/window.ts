import { Answerer } from '../../../electron/core/api/answer.ts'
import type { Core } from '../../../electron/core/core.ts'
import { type Api, createApi } from '../../../renderer/api/client.ts'
import { openConnection } from '../../../renderer/api/connection.ts'
import type { Bridge, BridgeReply } from '../../../shared/contract/bridge.ts'
import { type District, PIN } from '../district.ts'

/** A window of an office in this process: the screens' own client over the core's own answerer, without a door. */
export interface Window {
  readonly api: Api
  /** Breaks the line between window and core, or mends it. */
  cut(isCut: boolean): void
  /** Everything that crossed to the window, as text. */
  readonly crossed: string[]
  close(): void
}

/** Opens a window and signs an officer in at it. */
export async function openWindow({ office }: District, officerId: string, name = officerId): Promise<Window> {
  const core = {
    getOffice: () => office,
    findOffice: () => office,
    onSessionChange: (listener: (client: string) => void) => office.sessions.onChange(listener),
  } as unknown as Core
  const crossed: string[] = []
  let deliver: (reply: BridgeReply) => void = () => undefined
  let tell: (up: boolean) => void = () => undefined
  let up = true
  const answerer = new Answerer(
    core,
    (_, reply) => {
      if (!up) return
      crossed.push(JSON.stringify(reply))
      // As over a door: nothing is answered within the call that asks.
      queueMicrotask(() => deliver(JSON.parse(JSON.stringify(reply)) as BridgeReply))
    },
    (error) => {
      throw error
    },
  )
  const bridge: Bridge = {
    connect(onReply, onState) {
      deliver = onReply
      tell = onState
      queueMicrotask(() => onState(true))
      return {
        send: (request) => {
          if (up) answerer.handle(name, request)
        },
        close: () => answerer.forget(name),
      }
    },
  }
  const connection = openConnection(bridge)
  const api = createApi(connection)
  await api.session.signIn.run({ officerId, pin: PIN })
  return {
    api,
    crossed,
    cut(isCut) {
      up = !isCut
      tell(up)
    },
    close: () => connection.close(),
  }
}
