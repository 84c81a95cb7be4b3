import { timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { CouchdbOrder, type CouchdbSummary } from './control-contract.ts'
import type { CouchdbPeer } from './couchdb-peer.ts'
import type { Snapshot } from './storage.ts'
import { readBody } from './wire.ts'

const LARGEST_ORDER = 1_000_000

/** Opens the control API on a port of its own. Returns its address. Only for who has the token. */
export async function openControl(peer: CouchdbPeer, token: string): Promise<string> {
  const kept = new Map<string, Snapshot>()
  const server = createServer((request, response) => {
    answerControl(peer, kept, token, request, response).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error)
      if (response.headersSent) response.destroy()
      else answer(response, 500, { error: reason })
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function answerControl(
  peer: CouchdbPeer,
  kept: Map<string, Snapshot>,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!hasToken(request.headers.authorization, token)) return answer(response, 401, {})
  if (request.method === 'POST') {
    const body = await readBody(request, LARGEST_ORDER)
    const order = CouchdbOrder.safeParse(JSON.parse(body.toString('utf8')))
    if (!order.success) return answer(response, 400, { error: z.prettifyError(order.error) })
    await obey(peer, kept, order.data)
  }
  answer(response, 200, summary(peer))
}

async function obey(
  peer: CouchdbPeer,
  kept: Map<string, Snapshot>,
  order: z.output<typeof CouchdbOrder>,
): Promise<void> {
  if (order.clearFaults === true) peer.faults.clear()
  if (order.faults !== undefined) peer.faults.add(...order.faults)
  if (order.endSessions === true) peer.endSessions()
  if (order.keep !== undefined) kept.set(order.keep, peer.snapshot())
  if (order.do !== undefined) await peer[order.do]()
  if (order.rollBackTo === undefined) return
  const content = kept.get(order.rollBackTo)
  if (content === undefined) throw new Error(`nothing was kept as ${order.rollBackTo}`)
  await peer.rollBack(content)
}

function summary(peer: CouchdbPeer): CouchdbSummary {
  const used = process.cpuUsage()
  return {
    uuid: peer.uuid(),
    ...peer.traffic(),
    processorTime: Math.round((used.user + used.system) / 1000),
    faultsMet: peer.faults.met,
    held: [...peer.held],
    refused: [...peer.refused],
    databases: Object.fromEntries(
      [...peer.databases].map(([name, { sequence, count, deletedCount }]) => [
        name,
        { sequence, count, deleted: deletedCount },
      ]),
    ),
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function hasToken(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '')
  const wanted = Buffer.from(`Bearer ${token}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}
