import { runPeer } from '../payment-system/run-peer.ts'
import { PAYMENT_HUB } from './protocol.ts'

runPeer(PAYMENT_HUB)
