import { createInterface } from 'node:readline'
import type { CouchdbReadyLine } from './control-contract.ts'
import { openControl } from './control-door.ts'
import { startCouchdbPeer } from './couchdb-peer.ts'
import { CouchdbPeerOptions } from './peer-options.ts'

/*
 * The CouchDB-protocol server in a process of its own. Its options come as the first line of standard input, so that no
 * password shows in the list of processes; the end of standard input means that the parent is gone, and this process goes too.
 */

async function serve(options: CouchdbPeerOptions): Promise<void> {
  const peer = await startCouchdbPeer(options)
  const controlOrigin = options.controlToken === undefined ? null : await openControl(peer, options.controlToken)
  const ready: CouchdbReadyLine = { ready: true, pid: process.pid, origin: peer.origin, controlOrigin }
  process.stdout.write(`${JSON.stringify(ready)}\n`)
}

const input = createInterface({ input: process.stdin })
input.once('line', (line) => {
  serve(CouchdbPeerOptions.parse(JSON.parse(line))).catch((error: unknown) => {
    console.error('couchdb peer:', error instanceof Error ? error.message : error)
    process.exit(1)
  })
})
input.once('close', () => process.exit(0))
