import { startG2pConnectPeer } from '../../../electron/peers/g2p-connect/start-g2p-connect-peer.ts'

/* A parent that starts a payment system, says where it is, and then does nothing until it is killed. */
const peer = await startG2pConnectPeer({
  ledgerFile: process.argv[2] ?? '',
  controlToken: 'control-token-of-tests',
})
process.stdout.write(`${JSON.stringify({ pid: peer.pid, origin: peer.origin })}\n`)
