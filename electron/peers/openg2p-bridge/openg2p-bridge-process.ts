import { runPeer } from '../payment-system/run-peer.ts'
import { OPENG2P_BRIDGE } from './protocol.ts'

runPeer(OPENG2P_BRIDGE)
