import type { TrainingRoom } from '../../electron/core/core.ts'
import { TRAINING_MANAGER } from '../../electron/training/training-manager.ts'
import { openTrainingRoot } from '../../electron/training/training-officers.ts'
import { trainingRoom } from '../../electron/training/training-room.ts'
import { managerSettings, putManager } from '../core/dispatch/approved-batches.ts'
import { serveOffice } from './office-behind-door.ts'
import type { ProviderScript } from './provider-office.ts'

/* The training office behind the browser door, which may reach one provider of a test besides; it pays nobody. */

const [dataDirectory = '', screens = '', text = '{}'] = process.argv.slice(2)
const { provider }: ProviderScript = JSON.parse(text)

const room: TrainingRoom = {
  ...trainingRoom,
  async enter({ store }) {
    const nowhere = { disburse: `${provider}/no-payments`, status: `${provider}/no-payments` }
    const usual = managerSettings(nowhere, { id: TRAINING_MANAGER, name: 'Payment system', createBatch: false })
    await putManager(store, await openTrainingRoot(store), usual)
    return { origins: () => [provider], leave: async () => undefined }
  },
}

await serveOffice<never>({ dataDirectory, screens, room, minute: 60_000, obey: async () => null })
