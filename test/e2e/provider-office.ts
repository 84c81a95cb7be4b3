import { fileURLToPath } from 'node:url'
import { type OrderedOffice, spawnOffice } from './office-process.ts'

export interface ProviderScript {
  /** Origin of the provider. */
  readonly provider: string
}

const entry = fileURLToPath(new URL('./provider-office-process.ts', import.meta.url))

/** A training office whose people can sign in at a provider of the test. @throws with what the office said when it does not open */
export const startProviderOffice = (script: ProviderScript): Promise<OrderedOffice<never>> => spawnOffice(entry, script)
