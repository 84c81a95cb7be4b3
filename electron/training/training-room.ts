import { usualConnector } from '../../shared/rules/tokenisation/defaults.ts'
import type { TrainingRoom } from '../core/core.ts'
import { OFFICE } from '../core/store/store.ts'
import { householdsCsv } from './people/people-csv.ts'
import { openTrainingCentral } from './training-central.ts'
import { appointFileManagers } from './training-file-managers.ts'
import { giveVids } from './training-identities.ts'
import { appointManager, trainingSenderKey } from './training-manager.ts'
import { openTrainingMapper } from './training-mapper.ts'
import { appointOfficers, trainingPins } from './training-officers.ts'
import { openTrainingPaymentHub } from './training-payment-hub.ts'
import { startPaymentSystem } from './training-payment-system.ts'
import { foundProgramme } from './training-programme.ts'
import { openTrainingSeeder } from './training-seeder.ts'

/** Milliseconds: by then the first screen is there, and the central server comes. */
const FIRST_SCREEN = 3_000
/** Milliseconds: by then the central server is there, and the token seeder comes. */
const CENTRAL_UP = 6_000

/** The training office: invented people, ready officers, and servers of its own that pay nobody and know nobody. */
export const trainingRoom: TrainingRoom = {
  pins: trainingPins,

  // Behind the households that are there from the start, so that importing them adds new ones.
  sample: (households) => [...householdsCsv({ count: households, seed: 1, from: 1_001 })].join(''),

  async furnish({ store }) {
    await appointOfficers(store)
    const now = Date.now()
    foundProgramme(store, now)
    giveVids(store, usualConnector('registry').vidType, new Date(now).toISOString().slice(0, 10))
    store.transaction(OFFICE, (transaction) => {
      transaction.mark('office-name', 'Training office')
      // Until its central server is there its own claim is enough.
      transaction.mark('sole-office', '1')
      transaction.mark('furnished', '1')
      transaction.audit({ action: 'training.furnished', subjectKind: 'office', subjectId: store.installationId })
    })
  },

  async enter(office) {
    const { store, directory } = office
    const peer = await startPaymentSystem(store, directory, trainingSenderKey(store))
    try {
      await appointManager(store, peer)
      await appointFileManagers(store)
    } catch (error) {
      await peer.stop()
      throw error
    }
    const central = openTrainingCentral(office, FIRST_SCREEN)
    const seeder = openTrainingSeeder(office, CENTRAL_UP)
    const mapper = openTrainingMapper(office, CENTRAL_UP)
    const hub = openTrainingPaymentHub(office, CENTRAL_UP)
    const beside = [central, seeder, mapper, hub]
    return {
      origins: () => [peer.origin, ...beside.flatMap((server) => server.origins())],
      async leave() {
        await Promise.all(beside.map((server) => server.leave()))
        await peer.stop()
      },
    }
  },
}
