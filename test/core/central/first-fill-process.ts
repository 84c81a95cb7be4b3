import { openOffice } from '../../../electron/core/office.ts'
import type { CentralSettings } from '../../../shared/model/central.ts'
import { KEY } from './central-district.ts'

/* An office that is filled from the central server and says how far it is, until somebody ends it. */

export interface FillTask {
  readonly directory: string
  readonly settings: CentralSettings
  readonly password: string
}

const { directory, settings, password }: FillTask = JSON.parse(process.argv[2] ?? '{}')
const office = await openOffice({ directory, key: KEY, training: true })
office.central.onStatus(({ firstFill }) => {
  if (firstFill !== null) console.log(firstFill.done)
})
await office.central.configure('administrator', settings, password)
