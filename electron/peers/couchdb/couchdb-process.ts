import { runAsProcess } from '../peer-process/run-as-process.ts'
import { controlled } from './controlled.ts'
import { startCouchdbPeer } from './couchdb-peer.ts'
import { CouchdbPeerOptions } from './peer-options.ts'

runAsProcess('couchdb', async (options) => controlled(await startCouchdbPeer(CouchdbPeerOptions.parse(options))))
