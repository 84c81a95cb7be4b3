import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Faults } from '../couchdb/faults.ts'
import type { ControlledPeer } from '../peer-process/control.ts'
import { answer } from './door.ts'
import { CentralOrder, CentralPeerOptions, type CentralPeerOptionsInput, type CentralSummary } from './peer-options.ts'
import { CentralService } from './service.ts'

/** An ODK Central: sessions, forms, and what was submitted to them, over OData. */
export interface CentralPeer extends ControlledPeer {
  readonly port: number
  readonly faults: Faults
  summary(): CentralSummary
  close(): Promise<void>
}

/** Starts it on the loopback address. */
export async function startCentralPeer(given: CentralPeerOptionsInput): Promise<CentralPeer> {
  const service = new CentralService(CentralPeerOptions.parse(given))
  const http = createServer((request, response) => {
    answer(service, request, response).catch((error: unknown) => {
      // A client that hangs up while it is heard is everyday life here; anything else is our own fault and must show.
      if (!request.destroyed || request.complete) console.error('odk-central peer:', error)
      if (response.headersSent) response.destroy()
      else response.writeHead(500, { 'content-type': 'application/json' }).end('{"message":"see the log","code":500.1}')
    })
  })
  http.listen(service.options.port, '127.0.0.1')
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    faults: service.faults,
    async obey(given) {
      const order = CentralOrder.parse(given)
      if (order.clearFaults === true) service.faults.clear()
      if (order.faults !== undefined) service.faults.add(...order.faults)
      if (order.users !== undefined) service.addUsers(order.users)
      if (order.grant !== undefined) service.grant(order.grant.email, order.grant.project)
      service.obey(order)
    },
    summary: () => ({
      requests: service.requests,
      sessions: service.sessions,
      submissions: service.submissions.size,
      faultsMet: service.faults.met,
    }),
    page(after, limit) {
      const all = service.submissions.list()
      const entries = all.slice(after, after + limit).map(({ form, id, instanceId, deletedAt }) => ({
        project: form.project,
        form: form.xmlFormId,
        id,
        instanceId,
        isDeleted: deletedAt !== null,
      }))
      return { entries, next: after + limit < all.length ? after + limit : null }
    },
    async close() {
      const closed = once(http, 'close')
      http.close()
      http.closeAllConnections()
      await closed
    },
  }
}
