import { callTRPCProcedure, TRPCError } from '@trpc/server'
import { ZodError } from 'zod'
import type { BridgeReply, BridgeRequest } from '../../../shared/contract/bridge.ts'
import { type Fault, OfficeError } from '../../../shared/contract/result.ts'
import type { Core } from '../core.ts'
import { failAsCatalogued } from '../store/database.ts'
import type { ApiMeta } from './procedure.ts'
import { appRouter } from './router.ts'

interface Described {
  readonly _def: { readonly type: 'query' | 'mutation' | 'subscription'; readonly meta?: ApiMeta }
}

/** Why a subscription ends when its officer is no longer there. */
const SIGNED_OUT = new OfficeError({ code: 'api.signed-out', params: {} })

/** By path. A map, so that `constructor` and its like are no procedures. */
const procedures = new Map(Object.entries(appRouter._def.procedures as unknown as Record<string, Described>))

/** The core's side of the bridge: runs calls and subscriptions of many windows and turns every fault into a value. */
export class Answerer {
  readonly #core: Core
  readonly #reply: (client: string, reply: BridgeReply) => void
  readonly #report: (error: unknown) => void
  readonly #running = new Map<string, Map<number, AbortController>>()
  /** Subscriptions by window that only an officer who is signed in may follow. */
  readonly #followed = new Map<string, Set<AbortController>>()

  /** @param report gets faults that no catalogue code explains; for the log */
  constructor(core: Core, reply: (client: string, reply: BridgeReply) => void, report: (error: unknown) => void) {
    this.#core = core
    this.#reply = reply
    this.#report = report
    core.onSessionChange((client) => {
      if (core.findOffice()?.sessions.find(client) !== undefined) return
      for (const controller of this.#followed.get(client) ?? []) controller.abort(SIGNED_OUT)
    })
  }

  handle(client: string, request: BridgeRequest): void {
    const running = this.#running.get(client) ?? new Map<number, AbortController>()
    this.#running.set(client, running)
    if (request.kind === 'cancel') {
      running.get(request.id)?.abort()
      return
    }
    const controller = new AbortController()
    running.set(request.id, controller)
    const done =
      request.kind === 'call' ? this.#call(client, request, controller) : this.#follow(client, request, controller)
    void done.finally(() => running.delete(request.id))
  }

  /** Ends everything that a closed window was waiting for, and its sign-in. */
  forget(client: string): void {
    for (const controller of this.#running.get(client)?.values() ?? []) controller.abort()
    this.#running.delete(client)
    this.#followed.delete(client)
    this.#core.findOffice()?.sessions.signOut(client)
  }

  async #call(client: string, request: BridgeRequest & { kind: 'call' }, controller: AbortController): Promise<void> {
    const { id } = request
    try {
      const value = await this.#run(client, request, controller)
      this.#reply(client, { kind: 'result', id, result: { ok: true, value } })
    } catch (error) {
      this.#reply(client, { kind: 'result', id, result: { ok: false, error: this.#fault(error, controller) } })
    }
  }

  async #follow(
    client: string,
    request: BridgeRequest & { kind: 'subscribe' },
    controller: AbortController,
  ): Promise<void> {
    const { id } = request
    const followed = this.#followed.get(client) ?? new Set<AbortController>()
    this.#followed.set(client, followed)
    if (procedures.get(request.path)?._def.meta?.access !== 'anybody') followed.add(controller)
    try {
      const events = (await this.#run(client, request, controller)) as AsyncIterable<unknown>
      for await (const data of events) this.#reply(client, { kind: 'event', id, data })
      this.#reply(client, { kind: 'end', id, result: { ok: true, value: null } })
    } catch (error) {
      this.#reply(client, { kind: 'end', id, result: { ok: false, error: this.#fault(error, controller) } })
    } finally {
      followed.delete(controller)
    }
  }

  async #run(
    client: string,
    request: BridgeRequest & { kind: 'call' | 'subscribe' },
    { signal }: AbortController,
  ): Promise<unknown> {
    const procedure = procedures.get(request.path)
    const type = procedure?._def.type
    if (type === undefined || (type === 'subscription') !== (request.kind === 'subscribe')) {
      throw new OfficeError({ code: 'api.unknown-call', params: {} })
    }
    return callTRPCProcedure({
      router: appRouter,
      path: request.path,
      getRawInput: async () => request.input,
      ctx: { core: this.#core, client },
      type,
      signal,
      batchIndex: 0,
    })
  }

  #fault(error: unknown, { signal }: AbortController): Fault {
    if (signal.reason === SIGNED_OUT) return SIGNED_OUT.fault
    const cause = catalogued(error instanceof TRPCError && error.cause !== undefined ? error.cause : error)
    if (cause instanceof OfficeError) return cause.fault
    if (signal.aborted) return { code: 'api.cancelled', params: {} }
    if (error instanceof TRPCError && error.code === 'BAD_REQUEST' && cause instanceof ZodError) {
      return { code: 'api.input-invalid', params: { field: cause.issues[0]?.path.join('.') ?? '' } }
    }
    if (error instanceof TRPCError && error.code === 'NOT_FOUND') return { code: 'api.unknown-call', params: {} }
    this.#report(cause)
    return { code: 'api.unexpected', params: {} }
  }
}

/** A fault of the store outside a transaction is still one of the catalogue. */
function catalogued(error: unknown): unknown {
  try {
    return failAsCatalogued(error)
  } catch (fault) {
    return fault
  }
}
