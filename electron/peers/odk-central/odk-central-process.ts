import { runAsProcess } from '../peer-process/run-as-process.ts'
import { startCentralPeer } from './central-peer.ts'
import { CentralPeerOptions } from './peer-options.ts'

runAsProcess('odk-central', (options) => startCentralPeer(CentralPeerOptions.parse(options)))
