import type { Result } from './result.ts'

/*
 * What travels between the screens and the core, over either door: Electron IPC or the loopback WebSocket. Everything
 * is plain JSON, so both doors carry the same messages and the client need not know which one it uses.
 */

/** From the screens: run a procedure of the API, follow a subscription, or stop either. `id` is unique per connection. */
export type BridgeRequest =
  | { readonly kind: 'call'; readonly id: number; readonly path: string; readonly input: unknown }
  | { readonly kind: 'subscribe'; readonly id: number; readonly path: string; readonly input: unknown }
  | { readonly kind: 'cancel'; readonly id: number }

/** From the core: the answer of a call, an event of a subscription, or its end (with a fault if it broke). */
export type BridgeReply =
  | { readonly kind: 'result'; readonly id: number; readonly result: Result<unknown> }
  | { readonly kind: 'event'; readonly id: number; readonly data: unknown }
  | { readonly kind: 'end'; readonly id: number; readonly result: Result<null> }

/**
 * The one function that a door gives to the screens (`window.fieldOffice.connect` in Electron, a WebSocket behind the
 * loopback door). `onReply` gets everything the core says to this window; `onState` tells when the line to the core breaks
 * and when it is back.
 */
export interface Bridge {
  connect(onReply: (reply: BridgeReply) => void, onState: (up: boolean) => void): BridgeConnection
}

export interface BridgeConnection {
  send(request: BridgeRequest): void
  close(): void
}
