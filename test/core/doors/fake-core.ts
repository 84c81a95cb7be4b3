import type { CoreThread, InstallOrder } from '../../../electron/core/core-thread-handle.ts'
import { type PackedReply, packReply } from '../../../electron/core/doors/packed-reply.ts'
import type { WorkUnderWay } from '../../../electron/core/scheduler/scheduler.ts'
import type { BridgeReply, BridgeRequest } from '../../../shared/contract/bridge.ts'

/** A core that remembers what it was told and says what the test wants. */
export class FakeCore implements CoreThread {
  readonly received: { client: string; request: BridgeRequest }[] = []
  readonly forgotten: string[] = []
  readonly powerEvents: string[] = []
  readonly #replies = new Set<(client: string, reply: PackedReply) => void>()
  readonly #crashes = new Set<(error: Error) => void>()
  readonly #work = new Set<(work: WorkUnderWay) => void>()
  readonly #installers = new Set<(order: InstallOrder) => void>()
  readonly #waiting = new Set<() => void>()
  isClosed = false

  send(client: string, request: BridgeRequest): void {
    this.received.push({ client, request })
    if (request.kind === 'call' && request.path === 'test.echo') {
      this.reply(client, { kind: 'result', id: request.id, result: { ok: true, value: request.input ?? null } })
    }
    this.#changed()
  }
  forget(client: string): void {
    this.forgotten.push(client)
    this.#changed()
  }
  onReply(listener: (client: string, reply: PackedReply) => void): void {
    this.#replies.add(listener)
  }
  onCrash(listener: (error: Error) => void): void {
    this.#crashes.add(listener)
  }
  onWork(listener: (work: WorkUnderWay) => void): void {
    this.#work.add(listener)
  }
  onInstall(listener: (order: InstallOrder) => void): void {
    this.#installers.add(listener)
  }
  onLink(): void {}

  power(event: 'suspend' | 'resume' | 'line-up' | 'line-down'): void {
    this.powerEvents.push(event)
  }
  async close(): Promise<void> {
    this.isClosed = true
  }

  reply(client: string, reply: BridgeReply): void {
    for (const listener of this.#replies) listener(client, packReply(reply))
  }
  works(work: WorkUnderWay): void {
    for (const listener of this.#work) listener(work)
  }
  orders(order: InstallOrder): void {
    for (const listener of this.#installers) listener(order)
  }
  crash(): void {
    for (const listener of this.#crashes) listener(new Error('broken'))
  }
  /** Waits until what was received answers the description. */
  async until(holds: (core: FakeCore) => boolean): Promise<void> {
    while (!holds(this)) {
      const next = Promise.withResolvers<void>()
      const done = (): void => next.resolve()
      this.#waiting.add(done)
      await next.promise
      this.#waiting.delete(done)
    }
  }
  #changed(): void {
    for (const done of this.#waiting) done()
  }
}
