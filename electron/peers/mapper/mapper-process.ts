import { runAsProcess } from '../peer-process/run-as-process.ts'
import { startMapperPeer } from './mapper-peer.ts'
import { MapperPeerOptions } from './peer-options.ts'

runAsProcess('mapper', (options) => startMapperPeer(MapperPeerOptions.parse(options)))
