import type { TrainingRoom } from '../core/core.ts'
import { OFFICE } from '../core/store/store.ts'
import { householdsCsv } from './people/people-csv.ts'
import { openTrainingCentral } from './training-central.ts'
import { appointManager, trainingSenderKey } from './training-manager.ts'
import { appointOfficers, trainingPins } from './training-officers.ts'
import { startPaymentSystem } from './training-payment-system.ts'
import { foundProgramme } from './training-programme.ts'

/** Milliseconds: by then the first screen is there, and the central server comes. */
const FIRST_SCREEN = 3_000

/** The training office: invented people, ready officers, a payment system that pays nobody, and a central server of its own. */
export const trainingRoom: TrainingRoom = {
  pins: trainingPins,

  // Behind the households that are there from the start, so that importing them adds new ones.
  sample: (households) => [...householdsCsv({ count: households, seed: 1, from: 1_001 })].join(''),

  async furnish({ store }) {
    await appointOfficers(store)
    foundProgramme(store, Date.now())
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
    } catch (error) {
      await peer.stop()
      throw error
    }
    const central = openTrainingCentral(office, FIRST_SCREEN)
    return {
      origins: () => [peer.origin, ...central.origins()],
      async leave() {
        await central.leave()
        await peer.stop()
      },
    }
  },
}
