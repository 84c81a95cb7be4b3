import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ControlledPeer } from '../peer-process/control.ts'
import { answer } from './door.ts'
import type { MtsFaults } from './faults.ts'
import {
  type MtsLedgerEntry,
  MtsOrder,
  MtsPeerOptions,
  type MtsPeerOptionsInput,
  type MtsSummary,
} from './peer-options.ts'
import { MtsService } from './service.ts'

/** A MOSIP Token Seeder with the ID system behind it. */
export interface MtsPeer extends ControlledPeer {
  readonly port: number
  readonly faults: MtsFaults
  obey(order: unknown): Promise<void>
  summary(): MtsSummary
  /** Whose each token is that it gave. */
  ledger(): readonly MtsLedgerEntry[]
  close(): Promise<void>
}

/** Starts it on the loopback address. */
export async function startMtsPeer(given: MtsPeerOptionsInput = {}): Promise<MtsPeer> {
  const service = new MtsService(MtsPeerOptions.parse(given))
  const http = await listen(service)
  const { port } = http.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    faults: service.faults,
    async obey(order) {
      obey(service, MtsOrder.parse(order))
    },
    summary: () => summary(service),
    ledger: () => service.ledger(),
    page(after, limit) {
      const all = service.ledger()
      const next = after + limit
      return { entries: all.slice(after, next), next: next < all.length ? next : null }
    },
    async close() {
      service.restart()
      const closed = once(http, 'close')
      http.close()
      http.closeAllConnections()
      await closed
    },
  }
}

async function listen(service: MtsService): Promise<Server> {
  const http = createServer((request, response) => {
    answer(service, request, response).catch((error: unknown) => {
      // A client that hangs up while it is heard is everyday life here; anything else is our own fault and must show.
      if (!request.destroyed || request.complete) console.error('mts peer:', error)
      if (response.headersSent) response.destroy()
      else response.writeHead(500, { 'content-type': 'application/json' }).end('{"errors":null,"response":null}')
    })
  })
  http.listen(service.options.port, '127.0.0.1')
  await once(http, 'listening')
  return http
}

function obey(service: MtsService, order: ReturnType<typeof MtsOrder.parse>): void {
  const { options, faults, ids } = service
  if (order.clearFaults === true) faults.clear()
  if (order.faults !== undefined) faults.add(...order.faults)
  if (order.people !== undefined) ids.know(order.people)
  if (order.answers !== undefined) ids.tell(order.answers)
  if (order.version !== undefined) options.version = order.version
  if (order.syncMode !== undefined) options.syncMode = order.syncMode
  if (order.expirySeconds !== undefined) options.expirySeconds = order.expirySeconds
  if (order.processing !== undefined) options.processing = order.processing
  if (order.do === 'restart') service.restart()
}

function summary(service: MtsService): MtsSummary {
  const { requests, accepted, records, callbacks, open, faults } = service
  const used = process.cpuUsage()
  return {
    requests,
    accepted,
    records,
    callbacks,
    open,
    tokens: service.ledger().length,
    faultsMet: faults.met,
    processorTime: Math.round((used.user + used.system) / 1_000),
  }
}
