import { z } from 'zod'
import type { PeerPlace } from '../payment-system/start-peer.ts'
import { type PeerProcess, startAsProcess } from '../peer-process/start-as-process.ts'
import { type CouchdbOrder, CouchdbSummary } from './control-contract.ts'
import type { CouchdbPeerOptionsInput } from './peer-options.ts'

/** A CouchDB-protocol server in a process of its own. */
export type CouchdbProcess = PeerProcess<CouchdbOrder, CouchdbSummary, never>

/** Starts it and waits until it listens. */
export function startCouchdbProcess(options: CouchdbPeerOptionsInput, place?: PeerPlace): Promise<CouchdbProcess> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const file = new URL(`./couchdb-process.${extension}`, import.meta.url)
  return startAsProcess(file, options, { summary: CouchdbSummary, entry: z.never() }, place)
}
