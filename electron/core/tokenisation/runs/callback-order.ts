import { fail } from '../../../../shared/contract/result.ts'
import type { Connector } from '../../../../shared/model/tokenisation.ts'
import { findCallbackAddress } from '../../callbacks/settings.ts'
import type { CallbackOrder } from '../mts/envelope.ts'
import { MTS_CALLER } from '../mts/mts-caller.ts'
import { type RunParts, runSecret, tokenisationKey } from './run-scene.ts'

/**
 * Where the seeder calls for a run, and what it shows there.
 *
 * @throws OfficeError `tokenisation.cannot-be-called`
 */
export function callbackOrder({ store }: RunParts, { id }: Connector, runId: string): CallbackOrder {
  const address = findCallbackAddress(store, MTS_CALLER, id) ?? fail('tokenisation.cannot-be-called')
  const key = tokenisationKey(store)
  return {
    url: `${address}/${runId}/${runSecret(key, runId, 'address')}`,
    secret: runSecret(key, runId, 'password'),
  }
}
