import { randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline'
import { Answerer } from '../../electron/core/api/answer.ts'
import { systemTime } from '../../electron/core/clock/office-time.ts'
import { Core, type TrainingRoom } from '../../electron/core/core.ts'
import type { CoreThread } from '../../electron/core/core-thread-handle.ts'
import { packReply } from '../../electron/core/doors/packed-reply.ts'
import { type G2pConnectPeer, startG2pConnectPeer } from '../../electron/peers/g2p-connect/start-g2p-connect-peer.ts'
import { openBrowserDoor } from '../../electron/server/browser-door.ts'
import { TRAINING_MANAGER, trainingSenderKey } from '../../electron/training/training-manager.ts'
import { openTrainingRoot } from '../../electron/training/training-officers.ts'
import { trainingRoom } from '../../electron/training/training-room.ts'
import { USUAL_LIFETIME } from '../../shared/model/message-security.ts'
import { managerSettings, putManager } from '../core/dispatch/approved-batches.ts'
import type { FromOffice, OfficeScript, ToOffice } from './scripted-office.ts'

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

const core = new Core({ dataDirectory, door: 'test' }, room, { ...systemTime, minute })
await core.start()
const listeners = new Set<Parameters<CoreThread['onReply']>[0]>()
const answerer = new Answerer(
  core,
  (client, reply) => {
    for (const listener of listeners) listener(client, packReply(reply))
  },
  (error) => console.error(error),
)
const thread: CoreThread = {
  send: (client, request) => answerer.handle(client, request),
  forget: (client) => answerer.forget(client),
  onReply: (listener) => void listeners.add(listener),
  power: () => undefined,
  onCrash: () => undefined,
  close: () => core.close(),
}
const door = await openBrowserDoor({ core: thread, screens, port: 0 })
const say = (message: FromOffice): void => void process.stdout.write(`${JSON.stringify(message)}\n`)
say({ url: door.newLink(), origin: door.origin })

for await (const line of createInterface({ input: process.stdin })) {
  const message: ToOffice = JSON.parse(line)
  if (message.do === 'link') say({ url: door.newLink(), origin: door.origin })
  else if (message.do === 'order') say({ summary: (await peer?.order(message.order)) ?? null })
  else break
}
await door.close()
await core.close()
process.exit(0)
