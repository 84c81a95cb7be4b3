import { fileURLToPath } from 'node:url'
import type { Behaviour } from '../../electron/peers/payment-system/behaviour.ts'
import type { ControlOrder } from '../../electron/peers/payment-system/control-contract.ts'
import type { PaymentManager } from '../../shared/model/payment-manager.ts'
import { type OrderedOffice, spawnOffice } from './office-process.ts'

/** What is other than in the app. */
export interface OfficeScript {
  /** How long a minute of waiting lasts, in milliseconds. */
  readonly minute: number
  readonly manager: Partial<Omit<PaymentManager, 'id' | 'signature' | 'changedAt' | 'changedBy'>>
  readonly behaviour: Partial<Behaviour>
}

/** A training office whose minutes are short and whose payment system does what it is told. */
export type ScriptedOffice = OrderedOffice<ControlOrder>

const entry = fileURLToPath(new URL('./scripted-office-process.ts', import.meta.url))

/** @throws with what the office said when it does not open. */
export function startScriptedOffice({
  minute = 300,
  manager = {},
  behaviour = {},
}: Partial<OfficeScript> = {}): Promise<ScriptedOffice> {
  const script: OfficeScript = { minute, manager, behaviour }
  return spawnOffice(entry, script)
}
