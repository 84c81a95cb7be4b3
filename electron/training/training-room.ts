import type { TrainingRoom } from '../core/core.ts'
import { OFFICE } from '../core/store/store.ts'
import { householdsCsv } from './people/people-csv.ts'
import { appointManager, trainingSenderKey } from './training-manager.ts'
import { appointOfficers, trainingPins } from './training-officers.ts'
import { startPaymentSystem } from './training-payment-system.ts'
import { foundProgramme } from './training-programme.ts'

/** The training office: invented people, ready officers, and a payment system that pays nobody. */
export const trainingRoom: TrainingRoom = {
  pins: trainingPins,

  // Behind the households that are there from the start, so that importing them adds new ones.
  sample: (households) => [...householdsCsv({ count: households, seed: 1, from: 1_001 })].join(''),

  async furnish({ store }) {
    await appointOfficers(store)
    foundProgramme(store, Date.now())
    store.transaction(OFFICE, (transaction) => {
      transaction.mark('office-name', 'Training office')
      // It has no district around it: its own claim is enough.
      transaction.mark('sole-office', '1')
      transaction.mark('furnished', '1')
      transaction.audit({ action: 'training.furnished', subjectKind: 'office', subjectId: store.installationId })
    })
  },

  async enter({ store, directory }) {
    const peer = await startPaymentSystem(store, directory, trainingSenderKey(store))
    try {
      await appointManager(store, peer)
    } catch (error) {
      await peer.stop()
      throw error
    }
    return { origins: [peer.origin], leave: () => peer.stop() }
  },
}
