import { runPeer } from '../payment-system/run-peer.ts'
import { G2P_CONNECT } from './protocol.ts'

runPeer(G2P_CONNECT)
