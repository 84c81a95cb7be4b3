import { fileURLToPath } from 'node:url'
import type { Officers } from './office.ts'
import { type OrderedOffice, spawnOffice } from './office-process.ts'

/** One laptop of a district whose central server and payment system run elsewhere. */
export interface DistrictOfficeScript {
  readonly officeName: string
  readonly officers: Officers
  /** PKCS 8, PEM: signs its officers and the manager, as an administrator would. */
  readonly trustRoot: string
  readonly central: {
    readonly url: string
    readonly district: string
    readonly user: string
    readonly password: string
  }
  readonly payment: { readonly origin: string; readonly disburse: string; readonly status: string }
  /** Founds the programme with its people; other offices get it from the central server. */
  readonly founds: boolean
}

/** Enters a household beyond those that all offices know, by its number, entitled in the first cycle. */
export interface DistrictOrder {
  readonly entitle: number
}

export type DistrictOffice = OrderedOffice<DistrictOrder>

const entry = fileURLToPath(new URL('./district-office-process.ts', import.meta.url))

/** @throws with what the office said when it does not open. */
export async function startDistrictOffice(script: DistrictOfficeScript): Promise<DistrictOffice> {
  const started = await spawnOffice<DistrictOrder>(entry, script)
  return { ...started, officers: script.officers }
}
