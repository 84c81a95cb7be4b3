import { randomBytes } from 'node:crypto'
import type { TrainingRoom } from '../../electron/core/core.ts'
import { type G2pConnectPeer, startG2pConnectPeer } from '../../electron/peers/g2p-connect/start-g2p-connect-peer.ts'
import type { ControlOrder } from '../../electron/peers/payment-system/control-contract.ts'
import { TRAINING_MANAGER, trainingSenderKey } from '../../electron/training/training-manager.ts'
import { openTrainingRoot } from '../../electron/training/training-officers.ts'
import { trainingRoom } from '../../electron/training/training-room.ts'
import { USUAL_LIFETIME } from '../../shared/model/message-security.ts'
import { managerSettings, putManager } from '../core/dispatch/approved-batches.ts'
import { serveOffice } from './office-behind-door.ts'
import type { OfficeScript } from './scripted-office.ts'

/*
 * The training office behind the browser door with two things other than in the app: minutes pass quickly, and the payment
 * system does what the test says.
 */

const [dataDirectory = '', screens = '', script = '{}'] = process.argv.slice(2)
const { minute, manager, behaviour }: OfficeScript = JSON.parse(script)
let peer: G2pConnectPeer | undefined

const room: TrainingRoom = {
  ...trainingRoom,
  async enter({ store, directory }) {
    const started = await startG2pConnectPeer({
      ledgerFile: `${directory}/payment-system.jsonl`,
      controlToken: randomBytes(24).toString('base64url'),
      signatures: { required: true, keys: [{ ...trainingSenderKey(store) }] },
      behaviour: { ...behaviour },
    })
    peer = started
    const usual = managerSettings({ disburse: started.urls.disburse, status: started.urls.syncStatus })
    await putManager(store, await openTrainingRoot(store), {
      ...usual,
      id: TRAINING_MANAGER,
      name: 'Scripted payment system',
      mode: 'async',
      createBatch: false,
      payeeSuffix: '@mobile-money',
      signing: { kind: 'jws', keyId: trainingSenderKey(store).kid, alg: 'EdDSA', lifetime: USUAL_LIFETIME },
      replySigning: 'jws',
      receiverKey: { ...started.publicKey, alg: 'EdDSA' },
      ...manager,
    })
    return { origins: () => [started.origin], leave: () => started.stop() }
  },
}

await serveOffice<ControlOrder>({
  dataDirectory,
  screens,
  room,
  minute,
  obey: async (order) => peer?.order(order),
})
