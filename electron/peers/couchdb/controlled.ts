import type { z } from 'zod'
import type { ControlledPeer } from '../peer-process/control.ts'
import { CouchdbOrder, type CouchdbSummary } from './control-contract.ts'
import type { CouchdbPeer } from './couchdb-peer.ts'
import type { Snapshot } from './storage.ts'

/** The server as one that can be told what to do while it runs. It has no ledger. */
export function controlled(peer: CouchdbPeer): ControlledPeer {
  const kept = new Map<string, Snapshot>()
  return {
    origin: peer.origin,
    obey: (order) => obey(peer, kept, CouchdbOrder.parse(order)),
    summary: () => summary(peer),
    page: () => ({ entries: [], next: null }),
  }
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
