import { runAsProcess } from '../peer-process/run-as-process.ts'
import { startMtsPeer } from './mts-peer.ts'
import { MtsPeerOptions } from './peer-options.ts'

runAsProcess('mts', (options) => startMtsPeer(MtsPeerOptions.parse(options)))
